import { setImmediate } from 'node:timers/promises';
import { createClient } from 'scan-records-client';
import { Reader } from '../src/api/reader';
import { ItemStore } from '../src/data/itemStore';

/** A server with three pages of one item. */
const fetchPage: typeof fetch = async (_url, init) => {
  const { StartingToken = '0' } = JSON.parse(init?.body as string) as { StartingToken?: string };
  await setImmediate();
  const number = Number(StartingToken);
  const body = {
    Items: [{ id: { S: `i${number}` } }],
    Count: 1,
    ScannedCount: 1,
    ...(number < 2 && { NextToken: String(number + 1) }),
    ConsumedCapacity: { CapacityUnits: 1000 },
  };
  return new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/x-amz-json-1.0' } });
};

it('reads each item once although the user resumes twice', async () => {
  const store = new ItemStore();
  const client = createClient('http://localhost', { values: 'typed', fetch: fetchPage });
  const reader = new Reader(client, store, {}, () => undefined);
  await reader.start();
  expect([reader.state.reason, store.count]).toEqual(['firstPart', 1]);
  await Promise.all([reader.resume(), reader.resume()]);
  expect([reader.state.status, reader.state.units]).toEqual(['complete', 3000]);
  expect([...store.items()]).toEqual([{ id: { S: 'i0' } }, { id: { S: 'i1' } }, { id: { S: 'i2' } }]);
});
