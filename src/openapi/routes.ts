/** GET /openapi.json: the OpenAPI description. */
import { Router } from 'express';
import { methodNotAllowed } from '../http/fallbackRoutes';
import { openapiDocument } from './document';

const OPENAPI_PATH = '/openapi.json';

export function openapiRoutes(): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const document = openapiDocument();
  router.get(OPENAPI_PATH, (_request, response) => {
    response.json(document);
  });
  router.all(OPENAPI_PATH, methodNotAllowed('GET, HEAD'));
  return router;
}
