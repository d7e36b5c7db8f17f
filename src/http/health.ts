/** GET /healthz: the process is alive. GET /readyz: the table is active. Without credentials, only the first is served. */
import { Router } from 'express';
import { methodNotAllowed } from './fallbackRoutes';
import { HttpProblem } from './problem';

const METHODS = 'GET, HEAD';

/** Creates the route of /healthz. */
export function livenessRoutes(): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'alive' });
  });
  router.all('/healthz', methodNotAllowed(METHODS));
  return router;
}

/**
 * Creates the route of /readyz.
 *
 * @param describeTable returns the status of the table, `ACTIVE` when it can be read. It must consume no
 *   read units, and many calls must cost little.
 */
export function readinessRoutes(describeTable: () => Promise<{ status: string | undefined }>): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/readyz', async (_request, response) => {
    const { status } = await describeTable();
    if (status !== 'ACTIVE') {
      throw new HttpProblem('TableNotActive', 'The table exists but is not ACTIVE yet.', {
        'Retry-After': '1',
      });
    }
    response.json({ status: 'ready' });
  });
  router.all('/readyz', methodNotAllowed(METHODS));
  return router;
}
