/** A server whose responses a test scripts, one request after another. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { listen } from '../../../test/helpers/listen';

/** One request and its response. */
export interface Exchange {
  parameters: Record<string, unknown>;
  request: IncomingMessage;
  response: ServerResponse;
}

export interface ScriptedServer {
  url: string;
  /** The parameters of the requests so far. */
  requests: Record<string, unknown>[];
  close(): Promise<void>;
}

/** Starts the server. `script` handles each request; `index` counts them from 0. */
export async function startScripted(
  script: (exchange: Exchange, index: number) => void,
): Promise<ScriptedServer> {
  const requests: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const parameters = body as Record<string, unknown>;
      requests.push(parameters);
      script({ parameters, request, response }, requests.length - 1);
    });
  });
  const { port, close } = await listen(server);
  return { url: `http://127.0.0.1:${port}`, requests, close };
}

const PAGE_HEADERS = { 'Content-Type': 'application/x-ndjson', 'X-Consumed-Capacity-Units': '1' };

/** Sends a page of lines; `next` is its NextToken. */
export function sendPage(response: ServerResponse, lines: readonly string[], next?: string): void {
  const body = lines.map((line) => `${line}\n`).join('');
  response.writeHead(200, {
    ...PAGE_HEADERS,
    'Content-Length': Buffer.byteLength(body),
    ...(next !== undefined && { 'X-Next-Token': next }),
    'X-Count': lines.length,
  });
  response.end(body);
}

/** Sends an error as the server does. */
export function sendProblem(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Record<string, string> = {},
  detail = `detail of ${code}`,
): void {
  response.writeHead(status, { 'Content-Type': 'application/problem+json', ...headers });
  response.end(JSON.stringify({ status, code, detail, requestId: 'r1' }));
}
