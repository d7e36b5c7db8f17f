/** Tests the cases that look at the items of a table that the kit does not know. */
import { anyTableCases } from '../src/cases/anyTable';
import { runCase, type CaseResult } from '../src/check';
import { startTableServer, ITEMS, type Item, type TableBug } from './tableServer';

async function runAgainst(bug: TableBug): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const contractCase of anyTableCases) {
    const server = await startTableServer(bug);
    const policy = { origins: '*', credentials: false } as const;
    try {
      results.push(await runCase(contractCase, { baseUrl: server.url, policy, timeoutMs: 5000 }));
    } finally {
      await server.close();
    }
  }
  return results;
}

const findingsOf = (results: readonly CaseResult[]) => results.flatMap(({ findings }) => findings);
const gapsOf = (results: readonly CaseResult[]) =>
  results.flatMap(({ skipped }) => (skipped === undefined ? [] : skipped.reason));

describe('a server that returns a table as it is', () => {
  it('has no findings and no gaps', async () => {
    const results = await runAgainst({});
    expect(findingsOf(results)).toEqual([]);
    expect(gapsOf(results)).toEqual([]);
  });

  it('has no findings if the table changes with every request', async () => {
    const results = await runAgainst({
      items: (request) => ITEMS.map((item) => ({ ...item, n: item.n + request })),
    });
    expect(findingsOf(results)).toEqual([]);
    expect(gapsOf(results)).toContain('the table changed while they ran');
  });

  it('has no findings if an item is added behind the last one during the case', async () => {
    const added: Item = { id: 'g', n: 7 };
    const results = await runAgainst({ items: (request) => (request < 2 ? ITEMS : [...ITEMS, added]) });
    expect(findingsOf(results)).toEqual([]);
  });

  it.each([[[]], [ITEMS.slice(0, 1)], [ITEMS.slice(0, 2)], [ITEMS.slice(0, 3)]])(
    'has no findings for the table %j',
    async (items) => {
      expect(findingsOf(await runAgainst({ items: () => items }))).toEqual([]);
    },
  );

  it('leaves a gap if the table is empty', async () => {
    const gaps = gapsOf(await runAgainst({ items: () => [] }));
    expect(gaps).toContain('the table, or the part that they read, has no items');
  });

  it('leaves a gap if a scan without Limit returns NextToken', async () => {
    const results = await runAgainst({
      result: (result, parameters) =>
        Object.keys(parameters).length === 0 ? { ...result, NextToken: 'f' } : result,
    });
    expect(findingsOf(results)).toEqual([]);
    expect(gapsOf(results)).toEqual(['the server returned a part of the table, with NextToken']);
  });
});

/** Only the first three items, as a server does that does not read the next page. */
const isWholeScan = (parameters: object) => Object.keys(parameters).length === 0;

describe('a server that loses or changes items', () => {
  const bugs: [description: string, bug: TableBug, message: string][] = [
    [
      'a scan of only the first page, with LastEvaluatedKey',
      { parameters: (all) => (isWholeScan(all) ? { Limit: 3 } : all) },
      'received 3 items with LastEvaluatedKey: the server read only the first page of the table',
    ],
    [
      'a scan of only the first page, without LastEvaluatedKey',
      {
        result: (result, all) =>
          isWholeScan(all) ? { Items: ITEMS.slice(0, 3), Count: 3, ScannedCount: 3 } : result,
      },
      'received 3 without NextToken and without the item that follows them: {"id":"d","n":3}',
    ],
    [
      'a Limit without LastEvaluatedKey',
      { result: ({ Items, Count, ScannedCount }) => ({ Items, Count, ScannedCount }) },
      'expected LastEvaluatedKey after one of 6 items, received none',
    ],
    [
      'an ignored Limit',
      { parameters: () => ({}) },
      'A server that ignores Limit may return only the first page of the table',
    ],
    [
      'a wrong Count',
      { result: (result) => ({ ...result, Count: 0 }) },
      'expected Count to be the number of items, 6, received 0',
    ],
    [
      'a ScannedCount below the number of items',
      { result: (result) => ({ ...result, ScannedCount: 1 }) },
      'expected ScannedCount to be at least the number of items, 6, received 1',
    ],
    [
      'an array in place of an object',
      { body: (body, accept) => (accept === 'application/json' ? '[]' : body) },
      'expected a JSON object with the items, received other JSON: []',
    ],
    [
      'a body that ends too early',
      { body: (body, accept) => (accept === 'application/json' ? body.slice(0, -1) : body) },
      'expected a JSON object with the items, received {"Items"',
    ],
    [
      'JSON for every format',
      { type: () => 'application/json' },
      'expected Content-Type to match /^text\\/csv\\b/, received "application/json"',
    ],
    [
      'an ExclusiveStartKey that is ignored',
      { parameters: ({ ExclusiveStartKey: _, ...all }) => all },
      'expected item 3 of two pages to be {"id":"c","n":2,"tags":["x","y \\"z\\""]}, received {"id":"a"',
    ],
    [
      'a StartingToken that is ignored',
      { parameters: ({ StartingToken: _, ...all }) => all },
      'expected item 3 of two pages',
    ],
    [
      'NDJSON without the last item',
      { body: (body, accept) => (accept.endsWith('ndjson') ? body.replace(/.*\n$/, '') : body) },
      'expected 6 items in NDJSON, received 5',
    ],
    [
      'NDJSON without the last line feed',
      { body: (body, accept) => (accept.endsWith('ndjson') ? body.trimEnd() : body) },
      'expected each line to end with a line feed',
    ],
    [
      'NDJSON with a rounded number',
      { body: (body, accept) => (accept.endsWith('ndjson') ? body.replace('"n":3', '"n":3.0') : body) },
      'expected item 4 in NDJSON to be {"id":"d","n":3}, received {"id":"d","n":3.0}',
    ],
    [
      'CSV with a changed cell',
      { body: (body, accept) => (accept === 'text/csv' ? body.replace('d,3', 'd,4') : body) },
      'expected the cell n to be 3, received 4',
    ],
    [
      'CSV without a column',
      { body: (body, accept) => (accept === 'text/csv' ? body.replace('tags', 'OtherAttributes') : body) },
      'expected a column for the attribute tags, received id,n,OtherAttributes',
    ],
    [
      'CSV with a missing cell',
      { body: (body, accept) => (accept === 'text/csv' ? body.replace('d,3,', 'd,3') : body) },
      'expected 3 cells in line 5, received 2',
    ],
    [
      'typed JSON with plain values',
      { body: (body, accept) => (accept.endsWith('1.0') ? body.replace('{"N":"3"}', '3') : body) },
      "expected every attribute in DynamoDB's typed form",
    ],
    [
      'typed JSON with another value',
      { body: (body, accept) => (accept.endsWith('1.0') ? body.replace('{"N":"3"}', '{"N":"4"}') : body) },
      'expected item 4 in typed JSON to be {"id":"d","n":3}, received {"id":"d","n":4}',
    ],
  ];

  it.each(bugs)('gets a finding for %s', async (_description, bug, message) => {
    expect(findingsOf(await runAgainst(bug)).join('\n')).toContain(message);
  });
});
