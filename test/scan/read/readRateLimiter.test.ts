import fc from 'fast-check';
import { ReadRateLimiter } from '../../../src/scan/read/readRateLimiter';

const WINDOW = 2000;

/** A signal that never aborts. */
function patient(): AbortSignal {
  return new AbortController().signal;
}

/** An admitted request, with its times in milliseconds of the test. */
interface Call {
  name: string;
  units: number;
  begunAt: number;
  endedAt: number;
}

describe('ReadRateLimiter', () => {
  let calls: Call[];
  let startedAt: number;

  beforeEach(() => {
    jest.useFakeTimers();
    calls = [];
    startedAt = performance.now();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  /** Sends a request as soon as the limiter admits it. */
  async function call(
    budget: ReadRateLimiter,
    name: string,
    { units, estimate = units, takes = 0, signal = patient() }: CallOptions,
  ): Promise<void> {
    const settle = await budget.admit(() => estimate, signal);
    const begun = { name, units, begunAt: performance.now() - startedAt, endedAt: Infinity };
    calls.push(begun);
    if (takes > 0) await new Promise((resolve) => setTimeout(resolve, takes));
    begun.endedAt = performance.now() - startedAt;
    settle(units);
  }

  interface CallOptions {
    units: number;
    estimate?: number;
    takes?: number;
    signal?: AbortSignal;
  }

  const begun = () => calls.map(({ name, begunAt }) => `${name} at ${begunAt}`);

  it('admits the first request at once', async () => {
    void call(new ReadRateLimiter(10), 'a', { units: 20 });
    await jest.advanceTimersByTimeAsync(0);
    expect(begun()).toEqual(['a at 0']);
  });

  it.each([
    { rate: 10, units: 5, takes: 0, at: [0, 500, 1000, 1500, 2000, 2500] },
    { rate: 10, units: 5, takes: 200, at: [0, 500, 1000, 1500, 2200, 2700] },
    { rate: 100, units: 0.5, takes: 0, at: [0, 5, 10, 15, 20, 25] },
    { rate: 10, units: 20, takes: 0, at: [0, 2000, 4000, 6000, 8000, 10000] },
    // A window has room for one.
    { rate: 10, units: 11, takes: 300, at: [0, 2300, 4600, 6900, 9200, 11500] },
    // None fits into a window: each runs alone, and is paid for before the next.
    { rate: 10, units: 50, takes: 300, at: [0, 5000, 10000, 15000, 20000, 25000] },
  ])('starts requests of $units units, $takes ms each, at $rate units per second at $at', async (scene) => {
    const budget = new ReadRateLimiter(scene.rate);
    for (const name of scene.at.map(String)) void call(budget, name, scene);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(calls.map(({ begunAt }) => begunAt)).toEqual(scene.at);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('admits requests in order of arrival, a small one after a large one', async () => {
    const budget = new ReadRateLimiter(10);
    void call(budget, 'first', { units: 20 });
    void call(budget, 'large', { units: 15 });
    void call(budget, 'small', { units: 0.5 });
    await jest.advanceTimersByTimeAsync(2000);
    expect(begun()).toEqual(['first at 0', 'large at 2000']);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(begun()).toEqual(['first at 0', 'large at 2000', 'small at 3500']);
  });

  it.each([
    { what: 'more', units: 15, at: 1500 },
    { what: 'less', units: 2, at: 400 },
  ])('charges the consumed units if they are $what than the estimate', async ({ units, at }) => {
    const budget = new ReadRateLimiter(10);
    void call(budget, 'wrong', { units, estimate: 5, takes: 400 });
    void call(budget, 'next', { units: 1 });
    await jest.advanceTimersByTimeAsync(10_000);
    expect(begun()).toEqual(['wrong at 0', `next at ${at}`]);
  });

  it('calls the estimate again when the request may start', async () => {
    const budget = new ReadRateLimiter(10);
    let estimate = 20;
    void call(budget, 'first', { units: 5, takes: 100 });
    const second = budget.admit(() => estimate, patient());
    await jest.advanceTimersByTimeAsync(50);
    estimate = 5;
    await jest.advanceTimersByTimeAsync(450);
    (await second)(5);
    void call(budget, 'third', { units: 1 });
    await jest.advanceTimersByTimeAsync(10_000);
    expect(begun()).toEqual(['first at 0', 'third at 1000']);
  });

  it('counts a request in flight, however long it takes', async () => {
    const budget = new ReadRateLimiter(10);
    void call(budget, 'slow', { units: 12, takes: 60_000 });
    void call(budget, 'too large beside it', { units: 9 });
    await jest.advanceTimersByTimeAsync(61_999);
    expect(begun()).toEqual(['slow at 0']);
    await jest.advanceTimersByTimeAsync(1);
    expect(begun()).toEqual(['slow at 0', 'too large beside it at 62000']);
  });

  it('does not save up unused capacity', async () => {
    const budget = new ReadRateLimiter(10);
    void call(budget, 'before', { units: 1 });
    await jest.advanceTimersByTimeAsync(60_000);
    for (const name of ['a', 'b', 'c', 'd', 'e']) void call(budget, name, { units: 5 });
    await jest.advanceTimersByTimeAsync(60_000);
    expect(begun().slice(1)).toEqual(['a at 60000', 'b at 60500', 'c at 61000', 'd at 61500', 'e at 62000']);
  });

  it('admits a request that exceeds a window alone, and has it paid for afterwards', async () => {
    const budget = new ReadRateLimiter(10);
    void call(budget, 'before', { units: 5, takes: 100 });
    void call(budget, 'huge', { units: 100, takes: 100 });
    void call(budget, 'after', { units: 1 });
    await jest.advanceTimersByTimeAsync(60_000);
    expect(begun()).toEqual(['before at 0', 'huge at 2100', 'after at 12100']);
  });

  describe('when a waiting request is aborted', () => {
    it.each(['large', 'first in the row', 'last in the row'])('rejects the request: %s', async (which) => {
      const budget = new ReadRateLimiter(10);
      const leaving = new AbortController();
      void call(budget, 'first', { units: 20 });
      const row = ['first in the row', 'large', 'last in the row'];
      const outcomes = row.map((name) =>
        call(budget, name, { units: 5, ...(name === which && { signal: leaving.signal }) }).then(
          () => 'called',
          (error: unknown) => error,
        ),
      );
      const reason = new Error('left');
      await jest.advanceTimersByTimeAsync(1000);
      leaving.abort(reason);
      await jest.advanceTimersByTimeAsync(10_000);
      expect(await Promise.all(outcomes)).toEqual(row.map((name) => (name === which ? reason : 'called')));
      const rest = row.filter((name) => name !== which);
      expect(begun()).toEqual(['first at 0', `${rest[0] ?? ''} at 2000`, `${rest[1] ?? ''} at 2500`]);
    });

    it('admits the next request at once if only the aborted one was too large', async () => {
      const budget = new ReadRateLimiter(10);
      const leaving = new AbortController();
      void call(budget, 'first', { units: 1, takes: 60_000 });
      const large = call(budget, 'large', { units: 20, signal: leaving.signal });
      void call(budget, 'small', { units: 1 });
      await jest.advanceTimersByTimeAsync(700);
      leaving.abort();
      await expect(large).rejects.toThrow();
      expect(begun()).toEqual(['first at 0', 'small at 700']);
    });

    it('keeps no timer for the request', async () => {
      const budget = new ReadRateLimiter(10);
      const leaving = new AbortController();
      void call(budget, 'first', { units: 20 });
      await jest.advanceTimersByTimeAsync(1);
      const waiting = call(budget, 'waiting', { units: 20, signal: leaving.signal });
      expect(jest.getTimerCount()).toBe(1);
      leaving.abort();
      await expect(waiting).rejects.toThrow();
      expect(jest.getTimerCount()).toBe(0);
    });

    it('rejects a request whose signal is already aborted', async () => {
      const budget = new ReadRateLimiter(10);
      const reason = new Error('left');
      await expect(budget.admit(() => 20, AbortSignal.abort(reason))).rejects.toBe(reason);
      void call(budget, 'next', { units: 20 });
      await jest.advanceTimersByTimeAsync(0);
      expect(begun()).toEqual(['next at 0']);
    });

    it('removes its listener from the signal of an admitted request', async () => {
      const budget = new ReadRateLimiter(10);
      const leaving = new AbortController();
      const first = call(budget, 'first', { units: 5, takes: 100, signal: leaving.signal });
      void call(budget, 'next', { units: 5 });
      await jest.advanceTimersByTimeAsync(50);
      leaving.abort();
      await jest.advanceTimersByTimeAsync(10_000);
      await expect(first).resolves.toBeUndefined();
      expect(begun()).toEqual(['first at 0', 'next at 500']);
    });
  });

  const anyCall = fc.record({
    units: fc.integer({ min: 1, max: 60 }).map((halves) => halves / 2),
    takes: fc.integer({ min: 0, max: 700 }),
    comesAfter: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 4000 })),
  });

  it('limits any two seconds to twice the rate, whenever during a request its units are consumed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.array(anyCall, { minLength: 1, maxLength: 60 }),
        fc.array(fc.constantFrom(0, 0.3, 1), { minLength: 1, maxLength: 7 }),
        async (rate, asked, moments) => {
          calls = [];
          startedAt = performance.now();
          const budget = new ReadRateLimiter(rate);
          const all: Promise<void>[] = [];
          for (const [index, one] of asked.entries()) {
            if (one.comesAfter > 0) await jest.advanceTimersByTimeAsync(one.comesAfter);
            all.push(call(budget, String(index), one));
          }
          await jest.runAllTimersAsync();
          await Promise.all(all);

          expect(calls.map(({ name }) => name)).toEqual(asked.map((_, index) => String(index)));
          const consumed = calls.map(({ units, begunAt, endedAt }, index) => ({
            units,
            at: begunAt + (endedAt - begunAt) * (moments[index % moments.length] ?? 0),
          }));
          for (const { at } of consumed) {
            const window = consumed.filter((other) => other.at >= at && other.at < at + WINDOW);
            const sum = window.reduce((total, { units }) => total + units, 0);
            // Only a request that is larger than the window may exceed it, and then it runs alone.
            expect(window.length === 1 || sum <= 2 * rate).toBe(true);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
