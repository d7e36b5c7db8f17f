/** OPTIONS and POST /scanRecords. */
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import express, { Router, type Request, type RequestHandler, type Response } from 'express';
import { closeSignal } from '../closeSignal';
import type { ResponseShape } from '../config';
import { answerPreflight, methodNotAllowed } from '../methods';
import { breakOff, Problem } from '../problems';
import { jsonChunks } from './formats/json';
import type { Repository } from './repository';
import { BODY_LIMIT, parseScanRequest } from './request';

export const SCAN_PATH = '/scanRecords';
const METHODS = 'OPTIONS, POST';

export interface ScanDependencies {
  repository: Repository;
  tableName: string;
  allowedTables: readonly string[];
  responseShape: ResponseShape;
}

export function scanRoutes(dependencies: ScanDependencies): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.options(SCAN_PATH, (_request, response) => answerPreflight(response, METHODS));
  router.post(SCAN_PATH, readBody, postScan(dependencies));
  router.all(SCAN_PATH, methodNotAllowed(METHODS));
  return router;
}

/** Any media type is read, so that a body of no bytes counts as none whatever it is called. */
const readBody = express.raw({ type: () => true, limit: BODY_LIMIT });

function postScan({ repository, tableName, allowedTables, responseShape }: ScanDependencies): RequestHandler {
  return async (request, response) => {
    const { TableName = tableName } = parseScanRequest(jsonBody(request));
    if (!allowedTables.includes(TableName)) throw tableNotAllowed();

    // A pipelined request waits its turn: until then nothing would say that its client has left.
    if (response.socket === null) await once(response, 'socket');
    const pages = repository.scan(TableName, closeSignal(response));
    await stream(jsonChunks(pages, responseShape), 'application/json', response);
  };
}

/**
 * Sends chunks as they come, as fast as the client takes them. Until the first is there a failure is
 * thrown, to get its true status; afterwards it breaks the connection.
 */
async function stream(
  chunks: AsyncGenerator<Uint8Array>,
  contentType: string,
  response: Response,
): Promise<void> {
  const first = await chunks.next();
  response.status(200).type(contentType);
  // A rejection leaves nothing to do: the client left, or `allOrBreak` has broken the answer off.
  await pipeline(allOrBreak(first, chunks, response), response).catch(() => undefined);
}

async function* allOrBreak(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterable<Uint8Array>,
  response: Response,
): AsyncGenerator<Uint8Array> {
  try {
    if (first.done !== true) yield first.value;
    yield* rest;
  } catch (error) {
    breakOff(response, error);
    throw error;
  }
}

function jsonBody(request: Request): Uint8Array {
  // Where there was no body, the parser leaves none.
  const body = (request.body ?? Buffer.alloc(0)) as Buffer;
  if (body.byteLength > 0 && request.is('application/json') !== 'application/json') {
    throw new Problem(415, 'UnsupportedMediaType', 'Send the body with Content-Type: application/json.');
  }
  return body;
}

function tableNotAllowed(): Problem {
  const detail = 'This server does not serve that table; its ALLOWED_TABLES setting lists those it does.';
  return new Problem(403, 'TableNotAllowed', detail);
}
