/** A DynamoDB with predictable tables and failures: an HTTP server on the loopback interface. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { scanTable, type ScanInput } from './fixtures/scan';
import { describe, TABLE, TABLES, type Failure } from './fixtures/tables';
import type { Policy } from './policy';

/** Address of `npm run contract:dynamodb`, which `npm run contract -- --fixtures` expects. */
export const FIXTURES_URL = 'http://127.0.0.1:8000';

/** GET on this path returns the number of Scan and Query requests so far. */
const COUNT_PATH = '/scans';

/** Timeout for DynamoDB in the server under test. Short, because some cases wait until all attempts time out. */
const DYNAMODB_TIMEOUT_MS = 1500;

export interface Fixtures {
  url: string;
  close(): Promise<void>;
}

/** Starts the server on the given port, by default on a free one. */
export async function startFixtures(port = 0): Promise<Fixtures> {
  let scans = 0;
  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === COUNT_PATH) {
      response.end(String(scans));
      return;
    }
    if (READS.includes(operationOf(request))) scans++;
    handleRequest(request, response).catch((error: unknown) => {
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

/** Returns the number of Scan and Query requests that the fixture DynamoDB at this URL has received. */
export async function countScans(url: string): Promise<number> {
  const response = await fetch(`${url}${COUNT_PATH}`);
  const scans = await response.text();
  if (!response.ok || !/^\d+$/.test(scans)) throw new Error(`${url} is not the fixture DynamoDB`);
  return Number(scans);
}

/** Returns the environment variables for a server under test that reads from the fixtures at this URL. */
export function serverEnvironment(url: string, { origins, credentials }: Policy): Record<string, string> {
  return {
    DYNAMODB: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'fixture',
    AWS_SECRET_ACCESS_KEY: 'fixture',
    TABLE_NAME: TABLE.allTypes,
    ALLOWED_TABLES: Object.values(TABLE).join(','),
    DYNAMODB_TIMEOUT_MS: String(DYNAMODB_TIMEOUT_MS),
    CORS_ALLOW_ORIGINS: origins === '*' ? '*' : origins.join(','),
    CORS_ALLOW_CREDENTIALS: String(credentials),
  };
}

/** The API key that a server with the environment of `protectedEnvironment` accepts. */
export const CONTRACT_KEY = 'contract';

/** The same for a server that requires an API key and hides the attribute `n` of the fixture items. */
export function protectedEnvironment(url: string, policy: Policy): Record<string, string> {
  return {
    ...serverEnvironment(url, policy),
    AUTH: 'key',
    API_KEYS: `contract:${createHash('sha256').update(CONTRACT_KEY).digest('hex')}`,
    VISIBLE_ATTRIBUTES: 'id',
    // The fixture DynamoDB does not evaluate filters. The cases test what a client can send.
    ITEM_FILTER: 'owner = $claims.sub',
    TOKEN_SECRET: 'a secret that is used only in tests',
    RATE_LIMIT_PER_MINUTE: '100000',
  };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

async function handleRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const operation = operationOf(request);
  const input = JSON.parse(await text(request)) as ScanInput;
  const table = TABLES[input.TableName];
  if (table === undefined || ![...READS, 'DescribeTable'].includes(operation)) {
    const message = `Requested resource not found: ${input.TableName}`;
    sendException(response, 400, 'ResourceNotFoundException', message);
  } else if (operation === 'DescribeTable') {
    sendBody(response, describe(table));
  } else if ((operation === 'Query') !== (input.KeyConditionExpression !== undefined)) {
    const message = 'KeyConditionExpression is a parameter of Query, and only of Query';
    sendException(response, 400, 'ValidationException', message);
  } else {
    const result = scanTable(table, input);
    if ('body' in result) sendBody(response, result.body);
    else sendFailure(response, result.failure);
  }
}

const READS = ['Scan', 'Query'];

function operationOf(request: IncomingMessage): string {
  return String(request.headers['x-amz-target']).replace('DynamoDB_20120810.', '');
}

function sendFailure(response: ServerResponse, failure: Failure): void {
  switch (failure) {
    case 'garbled':
      sendBody(response, '{"Items":[{"id":{"S":"a"}},');
      return;
    case 'truncated':
      response.writeHead(200, { ...HEADERS, 'Content-Length': 1000 });
      response.write('{"Items":[{"id":{"S":"a"}}', () => response.destroy());
      return;
    case 'silent':
      return;
    case 'closed':
      response.destroy();
      return;
    default:
      sendException(response, failure.status, failure.exception, failure.message);
  }
}

const HEADERS = { 'Content-Type': 'application/x-amz-json-1.0', 'x-amzn-RequestId': 'FIXTURE' };

function sendBody(response: ServerResponse, body: string): void {
  const bytes = Buffer.from(body);
  response.writeHead(200, { ...HEADERS, 'Content-Length': bytes.byteLength, 'x-amz-crc32': crc32(bytes) });
  response.end(bytes);
}

function sendException(response: ServerResponse, status: number, exception: string, message: string): void {
  response.writeHead(status, HEADERS);
  response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${exception}`, message }));
}
