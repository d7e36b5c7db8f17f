/** GET /openapi.json: the OpenAPI description. It loads with its first request, so that the server starts earlier. */
import { Router } from 'express';
import { methodNotAllowed } from '../http/fallbackRoutes';

const OPENAPI_PATH = '/openapi.json';

export function openapiRoutes(): Router {
  const router = Router({ caseSensitive: true, strict: true });
  let document: object | undefined;
  router.get(OPENAPI_PATH, async (_request, response) => {
    document ??= (await import('./document')).openapiDocument();
    response.json(document);
  });
  router.all(OPENAPI_PATH, methodNotAllowed('GET, HEAD'));
  return router;
}
