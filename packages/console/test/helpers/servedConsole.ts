/** Serves the built page with an API whose responses the test writes, so that connections can break and items can be odd. */
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { join, normalize } from 'node:path';
import { listen } from '../../../../test/helpers/listen';

const DIST = join(__dirname, '../../dist');

/** As strict as the server's own policy. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
};

export const CONFIG = {
  version: '0.1.0',
  tables: ['RecordsTable', 'Orders'],
  defaultTable: 'RecordsTable',
  auth: 'none',
  cors: {
    policy: {
      origins: [{ scheme: 'http', host: 'localhost', port: '*', subdomains: false }],
      methods: ['POST', 'OPTIONS'],
      allowHeaders: ['Content-Type', 'X-Api-Key'],
      exposeHeaders: ['X-Request-Id'],
      credentials: false,
      maxAge: 7200,
    },
    settings: {
      origins: 'CORS_ALLOW_ORIGINS',
      allowHeaders: 'CORS_ALLOW_HEADERS',
      exposeHeaders: 'CORS_EXPOSE_HEADERS',
      credentials: 'CORS_ALLOW_CREDENTIALS',
      maxAge: 'CORS_MAX_AGE',
    },
  },
};

const TABLE = {
  TableName: 'RecordsTable',
  ItemCount: 1707,
  KeySchema: [{ AttributeName: 'id', AttributeType: 'S', KeyType: 'HASH' }],
  Indexes: [
    {
      IndexName: 'byDay',
      KeySchema: [
        { AttributeName: 'day', AttributeType: 'S', KeyType: 'HASH' },
        { AttributeName: 'time', AttributeType: 'N', KeyType: 'RANGE' },
      ],
      Projection: 'KEYS_ONLY',
      ItemCount: 1707,
    },
  ],
};

type Parameters = Record<string, string>;

/** Writes the response to one request for items. */
export type Scan = (parameters: Parameters, response: ServerResponse, request: IncomingMessage) => void;

export interface ServedConsole {
  url: string;
  /** The parameters of all requests for items so far. */
  scans: Parameters[];
  close(): Promise<void>;
}

/**
 * @param scan responds to requests for items.
 * @param bodies replaces the bodies of `/console/config.json` and `/tables/…`.
 */
export async function serveConsole(
  scan: Scan,
  bodies: { config?: object; table?: object } = {},
): Promise<ServedConsole> {
  const scans: Parameters[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/scanRecords') {
      void parametersOf(url, request).then((parameters) => {
        scans.push(parameters);
        scan(parameters, response, request);
      });
    } else if (url.pathname === '/console/config.json') sendJson(response, { ...CONFIG, ...bodies.config });
    else if (url.pathname.startsWith('/tables/')) {
      const TableName = decodeURIComponent(url.pathname.slice('/tables/'.length));
      sendJson(response, { ...TABLE, TableName, ...bodies.table });
    } else sendFile(response, url.pathname);
  });
  const { port, close } = await listen(server);
  return { url: `http://localhost:${port}/`, scans, close };
}

/** Sends items in typed form as one response. */
export function sendItems(response: ServerResponse, items: readonly string[], summary: object = {}): void {
  const counts = { Count: items.length, ScannedCount: items.length, ...summary };
  response.setHeader('Content-Type', 'application/x-amz-json-1.0');
  response.end(`{"Items":[${items.join(',')}],${JSON.stringify(counts).slice(1)}`);
}

/** Sends an error as the server does. */
export function sendProblem(response: ServerResponse, status: number, code: string, detail: string): void {
  response.writeHead(status, { 'Content-Type': 'application/problem+json' });
  response.end(JSON.stringify({ status, code, detail, requestId: 'request-1' }));
}

async function parametersOf(url: URL, request: IncomingMessage): Promise<Parameters> {
  if (request.method === 'GET') return Object.fromEntries(url.searchParams);
  const body = JSON.parse(await text(request)) as Record<string, unknown>;
  const entries = Object.entries(body);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

function sendJson(response: ServerResponse, body: object): void {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}

function sendFile(response: ServerResponse, path: string): void {
  const file = normalize(path === '/' ? '/index.html' : path);
  const extension = file.slice(file.lastIndexOf('.') + 1);
  response.setHeader('Content-Type', CONTENT_TYPES[extension] ?? 'text/plain');
  response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
  createReadStream(join(DIST, file))
    .on('error', () => response.writeHead(404).end())
    .pipe(response);
}
