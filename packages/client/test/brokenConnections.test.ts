/** Tests that a scan through a network that cuts connections is complete, or rejects. */
import { createClient, ScanError } from 'scan-records-client';
import { startCuttingProxy, type CuttingProxy } from './cuttingProxy';
import { serveTable, type ServedTable } from './servedTable';

const CUTS = 1000;

/** Scans at the same time, so that the pauses before retries overlap. */
const SCANS_AT_ONCE = 12;

interface Item {
  id: string;
  text: string;
}

/** Two pages of 14 to 20 KB, with characters of several bytes. */
const items: Item[] = Array.from({ length: 480 }, (_, n) => ({
  id: `item ${n}`,
  text: '€'.repeat((n * 7) % 20),
}));

/** A random sequence that is the same in each run. https://en.wikipedia.org/wiki/Linear_congruential_generator */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

let table: ServedTable;
let proxy: CuttingProxy;

beforeAll(async () => {
  table = await serveTable(
    items.map(({ id, text }) => ({ id: { S: id }, text: { S: text } })),
    { SCAN_MAX_CONCURRENT: '200', COMPRESSION: 'off' },
  );
  proxy = await startCuttingProxy(table.url, seeded(1), 30_000);
});
afterAll(async () => {
  await proxy.close();
  await table.close();
});

const byId = (a: Item, b: Item) => Number(a.id.slice(5)) - Number(b.id.slice(5));

it('is complete, or rejects with a position from which the rest can be read, after 1000 cuts', async () => {
  let complete = 0;
  const errors: unknown[] = [];

  async function readRest(received: Item[], startingToken?: string): Promise<void> {
    const records = createClient<Item>(proxy.url, { retries: 1 });
    try {
      for await (const item of records.scan({ ...(startingToken !== undefined && { startingToken }) })) {
        received.push(item);
      }
      complete++;
    } catch (error) {
      errors.push(error);
      await readRest(received, (error as ScanError).nextToken);
    }
  }

  async function scanRepeatedly(): Promise<void> {
    while (proxy.cuts() < CUTS) {
      const received: Item[] = [];
      await readRest(received);
      expect(received.sort(byId)).toEqual(items);
    }
  }

  await Promise.all(Array.from({ length: SCANS_AT_ONCE }, scanRepeatedly));
  expect(proxy.cuts()).toBeGreaterThanOrEqual(CUTS);
  expect(complete).toBeGreaterThan(50);
  expect(errors.length).toBeGreaterThan(50);
  expect(errors.every((error) => error instanceof ScanError)).toBe(true);
  expect([...new Set((errors as ScanError[]).map(({ code }) => code))].sort()).toEqual([
    'IncompleteResponse',
    'NetworkError',
  ]);
}, 300_000);
