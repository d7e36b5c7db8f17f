import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import type { Key } from '../../../src/dynamodb/key';
import type { Page } from '../../../src/dynamodb/page';
import {
  Scan,
  type FetchPage,
  type PageCall,
  type Position,
  type ScanPlan,
} from '../../../src/scan/read/scan';
import { MalformedResponseError, PLAIN_JSON } from '../../../src/dynamodb/transcoder/transcoder';
import { pageOf } from '../../helpers/servedApp';

/** A request that waits for the test to respond. */
interface Pending extends PageCall {
  signal: AbortSignal;
  respond: (page: Page) => void;
  fail: (error: Error) => void;
}

/** Records requests in order. */
function heldCalls(): { fetchPage: FetchPage; calls: Pending[] } {
  const calls: Pending[] = [];
  const fetchPage: FetchPage = (call, signal) =>
    new Promise((respond, fail) => calls.push({ ...call, signal, respond, fail }));
  return { fetchPage, calls };
}

/** Responds to requests in order. */
function respondingCalls(...pages: Page[]): { fetchPage: FetchPage; calls: PageCall[] } {
  const calls: PageCall[] = [];
  const fetchPage: FetchPage = (call) => {
    calls.push(call);
    return Promise.resolve(pages[calls.length - 1] ?? pageOf());
  };
  return { fetchPage, calls };
}

const NEVER = new AbortController().signal;
const WHOLE: ScanPlan = {
  from: { begun: [{ segment: 0, startKey: undefined }], next: 1 },
  segments: 1,
  filtered: false,
};

/** A plan for all of `segments` segments. */
function segments(count: number): ScanPlan {
  return { ...WHOLE, from: { begun: [], next: 0 }, segments: count };
}

function keyOf(id: string): Key {
  return { id: { S: id } };
}

/** A page with these items and the key of the last one. */
function pageTo(...records: string[]): Page {
  return { ...pageOf(...records), lastEvaluatedKey: keyOf(records.at(-1) ?? 'empty') };
}

/** A page that can be truncated after any of its items. */
function cuttable(page: Page): Page {
  const records = page.encodeItems(PLAIN_JSON).toString().split(',');
  return {
    ...page,
    truncate: (count) => ({
      ...page,
      ...pageTo(...records.slice(0, count)),
      scannedCount: page.scannedCount,
    }),
  };
}

function textOf({ value }: IteratorResult<Page, void>): string | undefined {
  return value?.encodeItems(PLAIN_JSON).toString();
}

/** Waits until everything is done that needs no further response. */
async function settled(): Promise<void> {
  await setImmediate();
}

async function textsOf(scan: Scan): Promise<string[]> {
  const texts: string[] = [];
  for await (const page of scan.pages(NEVER)) texts.push(page.encodeItems(PLAIN_JSON).toString());
  return texts;
}

function limitsOf(calls: readonly PageCall[]): (number | undefined)[] {
  return calls.map(({ limit }) => limit);
}

describe('a scan of one segment', () => {
  it('reads page after page, each from the key of the previous one, until a page has no key', async () => {
    const { fetchPage, calls } = respondingCalls(pageTo('a', 'b'), pageTo(), pageTo('c'), pageOf('d'));
    const scan = new Scan(fetchPage, WHOLE);
    expect(await textsOf(scan)).toEqual(['a,b', '', 'c', 'd']);
    expect(calls).toEqual(
      [undefined, keyOf('b'), keyOf('empty'), keyOf('c')].map((startKey) => ({
        segment: 0,
        startKey,
        limit: undefined,
      })),
    );
  });

  it('starts after the key of the plan', async () => {
    const { fetchPage, calls } = respondingCalls(pageOf('a'));
    const from: Position = { begun: [{ segment: 3, startKey: keyOf('x') }], next: 5 };
    await textsOf(new Scan(fetchPage, { ...WHOLE, from, segments: 5 }));
    expect(calls).toEqual([{ segment: 3, startKey: keyOf('x'), limit: undefined }]);
  });

  it('sends no request before the first page is requested', async () => {
    const { fetchPage, calls } = heldCalls();
    new Scan(fetchPage, WHOLE).pages(NEVER);
    await settled();
    expect(calls).toEqual([]);
  });

  it('requests one page ahead, and no more', async () => {
    const { fetchPage, calls } = heldCalls();
    const pages = new Scan(fetchPage, WHOLE).pages(NEVER);
    const first = pages.next();
    calls[0]?.respond(pageTo('a'));
    expect(textOf(await first)).toBe('a');
    expect(calls).toHaveLength(2);
    calls[1]?.respond(pageTo('b'));
    await settled();
    expect(calls).toHaveLength(2);
    expect(textOf(await pages.next())).toBe('b');
    expect(calls).toHaveLength(3);
    await pages.return();
  });

  it('ends after the request that reaches the read limit, and continues there', async () => {
    const costly = { capacityUnits: 200 };
    const { fetchPage, calls } = respondingCalls(
      { ...pageTo('a'), ...costly },
      { ...pageTo('b'), ...costly },
      { ...pageTo('c'), ...costly },
    );
    const scan = new Scan(fetchPage, { ...WHOLE, maxReadUnits: 390 });
    expect(await textsOf(scan)).toEqual(['a', 'b']);
    expect(calls.map(({ needsCapacity }) => needsCapacity)).toEqual([true, true]);
    expect(scan.position()).toEqual({ begun: [{ segment: 0, startKey: keyOf('b') }], next: 1 });
  });

  it('evaluates fewer items per request when the read limit is near', async () => {
    // Each item costs 1 unit, a full page at most 128.5.
    const pages = [{ ...pageTo('a'), scannedCount: 100, capacityUnits: 100 }];
    const { fetchPage, calls } = respondingCalls(...pages, { ...pageTo('b'), capacityUnits: 50 });
    await textsOf(new Scan(fetchPage, { ...WHOLE, maxReadUnits: 150 }));
    expect(limitsOf(calls)).toEqual([undefined, 50]);
  });

  it('begins with one item if the read limit is less than a page', async () => {
    const { fetchPage, calls } = respondingCalls({ ...pageTo('a'), capacityUnits: 1 });
    const scan = new Scan(fetchPage, { ...WHOLE, maxReadUnits: 1 });
    expect(await textsOf(scan)).toEqual(['a']);
    expect(limitsOf(calls)).toEqual([1]);
  });

  it('counts an estimate for a response without its cost', async () => {
    const { fetchPage, calls } = respondingCalls(pageTo('a'), pageTo('b'), pageTo('c'));
    await textsOf(new Scan(fetchPage, { ...WHOLE, maxReadUnits: 257 }));
    expect(calls).toHaveLength(2);
  });

  it('enlarges a PageSize after 16 requests whose cost is mostly rounding', async () => {
    const cheap = Array.from({ length: 18 }, () => ({ ...pageTo('a'), capacityUnits: 0.5 }));
    const large = { ...pageTo('a', 'b', 'c', 'd'), capacityUnits: 2 };
    const { fetchPage, calls } = respondingCalls(...cheap.slice(0, 17), large, pageTo('a'), pageOf());
    await textsOf(new Scan(fetchPage, { ...WHOLE, pageSize: 1 }));
    expect(limitsOf(calls)).toEqual([...Array.from({ length: 17 }, () => 1), 2, 2, 2]);
  });

  it('sends PageSize with each request', async () => {
    const { fetchPage, calls } = respondingCalls(pageTo('a'), pageTo('b'), pageOf('c'));
    await textsOf(new Scan(fetchPage, { ...WHOLE, pageSize: 7 }));
    expect(limitsOf(calls)).toEqual([7, 7, 7]);
  });

  it('counts the pages that were yielded, and the capacity of all that arrived', async () => {
    const costing = (page: Page, capacityUnits: number, scannedCount: number) => ({
      ...page,
      capacityUnits,
      scannedCount,
    });
    const { fetchPage } = respondingCalls(
      costing(pageTo('a', 'b'), 0.5, 10),
      costing(pageTo('c'), 1.5, 20),
      costing(pageOf('d'), 128, 40),
    );
    const scan = new Scan(fetchPage, WHOLE);
    const pages = scan.pages(NEVER);
    await pages.next();
    await settled();
    expect(scan.totals).toEqual({ count: 2, scannedCount: 10 });
    expect(scan.capacityUnits).toBe(2);
    await pages.next();
    await settled();
    expect(scan.totals).toEqual({ count: 3, scannedCount: 30 });
    expect(scan.capacityUnits).toBe(130);
    await pages.return();
    expect(scan.totals).toEqual({ count: 3, scannedCount: 30 });
    expect(scan.capacityUnits).toBe(130);
  });

  it('reports no capacity if no page has any', async () => {
    const { fetchPage } = respondingCalls(pageTo('a'), pageOf('b'));
    const scan = new Scan(fetchPage, WHOLE);
    await textsOf(scan);
    expect(scan.capacityUnits).toBe(0);
  });

  it('fails with the error of the request, after the pages before it', async () => {
    const { fetchPage, calls } = heldCalls();
    const scan = new Scan(fetchPage, WHOLE);
    const pages = scan.pages(NEVER);
    const first = pages.next();
    calls[0]?.respond(pageTo('a'));
    await first;
    const error = new Error('broken');
    calls[1]?.fail(error);
    await settled();
    await expect(pages.next()).rejects.toBe(error);
    await expect(pages.next()).resolves.toEqual({ done: true, value: undefined });
    expect(calls).toHaveLength(2);
  });
});

describe('a scan with Limit', () => {
  it.each([
    ['more than the page has', 5, pageTo('a', 'b')],
    ['as many as the page has', 2, pageTo('a', 'b')],
    ['none of which match', 2, pageTo()],
  ])('reads one page: %s', async (_, limit, page) => {
    const { fetchPage, calls } = respondingCalls(page, pageOf('c'));
    const scan = new Scan(fetchPage, { ...WHOLE, limit });
    expect(await textsOf(scan)).toHaveLength(1);
    expect(limitsOf(calls)).toEqual([limit]);
    expect(scan.position()).toEqual({
      begun: [{ segment: 0, startKey: page.lastEvaluatedKey }],
      next: 1,
    });
  });

  it('continues with the rest of the Limit after pages that a read-rate limit has shortened', async () => {
    const shortened = (page: Page, scannedCount: number) => ({ ...page, scannedCount, isShortened: true });
    const { fetchPage, calls } = respondingCalls(
      shortened(pageTo('a'), 4),
      shortened(pageTo(), 3),
      { ...pageTo('b'), scannedCount: 2 },
      pageTo('c'),
    );
    const scan = new Scan(fetchPage, { ...WHOLE, limit: 10 });
    expect(await textsOf(scan)).toEqual(['a', '', 'b']);
    expect(limitsOf(calls)).toEqual([10, 6, 3]);
    expect(scan.position()?.begun).toEqual([{ segment: 0, startKey: keyOf('b') }]);
  });

  it('ends when shortened pages together reach the Limit', async () => {
    const { fetchPage, calls } = respondingCalls(
      ...[pageTo('a', 'b'), pageTo('c'), pageTo('d')].map((page) => ({ ...page, isShortened: true })),
    );
    const scan = new Scan(fetchPage, { ...WHOLE, limit: 3 });
    expect(await textsOf(scan)).toEqual(['a,b', 'c']);
    expect(limitsOf(calls)).toEqual([3, 1]);
    expect(scan.hasMore()).toBe(false);
  });

  it('has no position to continue from if the page is the last', async () => {
    const { fetchPage } = respondingCalls(pageOf('a'));
    const scan = new Scan(fetchPage, { ...WHOLE, limit: 1 });
    await textsOf(scan);
    expect(scan.position()).toBeUndefined();
  });
});

describe('a scan with MaxItems', () => {
  it.each([
    ['has every call ask for no more than the room left', {}, [5, 3, 2]],
    ['leaves a smaller PageSize as it is', { pageSize: 4 }, [4, 3, 2]],
    [
      'says nothing of how much is evaluated where records are filtered',
      { filtered: true },
      [undefined, undefined, undefined],
    ],
    [
      'leaves PageSize as it is where records are filtered',
      { filtered: true, pageSize: 100 },
      [100, 100, 100],
    ],
  ])('%s', async (_, plan, limits) => {
    const { fetchPage, calls } = respondingCalls(pageTo('a', 'b'), pageTo('c'), pageTo('d', 'e'));
    const scan = new Scan(fetchPage, { ...WHOLE, maxItems: 5, ...plan });
    expect(await textsOf(scan)).toEqual(['a,b', 'c', 'd,e']);
    expect(limitsOf(calls)).toEqual(limits);
  });

  it('requests no further page once MaxItems is reached', async () => {
    const { fetchPage, calls } = heldCalls();
    const scan = new Scan(fetchPage, { ...WHOLE, maxItems: 2 });
    const pages = scan.pages(NEVER);
    const first = pages.next();
    calls[0]?.respond(pageTo('a', 'b'));
    await first;
    expect(scan.hasMore()).toBe(false);
    await settled();
    expect(calls).toHaveLength(1);
    await expect(pages.next()).resolves.toEqual({ done: true, value: undefined });
    expect(scan.position()).toEqual({ begun: [{ segment: 0, startKey: keyOf('b') }], next: 1 });
  });

  it('has no position to continue from if the last page just fits', async () => {
    const { fetchPage } = respondingCalls(pageTo('a'), pageOf('b'));
    const scan = new Scan(fetchPage, { ...WHOLE, maxItems: 2 });
    await textsOf(scan);
    expect(scan.position()).toBeUndefined();
  });

  it('truncates a page that has too many items, and continues after its last item', async () => {
    const { fetchPage, calls } = respondingCalls(pageTo('a', 'b'), cuttable(pageTo('c', 'd', 'e')));
    const scan = new Scan(fetchPage, { ...WHOLE, filtered: true, maxItems: 3 });
    expect(await textsOf(scan)).toEqual(['a,b', 'c']);
    expect(calls).toHaveLength(2);
    expect(scan.position()).toEqual({ begun: [{ segment: 0, startKey: keyOf('c') }], next: 1 });
    expect(scan.totals).toEqual({ count: 3, scannedCount: 5 });
  });

  it('truncates the last page too', async () => {
    const { fetchPage } = respondingCalls(cuttable(pageOf('a', 'b')));
    const scan = new Scan(fetchPage, { ...WHOLE, filtered: true, maxItems: 1 });
    expect(await textsOf(scan)).toEqual(['a']);
    expect(scan.position()).toEqual({ begun: [{ segment: 0, startKey: keyOf('a') }], next: 1 });
  });

  describe('if a page cannot be truncated', () => {
    const ten = { ...pageTo('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'), scannedCount: 100 };

    it('reads half of it, and half of that, until the page fits', async () => {
      const { fetchPage, calls } = respondingCalls(
        ten,
        { ...pageTo('a', 'b', 'c', 'd'), scannedCount: 50 },
        { ...pageTo('a', 'b', 'c'), scannedCount: 25 },
        { ...pageTo('a'), scannedCount: 12 },
        { ...pageTo('b'), scannedCount: 100 },
      );
      const scan = new Scan(fetchPage, { ...WHOLE, filtered: true, maxItems: 2 });
      expect(await textsOf(scan)).toEqual(['a', 'b']);
      expect(calls.map(({ startKey, limit }) => [startKey, limit])).toEqual([
        [undefined, undefined],
        [undefined, 50],
        [undefined, 25],
        [undefined, 12],
        // A size that was too large is not requested again.
        [keyOf('a'), 12],
      ]);
      expect(scan.position()?.begun).toEqual([{ segment: 0, startKey: keyOf('b') }]);
    });

    it.each([
      [2, 1],
      [3, 1],
      [4, 2],
      [101, 50],
    ])('reads, of %d evaluated items, %d again', async (scannedCount, half) => {
      const { fetchPage, calls } = respondingCalls({ ...pageTo('a', 'b'), scannedCount }, pageTo('a'));
      await textsOf(new Scan(fetchPage, { ...WHOLE, filtered: true, maxItems: 1 }));
      expect(limitsOf(calls)).toEqual([undefined, half]);
    });

    it('fails when half of it has as many evaluated items as before, because the engine ignores Limit', async () => {
      const { fetchPage, calls } = respondingCalls(ten, ten, ten);
      const scan = new Scan(fetchPage, { ...WHOLE, filtered: true, maxItems: 1 });
      await expect(textsOf(scan)).rejects.toThrow('more items were evaluated than Limit allows');
      expect(limitsOf(calls)).toEqual([undefined, 50]);
    });

    it('counts the discarded page as capacity, and not as items', async () => {
      const { fetchPage } = respondingCalls(
        { ...ten, capacityUnits: 8 },
        { ...pageTo('a'), scannedCount: 50, capacityUnits: 4 },
      );
      const scan = new Scan(fetchPage, { ...WHOLE, filtered: true, maxItems: 1 });
      await textsOf(scan);
      expect(scan.totals).toEqual({ count: 1, scannedCount: 50 });
      expect(scan.capacityUnits).toBe(12);
    });

    it.each([0, 1])(
      'fails when a page has more items than the %d that were evaluated',
      async (scannedCount) => {
        const { fetchPage, calls } = respondingCalls({ ...pageTo('a', 'b'), scannedCount });
        const scan = new Scan(fetchPage, { ...WHOLE, filtered: true, maxItems: 1 });
        await expect(textsOf(scan)).rejects.toThrow(MalformedResponseError);
        expect(calls).toHaveLength(1);
      },
    );
  });
});

describe('a scan of many segments', () => {
  it('begins no more segments than the read limit allows, and continues the others later', async () => {
    const { fetchPage, calls } = heldCalls();
    const scan = new Scan(fetchPage, { ...segments(4), maxReadUnits: 300 });
    const pages = scan.pages(NEVER);
    const first = pages.next();
    // A full page costs at most 128.5 units.
    expect(limitsOf(calls)).toEqual([undefined, undefined]);
    for (const call of calls) call.respond({ ...pageTo(`s${call.segment}`), capacityUnits: 150 });
    expect(textOf(await first)).toBe('s0');
    await pages.next();
    expect((await pages.next()).done).toBe(true);
    expect(calls).toHaveLength(2);
    expect(scan.position()).toEqual({
      begun: [0, 1].map((segment) => ({ segment, startKey: keyOf(`s${segment}`) })),
      next: 2,
    });
  });

  it('sends one request at a time near the read limit, because later items may be larger', async () => {
    let cost = 0.5;
    let units = 0;
    const fetchPage: FetchPage = async ({ limit = 0 }) => {
      const capacityUnits = cost * limit;
      units += capacityUnits;
      cost = 50;
      await setImmediate();
      return { ...pageTo('a'), scannedCount: limit, capacityUnits };
    };
    await textsOf(new Scan(fetchPage, { ...segments(16), maxReadUnits: 100 }));
    // One request of four items is larger than expected. All 16 segments at once would cost 2,000 units.
    expect(units).toBeLessThan(250);
  });

  it('starts segments in order, sixteen at a time, the next when one ends', async () => {
    const { fetchPage, calls } = heldCalls();
    const pages = new Scan(fetchPage, segments(18)).pages(NEVER);
    const [first, second, third] = [pages.next(), pages.next(), pages.next()];
    await settled();
    const begun = () => calls.map(({ segment }) => segment);
    expect(begun()).toEqual(Array.from({ length: 16 }, (_, segment) => segment));
    calls[5]?.respond(pageTo('a'));
    await first;
    expect(begun().slice(16)).toEqual([5]);
    calls[7]?.respond(pageOf('b'));
    await second;
    expect(begun().slice(16)).toEqual([5, 16]);
    calls[0]?.respond(pageOf());
    await third;
    expect(begun().slice(16)).toEqual([5, 16, 17]);
    await pages.return();
  });

  it('sends one request per segment if there are fewer than sixteen', async () => {
    const { fetchPage, calls } = heldCalls();
    const pages = new Scan(fetchPage, segments(3)).pages(NEVER);
    const first = pages.next();
    expect(calls.map(({ segment, startKey }) => ({ segment, startKey }))).toEqual([
      { segment: 0, startKey: undefined },
      { segment: 1, startKey: undefined },
      { segment: 2, startKey: undefined },
    ]);
    calls[0]?.respond(pageOf('a'));
    await first;
    await pages.return();
  });

  it.each([17, 40, 100])('reads all of %d segments', async (count) => {
    const calls: number[] = [];
    const fetchPage: FetchPage = ({ segment, startKey }) => {
      calls.push(segment);
      return Promise.resolve(startKey === undefined ? pageTo(`${segment}`) : pageOf(`${segment} end`));
    };
    const texts = await textsOf(new Scan(fetchPage, segments(count)));
    const all = Array.from({ length: count }, (_, segment) => [`${segment}`, `${segment} end`]).flat();
    expect(texts.sort()).toEqual(all.sort());
    expect(calls).toHaveLength(2 * count);
  });

  it('yields pages as they arrive: a slow segment delays no other', async () => {
    const { fetchPage, calls } = heldCalls();
    const pages = new Scan(fetchPage, segments(3)).pages(NEVER);
    const texts: (string | undefined)[] = [];
    const take = async (segment: number, page: Page) => {
      const next = pages.next();
      calls.findLast((call) => call.segment === segment)?.respond(page);
      texts.push(textOf(await next));
    };
    await take(2, pageTo('2a'));
    await take(1, pageTo('1a'));
    await take(2, pageTo('2b'));
    await take(2, pageOf('2c'));
    await take(1, pageOf('1b'));
    await take(0, pageOf('0a'));
    expect(texts).toEqual(['2a', '1a', '2b', '2c', '1b', '0a']);
    await expect(pages.next()).resolves.toMatchObject({ done: true });
  });

  it('gives each segment its turn, even if the pages of one are always there', async () => {
    const endless: FetchPage = ({ segment }) => Promise.resolve(pageTo(String(segment)));
    const pages = new Scan(endless, segments(4)).pages(NEVER);
    const texts: (string | undefined)[] = [];
    while (texts.length < 12) texts.push(textOf(await pages.next()));
    await pages.return();
    expect(texts).toEqual(['0', '1', '2', '3', '0', '1', '2', '3', '0', '1', '2', '3']);
  });

  it('yields waiting pages in order of arrival', async () => {
    const { fetchPage, calls } = heldCalls();
    const pages = new Scan(fetchPage, segments(4)).pages(NEVER);
    const first = pages.next();
    for (const segment of [3, 1, 2, 0]) {
      calls[segment]?.respond(pageOf(String(segment)));
      await settled();
    }
    const texts = [await first, await pages.next(), await pages.next(), await pages.next()].map(textOf);
    expect(texts).toEqual(['3', '1', '2', '0']);
  });

  it('keeps one page per segment in memory, and requests the next when it is yielded', async () => {
    const { fetchPage, calls } = heldCalls();
    const pages = new Scan(fetchPage, segments(16)).pages(NEVER);
    const first = pages.next();
    for (const call of [...calls]) call.respond(pageTo(String(call.segment)));
    await first;
    await settled();
    // The segment of the yielded page has requested its next page.
    expect(calls.map(({ segment }) => segment).slice(16)).toEqual([0]);
    await pages.next();
    await settled();
    expect(calls.map(({ segment }) => segment).slice(16)).toEqual([0, 1]);
    await pages.return();
  });

  it('continues the started segments, and then the others', async () => {
    const { fetchPage, calls } = heldCalls();
    const from: Position = {
      begun: [
        { segment: 4, startKey: keyOf('x') },
        { segment: 1, startKey: undefined },
      ],
      next: 6,
    };
    const pages = new Scan(fetchPage, { ...segments(8), from }).pages(NEVER);
    const first = pages.next();
    expect(calls.map(({ segment, startKey }) => [segment, startKey])).toEqual([
      [4, keyOf('x')],
      [1, undefined],
      [6, undefined],
      [7, undefined],
    ]);
    calls[0]?.respond(pageOf());
    await first;
    await pages.return();
  });

  it('starts further segments up to sixteen together with the continued ones', async () => {
    const { fetchPage, calls } = heldCalls();
    const begun = Array.from({ length: 15 }, (_, segment) => ({ segment, startKey: keyOf('x') }));
    const pages = new Scan(fetchPage, { ...segments(100), from: { begun, next: 40 } }).pages(NEVER);
    const first = pages.next();
    expect(calls).toHaveLength(16);
    expect(calls[15]).toMatchObject({ segment: 40, startKey: undefined });
    calls[0]?.respond(pageOf());
    await first;
    await pages.return();
  });

  it('stops all segments when MaxItems is reached, and can continue all of them', async () => {
    const { fetchPage, calls } = heldCalls();
    const scan = new Scan(fetchPage, { ...segments(20), maxItems: 3 });
    const pages = scan.pages(NEVER);
    const [first, second] = [pages.next(), pages.next()];
    calls[2]?.respond(pageOf('a'));
    await first;
    calls[1]?.respond(cuttable(pageTo('b', 'c', 'd')));
    await second;
    const made = calls.length;
    await expect(pages.next()).resolves.toMatchObject({ done: true });
    expect(calls).toHaveLength(made);
    expect(calls.slice(0, 16).every(({ signal }) => signal.aborted)).toBe(true);
    const { begun = [], next } = scan.position() ?? {};
    expect(next).toBe(17);
    expect([...begun].sort((a, b) => a.segment - b.segment)).toEqual([
      { segment: 0, startKey: undefined },
      { segment: 1, startKey: keyOf('c') },
      ...Array.from({ length: 14 }, (_, at) => ({ segment: at + 3, startKey: undefined })),
    ]);
  });

  it('starts no further segment when the last item of one reaches MaxItems', async () => {
    const { fetchPage, calls } = heldCalls();
    const scan = new Scan(fetchPage, { ...segments(20), maxItems: 1 });
    const pages = scan.pages(NEVER);
    const first = pages.next();
    calls[0]?.respond(pageOf('a'));
    await first;
    await pages.next();
    expect(calls).toHaveLength(16);
    expect(scan.position()).toMatchObject({ next: 16 });
    expect(scan.position()?.begun).toHaveLength(15);
  });

  it('shares MaxItems between the segments', async () => {
    const { fetchPage, calls } = heldCalls();
    const pages = new Scan(fetchPage, { ...segments(2), maxItems: 10 }).pages(NEVER);
    const first = pages.next();
    expect(limitsOf(calls)).toEqual([10, 10]);
    calls[1]?.respond(pageTo('a', 'b', 'c'));
    await first;
    expect(limitsOf(calls)).toEqual([10, 10, 7]);
    await pages.return();
  });
});

describe('a scan aborts all requests in flight and sends no further one', () => {
  /** Yields the first page of one of sixteen segments, while the next ones are requested. */
  async function begin(signal: AbortSignal = NEVER) {
    const { fetchPage, calls } = heldCalls();
    const pages = new Scan(fetchPage, segments(100)).pages(signal);
    const first = pages.next();
    calls[3]?.respond(pageTo('a'));
    await first;
    const inFlight = calls.filter((_, index) => index !== 3);
    expect(inFlight).toHaveLength(16);
    expect(inFlight.some(({ signal }) => signal.aborted)).toBe(false);
    return { pages, calls, inFlight };
  }

  it('when a request fails', async () => {
    const { pages, calls, inFlight } = await begin();
    const next = pages.next();
    const error = new Error('broken');
    inFlight[9]?.fail(error);
    await expect(next).rejects.toBe(error);
    expect(inFlight.every(({ signal }) => signal.aborted)).toBe(true);
    // Later results of the others cause neither a page nor an unhandled rejection.
    inFlight[0]?.respond(pageTo('b'));
    for (const { fail } of inFlight) fail(new Error('aborted'));
    await settled();
    expect(calls).toHaveLength(17);
  });

  it('when a request fails while a page of another segment is in use', async () => {
    const { pages, inFlight } = await begin();
    inFlight[9]?.fail(new Error('broken'));
    await settled();
    const aborted = inFlight.filter(({ signal }) => signal.aborted);
    await pages.return();
    expect(aborted).toHaveLength(16);
  });

  it('when a request fails, even if pages of other segments wait', async () => {
    const { pages, calls, inFlight } = await begin();
    const error = new Error('broken');
    inFlight[0]?.respond(pageTo('b'));
    await settled();
    inFlight[9]?.fail(error);
    await settled();
    const next = pages.next();
    await next.catch(() => undefined);
    const made = calls.length;
    await pages.return();
    expect(made).toBe(17);
    await expect(next).rejects.toBe(error);
  });

  it('when a request fails, and fails with the first error', async () => {
    const { pages, inFlight } = await begin();
    const error = new Error('broken');
    inFlight[9]?.fail(error);
    await settled();
    for (const { fail, signal } of inFlight) fail(signal.reason as Error);
    await settled();
    await expect(pages.next()).rejects.toBe(error);
  });

  it('when the consumer returns', async () => {
    const { pages, calls, inFlight } = await begin();
    await pages.return();
    expect(inFlight.every(({ signal }) => signal.aborted)).toBe(true);
    for (const { fail } of inFlight) fail(new Error('aborted'));
    await settled();
    expect(calls).toHaveLength(17);
  });

  it('when the signal aborts, and fails with its reason', async () => {
    const controller = new AbortController();
    const { pages, calls, inFlight } = await begin(controller.signal);
    const next = pages.next();
    const reason = new Error('the client left');
    controller.abort(reason);
    expect(inFlight.every(({ signal }) => signal.aborted)).toBe(true);
    for (const { fail, signal } of inFlight) fail(signal.reason as Error);
    await expect(next).rejects.toBe(reason);
    expect(calls).toHaveLength(17);
  });

  it('but does not abort its signal when it is complete', async () => {
    const { fetchPage, calls } = heldCalls();
    const pages = new Scan(fetchPage, WHOLE).pages(NEVER);
    const first = pages.next();
    calls[0]?.respond(pageOf('a'));
    await first;
    expect(calls[0]?.signal.aborted).toBe(false);
    await expect(pages.next()).resolves.toMatchObject({ done: true });
    expect(calls).toHaveLength(1);
  });
});

describe('hasMore', () => {
  it.each<[string, Page, Partial<ScanPlan>, boolean]>([
    ['is so after a page with a key', pageTo('a'), {}, true],
    ['is so after an empty page with a key', pageTo(), {}, true],
    ['is not so after a page without a key', pageOf('a'), {}, false],
    ['is so while there is room', pageTo('a'), { maxItems: 2 }, true],
    ['is not so without room', pageTo('a'), { maxItems: 1 }, false],
    [
      'is not so without room, though segments are in hand',
      pageTo('a'),
      { ...segments(2), maxItems: 1 },
      false,
    ],
    ['is not so with Limit', pageTo('a'), { limit: 1 }, false],
    ['is so while there are segments', pageOf('a'), segments(2), true],
    ['is so while there are segments that were not begun', pageOf('a'), { segments: 2 }, true],
  ])('%s', async (_, page, plan, expected) => {
    const { fetchPage } = respondingCalls(page);
    const scan = new Scan(fetchPage, { ...WHOLE, ...plan });
    const pages = scan.pages(NEVER);
    await pages.next();
    expect(scan.hasMore()).toBe(expected);
    await pages.return();
  });
});

describe('any plan', () => {
  interface Row {
    id: string;
    passes: boolean;
  }

  /** A table in memory that responds as DynamoDB does: a page that stops at its limit has a key. */
  function tableOf(rows: readonly (readonly Row[])[], isCuttable: boolean) {
    const violations: string[] = [];
    const respond = ({ segment, startKey, limit = 4 }: PageCall): Page => {
      const all = rows[segment] ?? [];
      const start = startKey === undefined ? 0 : all.findIndex(({ id }) => idOf(startKey) === id) + 1;
      const evaluated = all.slice(start, start + Math.min(limit, 4));
      const found = evaluated.filter(({ passes }) => passes).map(({ id }) => id);
      const isStopped = evaluated.length === Math.min(limit, 4);
      const page = {
        ...pageOf(...found),
        scannedCount: evaluated.length,
        lastEvaluatedKey: isStopped ? keyOf(evaluated.at(-1)?.id ?? '') : undefined,
      };
      return isCuttable ? cuttable(page) : page;
    };
    return {
      violations,
      fetchPage(scheduler: fc.Scheduler): FetchPage {
        const inFlight = new Set<number>();
        let calls = 0;
        return async (call) => {
          if (++calls > 1000) throw new Error('the calls have no end');
          if (inFlight.has(call.segment)) violations.push('two calls of one segment at once');
          inFlight.add(call.segment);
          if (inFlight.size > 16) violations.push('more than sixteen segments at once');
          await scheduler.schedule(Promise.resolve(), `segment ${call.segment}`);
          inFlight.delete(call.segment);
          return respond(call);
        };
      },
    };
  }

  function idOf({ id = { S: '' } }: Key): string | undefined {
    return Object.values(id)[0];
  }

  const rows = fc
    .array(fc.array(fc.boolean(), { maxLength: 12 }), { minLength: 1, maxLength: 24 })
    .map((segments) =>
      segments.map((passing, segment) => passing.map((passes, at) => ({ id: `${segment}-${at}`, passes }))),
    );
  const way = fc.record({
    maxItems: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
    pageSize: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    isCuttable: fc.boolean(),
  });

  it('yields every item once, in any order of responses and wherever it stops on the way', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        way,
        fc.scheduler(),
        async (rows, { maxItems, pageSize, isCuttable }, scheduler) => {
          const filtered = rows.flat().some(({ passes }) => !passes);
          const table = tableOf(rows, isCuttable);
          const parts: string[][] = [];
          let position: Position | undefined = { begun: [], next: 0 };
          while (position !== undefined) {
            const plan: ScanPlan = { from: position, segments: rows.length, maxItems, pageSize, filtered };
            const scan = new Scan(table.fetchPage(scheduler), plan);
            const texts = await scheduler.waitFor(textsOf(scan));
            parts.push(
              texts
                .join(',')
                .split(',')
                .filter((id) => id !== ''),
            );
            expect(scan.totals.count).toBe(parts.at(-1)?.length);
            position = scan.position();
            expect(parts.length).toBeLessThanOrEqual(rows.flat().length + 1);
          }
          const passing = rows.flat().filter(({ passes }) => passes);
          expect(parts.flat().sort()).toEqual(passing.map(({ id }) => id).sort());
          expect(parts.slice(0, -1).filter((part) => part.length !== maxItems)).toEqual([]);
          expect(table.violations).toEqual([]);
        },
      ),
      { numRuns: 300, plugins: [fc.interruptAfterTimeLimit(10_000)] },
    );
  });
});
