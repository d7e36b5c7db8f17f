/** GET /healthz: the process is alive. GET /readyz: the table answers. */
import { Router } from 'express';
import { closeSignal } from './disconnectSignal';
import { methodNotAllowed } from './fallbackRoutes';
import { Problem } from './problem';
import type { Repository } from '../dynamodb/repository';

const METHODS = 'GET, HEAD';

export function healthRoutes(repository: Repository, tableName: string): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.get('/healthz', (_request, response) => {
    response.json({ status: 'alive' });
  });

  router.get('/readyz', async (_request, response) => {
    // DescribeTable costs no read units, whoever asks and however often.
    const { status } = await repository.describe(tableName, closeSignal(response));
    if (status !== 'ACTIVE') {
      throw new Problem(503, 'TableNotActive', 'The table is there, but not ACTIVE yet.', {
        'Retry-After': '1',
      });
    }
    response.json({ status: 'ready' });
  });

  router.all(['/healthz', '/readyz'], methodNotAllowed(METHODS));
  return router;
}
