/** GET /healthz: the process is alive. GET /readyz: the table is active. Without credentials, only the first is served. */
import { Router } from 'express';
import { methodNotAllowed } from './fallbackRoutes';
import { HttpProblem } from './problem';

const METHODS = 'GET, HEAD';

/** How long one result of DescribeTable is used, so that any number of checks costs one request. */
const MAX_AGE_MS = 1000;

/** Later checks use the result too, so the request continues if this client disconnects. */
const NEVER = new AbortController().signal;

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
 * Requests within a second share one result, also while it is not there yet.
 *
 * @param describeTable returns the status of the table, `ACTIVE` when it can be read. It must consume no
 *   read units.
 */
export function readinessRoutes(
  describeTable: (signal: AbortSignal) => Promise<{ status: string | undefined }>,
): Router {
  const router = Router({ caseSensitive: true, strict: true });
  let description: ReturnType<typeof describeTable> | undefined;
  let expiresAt = -Infinity;

  router.get('/readyz', async (_request, response) => {
    if (description === undefined || performance.now() > expiresAt) {
      expiresAt = Infinity;
      description = describeTable(NEVER).finally(() => (expiresAt = performance.now() + MAX_AGE_MS));
    }
    const { status } = await description;
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
