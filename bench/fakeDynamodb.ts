/**
 * Simulates DynamoDB: a process that replays prepared pages with Content-Length and x-amz-crc32.
 * The table name selects the pages: `numbers.100.25` has 100 pages, each delayed by 25 ms.
 */
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { itemsOf, type PayloadName } from './payloads';

interface ScanBody {
  TableName: string;
  Limit?: number;
  ExclusiveStartKey?: { id: { S: string } };
  TotalSegments?: number;
}

/** The bytes that all pages of a payload share: everything before LastEvaluatedKey. */
interface PreparedPage {
  start: Buffer;
  checksum: number;
  count: number;
}

const preparedPages = new Map<string, PreparedPage>();

function preparedPage(payload: PayloadName, limit = Infinity): PreparedPage {
  const name = `${payload} ${limit}`;
  const cached = preparedPages.get(name);
  if (cached !== undefined) return cached;
  const items = itemsOf(payload).slice(0, limit);
  const start = Buffer.from(`{"Count":${items.length},"Items":[${items.join(',')}]`);
  const page = { start, checksum: crc32(start), count: items.length };
  preparedPages.set(name, page);
  return page;
}

async function replayScan(body: ScanBody, response: ServerResponse): Promise<void> {
  const [payload, pages, latencyMs] = body.TableName.split('.') as [PayloadName, string, string];
  const page = 1 + Number(body.ExclusiveStartKey?.id.S ?? 0);
  const isLast = page >= Number(pages) / (body.TotalSegments ?? 1);
  const { start, checksum, count } = preparedPage(payload, body.Limit);
  const key = isLast ? '' : `,"LastEvaluatedKey":{"id":{"S":"${page}"}}`;
  const end = Buffer.from(`${key},"ScannedCount":${count}}`);
  if (Number(latencyMs) > 0) await setTimeout(Number(latencyMs));
  response.writeHead(200, {
    'Content-Type': 'application/x-amz-json-1.0',
    'Content-Length': start.length + end.length,
    'x-amz-crc32': crc32(end, checksum),
  });
  response.write(start);
  response.end(end);
}

createServer((request, response) => {
  let json = '';
  request.on('data', (chunk: Buffer) => (json += chunk.toString()));
  request.on('end', () => {
    const isScan = String(request.headers['x-amz-target']).endsWith('.Scan');
    if (isScan) void replayScan(JSON.parse(json) as ScanBody, response);
    else response.end('{"Table":{"TableStatus":"ACTIVE","ItemCount":100000}}');
  });
}).listen(0, '127.0.0.1');
