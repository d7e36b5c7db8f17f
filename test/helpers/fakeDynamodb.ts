/** A loopback endpoint that answers as DynamoDB does, or fails as it, or the way to it, can. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { listen } from './listen';

/** One call as received. */
interface DynamodbCall {
  operation: string;
  body: Record<string, unknown>;
  request: IncomingMessage;
  response: ServerResponse;
}

/** What a test has the endpoint do with a call; `index` counts the calls of Scan from 0. */
export type Script = (call: DynamodbCall, index: number) => void;

export interface FakeDynamodb {
  endpoint: string;
  /** The bodies of the Scan calls received so far, in order. */
  scans: Record<string, unknown>[];
  close(): Promise<void>;
}

/** What is done with DescribeTable, which each scan asks for in passing. */
const denied: Script = ({ response }) => refuse(response, 400, 'AccessDeniedException', 'not authorized');

/** Starts the endpoint on a free port; `script` has the calls of Scan, `describe` those of DescribeTable. */
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
      if (operation !== 'Scan') {
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

/** Answers 200 with a body, its length and its checksum. */
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

/** Describes a table that can be read, of so many records. */
export function describeTable(itemCount: number): Script {
  return ({ response }) => succeed(response, `{"Table":{"TableStatus":"ACTIVE","ItemCount":${itemCount}}}`);
}

/** Answers with one of DynamoDB's exceptions. */
export function refuse(response: ServerResponse, status: number, exception: string, message: string): void {
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0', 'x-amzn-RequestId': 'FAKE' });
  response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${exception}`, message }));
}

/** A Scan answer in DynamoDB JSON; `next` is the hash key `id` that the next page would start after. */
export function scanAnswer(items: readonly object[], next?: string): string {
  return JSON.stringify({
    Items: items,
    Count: items.length,
    ScannedCount: items.length,
    ...(next !== undefined && { LastEvaluatedKey: { id: { S: next } } }),
  });
}
