/**
 * A process that stands in for DynamoDB: it replays canned pages, with Content-Length and x-amz-crc32.
 * What it is to replay is in the table's name: `numbers.100.25` has 100 pages, each 25 ms late.
 */
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { recordsOf, type PayloadName } from './payloads';

interface ScanBody {
  TableName: string;
  Limit?: number;
  ExclusiveStartKey?: { id: { S: string } };
  TotalSegments?: number;
}

/** What all pages of a payload share: all but their end. */
interface Canned {
  start: Buffer;
  checksum: number;
  count: number;
}

const cannedPages = new Map<string, Canned>();

function canned(payload: PayloadName, limit = Infinity): Canned {
  const name = `${payload} ${limit}`;
  const known = cannedPages.get(name);
  if (known !== undefined) return known;
  const records = recordsOf(payload).slice(0, limit);
  const start = Buffer.from(`{"Count":${records.length},"Items":[${records.join(',')}]`);
  const page = { start, checksum: crc32(start), count: records.length };
  cannedPages.set(name, page);
  return page;
}

async function answerScan(body: ScanBody, response: ServerResponse): Promise<void> {
  const [payload, pages, latency] = body.TableName.split('.') as [PayloadName, string, string];
  const page = 1 + Number(body.ExclusiveStartKey?.id.S ?? 0);
  const isLast = page >= Number(pages) / (body.TotalSegments ?? 1);
  const { start, checksum, count } = canned(payload, body.Limit);
  const key = isLast ? '' : `,"LastEvaluatedKey":{"id":{"S":"${page}"}}`;
  const end = Buffer.from(`${key},"ScannedCount":${count}}`);
  if (Number(latency) > 0) await setTimeout(Number(latency));
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
    if (isScan) void answerScan(JSON.parse(json) as ScanBody, response);
    else response.end('{"Table":{"TableStatus":"ACTIVE","ItemCount":100000}}');
  });
}).listen(0, '127.0.0.1');
