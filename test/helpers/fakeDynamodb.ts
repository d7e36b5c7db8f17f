/** A local endpoint that responds like DynamoDB, or fails like DynamoDB or the network. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { listen } from './listen';

/** One received API request and its response. */
interface DynamodbCall {
  operation: string;
  body: Record<string, unknown>;
  request: IncomingMessage;
  response: ServerResponse;
}

/** Handles one API request; `index` counts the Scan and Query requests from 0. */
export type Script = (call: DynamodbCall, index: number) => void;

export interface FakeDynamodb {
  endpoint: string;
  /** The bodies of the Scan and Query requests received so far, in order. */
  scans: Record<string, unknown>[];
  close(): Promise<void>;
}

/** Default for DescribeTable, which the server also requests for each scan. */
const denied: Script = ({ response }) =>
  sendException(response, 400, 'AccessDeniedException', 'not authorized');

/** Starts the endpoint on a free port; `script` handles Scan and Query, `describe` handles DescribeTable. */
export async function startFakeDynamodb(script: Script, describe: Script = denied): Promise<FakeDynamodb> {
  const scans: Record<string, unknown>[] = [];
  let index = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      const operation = String(request.headers['x-amz-target']).replace('DynamoDB_20120810.', '');
      const call = { operation, body, request, response };
      if (operation !== 'Scan' && operation !== 'Query') {
        describe(call, index);
        return;
      }
      scans.push(body);
      script(call, index++);
    });
  });
  const { port, close } = await listen(server);
  return { endpoint: `http://127.0.0.1:${port}`, scans, close };
}

/** Sends status 200 with a body, its length and its checksum. */
export function succeed(response: ServerResponse, body: string | Buffer): void {
  const bytes = Buffer.from(body);
  response.writeHead(200, {
    'Content-Type': 'application/x-amz-json-1.0',
    'Content-Length': bytes.length,
    'x-amz-crc32': crc32(bytes),
    'x-amzn-RequestId': 'FAKE',
  });
  response.end(bytes);
}

/** Describes an active table with `itemCount` items. */
export function describeTable(itemCount: number): Script {
  return ({ response }) => succeed(response, `{"Table":{"TableStatus":"ACTIVE","ItemCount":${itemCount}}}`);
}

/** Sends one of DynamoDB's exceptions. */
export function sendException(
  response: ServerResponse,
  status: number,
  exception: string,
  message: string,
): void {
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0', 'x-amzn-RequestId': 'FAKE' });
  response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${exception}`, message }));
}

/** Returns a Scan response in DynamoDB JSON; `next` is the hash key `id` in its LastEvaluatedKey. */
export function scanResponse(items: readonly object[], next?: string): string {
  return JSON.stringify({
    Items: items,
    Count: items.length,
    ScannedCount: items.length,
    ...(next !== undefined && { LastEvaluatedKey: { id: { S: next } } }),
  });
}
