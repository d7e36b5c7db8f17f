/** A server that keeps the contract of a preflight and of a few errors, but for what a test breaks. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listen } from '../../../test/helpers/listen';

/** What the server says; a test changes a part of it. */
export interface Said {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Takes what would be right, and makes something wrong of it. */
export type Wrong = (said: Said, response: ServerResponse) => Said | undefined;

/**
 * Starts the server, which is right for the origin `https://app.example.com`, with credentials.
 *
 * @param wrong answers undefined where it has dealt with the response itself.
 */
export async function startWrongServer(wrong: Wrong): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const said = wrong(rightAnswer(request), response);
      if (said !== undefined) response.writeHead(said.status, said.headers).end(said.body);
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

function rightAnswer({ method, headers }: IncomingMessage): Said {
  if (method === 'OPTIONS') {
    return {
      status: 200,
      headers: {
        ...CORS,
        'Access-Control-Allow-Methods': 'OPTIONS,POST',
        'Access-Control-Allow-Headers':
          'authorization,content-type,x-amz-date,x-amz-security-token,x-api-key',
        'Access-Control-Max-Age': '7200',
        Allow: 'POST,OPTIONS',
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
    headers: { ...CORS, Allow: 'OPTIONS, POST', 'Content-Type': 'application/problem+json' },
    body: JSON.stringify({ type: 'about:blank', title: 'Wrong', requestId: '1', ...problem }),
  };
}

const UNSUPPORTED = { status: 415, code: 'UnsupportedMediaType', detail: 'Send application/json.' };
const NOT_ALLOWED = { status: 405, code: 'MethodNotAllowed', detail: 'Send POST.' };
