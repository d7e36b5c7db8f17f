import { appendFileSync } from 'node:fs';
import fc from 'fast-check';
import { createBudgeting } from '../../src/scan/budgeted';
import { Scan, type FetchPage } from '../../src/scan/scan';
import { pageOf } from '../helpers/servedApp';

const KILOBYTE = 1024;
const WHOLE_PAGE = 1024 * KILOBYTE;
const WINDOW = 2000;

interface Consumption { at: number; units: number; records: number; begunAt: number; endedAt: number }

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function simulatedTable(segments: readonly (readonly number[])[], latencies: readonly number[], moment: number) {
  const consumptions: Consumption[] = [];
  let calls = 0;
  const fetchPage: FetchPage = async ({ segment, startKey, limit = Infinity }) => {
    const begunAt = performance.now();
    const sizes = segments[segment] ?? [];
    const start = Number(startKey?.['id']?.N ?? 0);
    let end = start;
    let bytes = 0;
    while (end < sizes.length && end - start < limit && bytes < WHOLE_PAGE) bytes += sizes[end++] ?? 0;
    const units = Math.max(1, Math.ceil(bytes / (4 * KILOBYTE))) / 2;
    const latency = latencies[calls++ % latencies.length] ?? 0;
    await sleep(latency);
    consumptions.push({ at: begunAt + moment * latency, units, records: end - start, begunAt, endedAt: performance.now() });
    return {
      ...pageOf(),
      scannedCount: end - start,
      capacityUnits: units,
      lastEvaluatedKey: end < sizes.length ? { id: { N: String(end) } } : undefined,
    };
  };
  return { fetchPage, consumptions };
}

function mostInAWindow(consumptions: readonly Consumption[]): number {
  const ordered = [...consumptions].sort((a, b) => a.at - b.at);
  let most = 0;
  let sum = 0;
  let first = 0;
  for (const { at, units } of ordered) {
    sum += units;
    while ((ordered[first]?.at ?? at) <= at - WINDOW) sum -= ordered[first++]?.units ?? 0;
    most = Math.max(most, sum);
  }
  return most;
}

async function readAll(scan: Scan): Promise<void> {
  for await (const _page of scan.pages(new AbortController().signal)) {
  }
}
async function elapse<T>(promise: Promise<T>): Promise<T> {
  let done = false;
  void promise.finally(() => (done = true)).catch(() => undefined);
  while (!done) await jest.advanceTimersByTimeAsync(50);
  return promise;
}
function planOf(segments: number) {
  return { from: { begun: [], next: 0 }, segments, filtered: false };
}

describe('explore', () => {
  beforeEach(() => { jest.useFakeTimers(); });
  afterEach(() => { jest.useRealTimers(); });
  it('measures', async () => {
    const out: object[] = [];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(100, 1000, 5000, 20000, 90000),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 5, max: 400 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom('random', 'ascending', 'steps'),
        fc.infiniteStream(fc.double({ min: 1, max: 4, noNaN: true })),
        fc.integer({ min: 5, max: 30 }),
        async (smallest, segments, rate, latencies, moment, order, factors, seconds) => {
          const budget = seconds * rate;
          const count = Math.min(20000, Math.ceil((budget * 8192) / (smallest * 2.5)));
          let sizes = Array.from({ length: count }, () => Math.round(smallest * factors.next().value));
          if (order === 'ascending') sizes.sort((a, b) => a - b);
          if (order === 'steps') sizes = sizes.map((_, i) => Math.round(smallest * (Math.floor(i / (count / 10)) % 2 ? 4 : 1)));
          const per = Math.ceil(count / segments);
          const table = simulatedTable(Array.from({ length: segments }, (_, i) => sizes.slice(i * per, (i + 1) * per)), latencies, moment);
          const started = performance.now();
          const budgeting = createBudgeting(rate);
          const scan = new Scan(budgeting(table.fetchPage, { tableName: 't', consistentRead: false, unitsPerSecond: undefined }), planOf(segments));
          await elapse(readAll(scan));
          const took = performance.now() - started;
          const cost = table.consumptions.reduce((s, { units }) => s + units, 0);
          const last = Math.max(...table.consumptions.map((c) => c.endedAt)) - started;
          out.push({ smallest, segments, rate, lat: Math.round(latencies.reduce((a, b) => a + b) / latencies.length), moment: +moment.toFixed(2), order, cost, secs: cost / rate, ratio: +(last / 1000 / (cost / rate)).toFixed(3), took, window: +(mostInAWindow(table.consumptions) / rate / 2).toFixed(3), calls: table.consumptions.length, maxUnits: Math.max(...table.consumptions.map((c) => c.units)) });
        },
      ),
      { numRuns: 3000 },
    );
    appendFileSync('/tmp/explore.jsonl', out.map((o) => JSON.stringify(o)).join('\n') + '\n');
  }, 300000);
});
