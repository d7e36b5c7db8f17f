/** A server that keeps the contract for preflights and a few errors, except for the bug that a test adds. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listen } from '../../../test/helpers/listen';

/** A response that a test can change. */
export interface SimpleResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Turns the correct response into an incorrect one. Returns undefined if it has handled the response itself. */
export type Bug = (correct: SimpleResponse, response: ServerResponse) => SimpleResponse | undefined;

/** Sends the correct response. */
export const noBug: Bug = (correct) => correct;

/** Starts the server. Its policy allows `https://app.example.com`, with credentials. */
export async function startBrokenServer(bug: Bug): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const result = bug(correctResponse(request), response);
      if (result !== undefined) response.writeHead(result.status, result.headers).end(result.body);
    });
  });
  const { close } = await listen(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

const CORS = {
  'Access-Control-Allow-Origin': 'https://app.example.com',
  'Access-Control-Allow-Credentials': 'true',
  Vary: 'Origin',
};

function correctResponse({ method, headers }: IncomingMessage): SimpleResponse {
  if (method === 'OPTIONS') {
    return {
      status: 200,
      headers: {
        ...CORS,
        'Access-Control-Allow-Methods': 'OPTIONS,POST',
        'Access-Control-Allow-Headers':
          'authorization,content-type,x-amz-date,x-amz-security-token,x-api-key',
        'Access-Control-Max-Age': '7200',
        Allow: 'POST,OPTIONS,GET,HEAD',
        'Content-Length': '0',
      },
      body: '',
    };
  }
  if (method === 'POST' && headers['content-type'] === 'application/json') {
    const body = '{"Items":[],"ScannedCount":0,"Count":0}';
    return { status: 200, headers: { ...CORS, 'Content-Type': 'application/json' }, body };
  }
  const problem = method === 'POST' ? UNSUPPORTED : NOT_ALLOWED;
  return {
    status: problem.status,
    headers: { ...CORS, Allow: 'GET, HEAD, OPTIONS, POST', 'Content-Type': 'application/problem+json' },
    body: JSON.stringify({ type: 'about:blank', title: 'Wrong', requestId: '1', ...problem }),
  };
}

const UNSUPPORTED = { status: 415, code: 'UnsupportedMediaType', detail: 'Send application/json.' };
const NOT_ALLOWED = { status: 405, code: 'MethodNotAllowed', detail: 'Send POST.' };
