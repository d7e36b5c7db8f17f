/** The routes of /scanRecords: the preflight, reads by GET, HEAD and POST, and 405 for other methods. */
import express, { Router, type RequestHandler } from 'express';
import { methodNotAllowed } from '../http/fallbackRoutes';
import { sendPreflightResponse } from '../http/preflight';
import { HttpProblem } from '../http/problem';
import type { ScanDependencies } from './handler';
import { SCAN_PATH } from './path';

const METHODS = 'GET, HEAD, OPTIONS, POST';

/** Maximum size of a request body, in bytes. */
export const BODY_LIMIT = 262_144;

export function scanRoutes(dependencies: ScanDependencies): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const scan = scanWhenLoaded(dependencies);
  router.options(SCAN_PATH, (_request, response) => sendPreflightResponse(response, METHODS));
  router.get(SCAN_PATH, varyByAccept, scan);
  router.post(SCAN_PATH, varyByAccept, continueUpload, readBody, scan);
  router.all(SCAN_PATH, methodNotAllowed(METHODS));
  return router;
}

/** Loads the handler with the first request: with its validation it is a third of the code, and the server starts earlier. */
function scanWhenLoaded(dependencies: ScanDependencies): RequestHandler {
  let loaded: Promise<RequestHandler> | undefined;
  return async (...parameters) => {
    loaded ??= import('./handler').then(({ scanHandler }) => scanHandler(dependencies));
    const scan = await loaded;
    await scan(...parameters);
  };
}

const varyByAccept: RequestHandler = (_request, response, next) => {
  response.vary('Accept');
  next();
};

/** Tells a client that waits for 100 Continue to upload its body, or rejects a body that is too large. */
const continueUpload: RequestHandler = (request, response, next) => {
  const { expect, 'content-length': length = '0' } = request.headers;
  if (expect?.toLowerCase() === '100-continue') {
    if (Number(length) > BODY_LIMIT) {
      throw new HttpProblem('BodyTooLarge', `The body exceeds the limit of ${BODY_LIMIT} bytes.`);
    }
    response.writeContinue();
  }
  next();
};

/** Reads a body of any media type, so that an empty body is valid whatever its Content-Type is. */
const readBody = express.raw({ type: () => true, limit: BODY_LIMIT });
