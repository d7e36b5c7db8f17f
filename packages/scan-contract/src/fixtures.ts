/** A DynamoDB that behaves in known ways: an HTTP server on the loopback interface, with canned tables. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { scanTable, type ScanInput } from './fixtures/scan';
import { TABLE, TABLES, type Failure } from './fixtures/tables';
import type { Policy } from './policy';

/** Where `npm run contract:dynamodb` listens, and `npm run contract -- --fixtures` asks. */
export const FIXTURES_URL = 'http://127.0.0.1:8000';

/** Answers a GET with how many calls of Scan there have been. */
const COUNT_PATH = '/scans';

/** Milliseconds that a server under test gives DynamoDB: the cases with a timeout wait for all attempts. */
const TIMEOUT = 1500;

export interface Fixtures {
  url: string;
  close(): Promise<void>;
}

/** Starts the server; on a free port unless one is given. */
export async function startFixtures(port = 0): Promise<Fixtures> {
  let scans = 0;
  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === COUNT_PATH) {
      response.end(String(scans));
      return;
    }
    if (request.headers['x-amz-target'] === 'DynamoDB_20120810.Scan') scans++;
    answerCall(request, response).catch((error: unknown) => {
      response.destroy(error as Error);
    });
  });
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The calls of Scan that the fixtures at this URL have had so far. */
export async function countScans(url: string): Promise<number> {
  const response = await fetch(`${url}${COUNT_PATH}`);
  const scans = await response.text();
  if (!response.ok || !/^\d+$/.test(scans)) throw new Error(`${url} is not the fixture DynamoDB`);
  return Number(scans);
}

/** The environment that a server under test has to run in, to read from the fixtures at this URL. */
export function serverEnvironment(url: string, { origins, credentials }: Policy): Record<string, string> {
  return {
    DYNAMODB: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'fixture',
    AWS_SECRET_ACCESS_KEY: 'fixture',
    TABLE_NAME: TABLE.records,
    ALLOWED_TABLES: Object.values(TABLE).join(','),
    DYNAMODB_TIMEOUT_MS: String(TIMEOUT),
    CORS_ALLOW_ORIGINS: origins === '*' ? '*' : origins.join(','),
    CORS_ALLOW_CREDENTIALS: String(credentials),
  };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

async function answerCall(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const operation = String(request.headers['x-amz-target']).replace('DynamoDB_20120810.', '');
  const input = JSON.parse(await text(request)) as ScanInput;
  const table = TABLES[input.TableName];
  if (table === undefined || (operation !== 'Scan' && operation !== 'DescribeTable')) {
    refuse(response, 400, 'ResourceNotFoundException', `Requested resource not found: ${input.TableName}`);
  } else if (operation === 'DescribeTable') {
    succeed(response, `{"Table":{"TableStatus":"ACTIVE","ItemCount":${table.rows.length}}}`);
  } else {
    const answer = scanTable(table, input);
    if ('body' in answer) succeed(response, answer.body);
    else fail(response, answer.failure);
  }
}

function fail(response: ServerResponse, failure: Failure): void {
  switch (failure) {
    case 'garbled':
      succeed(response, '{"Items":[{"id":{"S":"a"}},');
      return;
    case 'truncated':
      response.writeHead(200, { ...JSON_TYPE, 'Content-Length': 1000 });
      response.write('{"Items":[{"id":{"S":"a"}}', () => response.destroy());
      return;
    case 'silent':
      return;
    case 'closed':
      response.destroy();
      return;
    default:
      refuse(response, failure.status, failure.exception, failure.message);
  }
}

const JSON_TYPE = { 'Content-Type': 'application/x-amz-json-1.0', 'x-amzn-RequestId': 'FIXTURE' };

function succeed(response: ServerResponse, body: string): void {
  const bytes = Buffer.from(body);
  response.writeHead(200, { ...JSON_TYPE, 'Content-Length': bytes.byteLength, 'x-amz-crc32': crc32(bytes) });
  response.end(bytes);
}

function refuse(response: ServerResponse, status: number, exception: string, message: string): void {
  response.writeHead(status, JSON_TYPE);
  response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${exception}`, message }));
}
