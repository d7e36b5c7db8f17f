/** OPTIONS and POST /scanRecords. */
import { once } from 'node:events';
import express, { Router, type Request, type RequestHandler } from 'express';
import { closeSignal } from '../http/disconnectSignal';
import type { Config } from '../config/config';
import { answerPreflight, methodNotAllowed } from '../http/fallbackRoutes';
import { Problem } from '../http/problem';
import { createAnswering, type AnsweringDependencies } from './answering';
import { negotiate } from './formats/negotiate';
import { BODY_LIMIT, parseScanRequest, type ScanRequest } from './request/parse';

export const SCAN_PATH = '/scanRecords';
const METHODS = 'OPTIONS, POST';

export type ScanDependencies = AnsweringDependencies &
  Pick<Config, 'tableName' | 'allowedTables' | 'scanMaxConcurrent'>;

export function scanRoutes(dependencies: ScanDependencies): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.options(SCAN_PATH, (_request, response) => answerPreflight(response, METHODS));
  router.post(SCAN_PATH, varyByAccept, readBody, postScan(dependencies));
  router.all(SCAN_PATH, methodNotAllowed(METHODS));
  return router;
}

const varyByAccept: RequestHandler = (_request, response, next) => {
  response.vary('Accept');
  next();
};

/** Any media type is read, so that a body of no bytes counts as none whatever it is called. */
const readBody = express.raw({ type: () => true, limit: BODY_LIMIT });

function postScan(dependencies: ScanDependencies): RequestHandler {
  const { tableName, scanMaxConcurrent } = dependencies;
  const answer = createAnswering(dependencies);
  let running = 0;
  return async (request, response) => {
    const mediaType = negotiate(request);
    const scanRequest = parseScanRequest(jsonBody(request));
    const table = scanRequest.TableName ?? tableName;
    checkAllowed(table, scanRequest, dependencies);

    // A pipelined request waits its turn: until then nothing would say that its client has left.
    if (response.socket === null) await once(response, 'socket');
    if (running >= scanMaxConcurrent) throw tooManyScans(scanMaxConcurrent);
    running++;
    try {
      await answer({ mediaType, request: scanRequest, tableName: table }, response, closeSignal(response));
    } finally {
      running--;
    }
  };
}

function jsonBody(request: Request): Uint8Array {
  // Where there was no body, the parser leaves none.
  const body = (request.body ?? Buffer.alloc(0)) as Buffer;
  if (body.byteLength > 0 && request.is('application/json') !== 'application/json') {
    throw new Problem(415, 'UnsupportedMediaType', 'Send the body with Content-Type: application/json.');
  }
  return body;
}

function checkAllowed(
  table: string,
  { ReadUnitsPerSecond }: ScanRequest,
  { allowedTables, scanReadUnitsPerSecond: most }: ScanDependencies,
): void {
  if (!allowedTables.includes(table)) {
    const detail = 'This server does not serve that table; its ALLOWED_TABLES setting lists those it does.';
    throw new Problem(403, 'TableNotAllowed', detail);
  }
  if (ReadUnitsPerSecond !== undefined && most !== undefined && ReadUnitsPerSecond > most) {
    const detail = `ReadUnitsPerSecond takes at most ${most}, not ${ReadUnitsPerSecond}: all scans of this server together have no more.`;
    throw new Problem(400, 'InvalidRequest', detail);
  }
}

function tooManyScans(most: number): Problem {
  const detail = `This server runs ${most} scans at once, and has no place for another one now. Try again later.`;
  return new Problem(503, 'TooManyScans', detail, { 'Retry-After': '1' });
}
