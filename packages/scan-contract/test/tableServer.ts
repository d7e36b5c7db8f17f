/** A server that scans a small table in all formats, except for the bug that a test adds. */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '../../../test/helpers/listen';

export interface Item {
  id: string;
  n: number;
  tags?: string[];
}

interface Parameters {
  Limit?: number;
  MaxItems?: number;
  ExclusiveStartKey?: { id?: unknown };
  StartingToken?: string;
}

/** What a scan returns, in plain JSON, before it is written in the requested format. */
interface Result {
  Items: Item[];
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey?: { id: string };
  NextToken?: string;
}

export interface TableBug {
  /** Changes the parameters, for example as a server does that ignores some of them. */
  parameters?: (parameters: Parameters) => Parameters;
  result?: (result: Result, parameters: Parameters) => object;
  /** Changes the body. */
  body?: (body: string, accept: string) => string;
  type?: (type: string) => string;
  /** The table, at the time of a request. */
  items?: (request: number) => Item[];
}

export const ITEMS: Item[] = ['a', 'b', 'c', 'd', 'e', 'f'].map((id, n) => ({
  id,
  n,
  ...(n % 2 === 0 && { tags: ['x', 'y "z"'] }),
}));

/** Starts the server. It allows any origin. */
export async function startTableServer(bug: TableBug): Promise<{ url: string; close: () => Promise<void> }> {
  let requests = 0;
  const server = createServer((request, response) => {
    void text(request).then((json) => {
      const received = JSON.parse(json) as Parameters;
      const parameters = bug.parameters?.(received) ?? received;
      const items = bug.items?.(requests++) ?? ITEMS;
      const scanned = scan(items, parameters);
      const result = bug.result?.(scanned, parameters) ?? scanned;
      const accept = request.headers.accept ?? 'application/json';
      const write = WRITERS[accept] ?? ((value: Result) => JSON.stringify(value));
      const body = write(result as Result);
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Content-Type', bug.type?.(accept) ?? accept);
      response.end(bug.body?.(body, accept) ?? body);
    });
  });
  const { port, close } = await listen(server);
  return { url: `http://127.0.0.1:${port}`, close };
}

function scan(items: Item[], { Limit, MaxItems, ExclusiveStartKey, StartingToken }: Parameters): Result {
  const startKey = ExclusiveStartKey?.id as string | { S: string } | undefined;
  const startId = typeof startKey === 'object' ? startKey.S : (startKey ?? StartingToken);
  const start = items.findIndex(({ id }) => id === startId) + 1;
  const end = Math.min(items.length, start + (Limit ?? MaxItems ?? items.length));
  const page = items.slice(start, end);
  const id = page.at(-1)?.id ?? '';
  return {
    Items: page,
    Count: page.length,
    ScannedCount: page.length,
    ...(end < items.length && (MaxItems === undefined ? { LastEvaluatedKey: { id } } : { NextToken: id })),
  };
}

const WRITERS: Readonly<Record<string, (result: Result) => string>> = {
  'application/x-ndjson': ({ Items }) => Items.map((item) => `${JSON.stringify(item)}\n`).join(''),
  'text/csv': ({ Items }) =>
    ['id,n,tags', ...Items.map(({ id, n, tags }) => `${id},${n},${tags ? quoted(JSON.stringify(tags)) : ''}`)]
      .map((line) => `${line}\n`)
      .join(''),
  'application/x-amz-json-1.0': (result) =>
    JSON.stringify({
      ...result,
      Items: result.Items.map(({ id, n, tags }) => ({
        id: { S: id },
        n: { N: String(n) },
        ...(tags && { tags: { SS: tags } }),
      })),
      ...(result.LastEvaluatedKey && { LastEvaluatedKey: { id: { S: result.LastEvaluatedKey.id } } }),
    }),
};

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}
