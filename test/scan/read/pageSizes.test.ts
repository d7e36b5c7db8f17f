import fc from 'fast-check';
import { PageSizes, type RequestSize } from '../../../src/scan/read/pageSizes';

const READS = [
  { reads: 'eventually consistent', consistentRead: false, factor: 1 },
  { reads: 'strongly consistent', consistentRead: true, factor: 2 },
];

describe.each(READS)('PageSizes for $reads reads', ({ consistentRead, factor }) => {
  let sizes: PageSizes;

  beforeEach(() => {
    sizes = new PageSizes(consistentRead);
  });

  it.each([
    { units: 1, items: 1, cost: 50 },
    { units: 99, items: 1, cost: 50 },
    { units: 100, items: 2, cost: 100 },
    { units: 1000, items: 20, cost: 128.5 },
  ])('assumes the largest items at first, for $units units', ({ units, items, cost }) => {
    expect(sizes.next(units * factor, Infinity)).toEqual({ items, units: cost * factor });
  });

  it.each<{ told: RequestSize; units: number; next: RequestSize; why: string }>([
    { told: { items: 10, units: 5 }, units: 8, next: { items: 16, units: 8 }, why: 'as the last' },
    { told: { items: 10, units: 5 }, units: 2, next: { items: 4, units: 2 }, why: 'as the last' },
    { told: { items: 10, units: 5 }, units: 0.7, next: { items: 1, units: 0.5 }, why: 'rounded down' },
    {
      told: { items: 1, units: 40 },
      units: 4,
      next: { items: 1, units: 40 },
      why: 'where one is too many',
    },
    {
      told: { items: 10, units: 5 },
      units: 900,
      next: { items: 20, units: 10 },
      why: 'twice the last',
    },
    {
      told: { items: 5, units: 0.5 },
      units: 900,
      next: { items: 10, units: 0.5 },
      why: 'twice the last, which cost the least there is and might have had twice as many for it',
    },
    {
      told: { items: 500, units: 100 },
      units: 200,
      next: { items: 1000, units: 128.5 },
      why: 'at what a whole page costs',
    },
  ])('chooses $next.items items for $units units after $told: $why', ({ told, units, next }) => {
    sizes.learn({ items: told.items, units: told.units * factor });
    expect(sizes.next(units * factor, Infinity)).toEqual({
      items: next.items,
      units: next.units * factor,
    });
  });

  it('never exceeds the maximum number of items', () => {
    sizes.learn({ items: 10, units: 5 * factor });
    expect(sizes.next(8 * factor, 3)).toEqual({ items: 3, units: 1.5 * factor });
  });

  it('learns nothing from a request that evaluated no item', () => {
    sizes.learn({ items: 10, units: 5 * factor });
    sizes.learn({ items: 0, units: 0.5 * factor });
    expect(sizes.next(5 * factor, Infinity)).toEqual({ items: 10, units: 5 * factor });
  });

  it.each<{ calls: RequestSize[]; next: RequestSize; why: string }>([
    {
      calls: [
        { items: 1, units: 4 },
        { items: 10, units: 5 },
      ],
      next: { items: 2, units: 6.4 },
      why: 'there may be more of the large items',
    },
    {
      calls: [{ items: 1, units: 4 }, ...Array.from({ length: 20 }, () => ({ items: 10, units: 5 }))],
      next: { items: 16, units: 8 },
      why: 'a large record is forgotten in the end',
    },
    {
      calls: [
        { items: 100, units: 1 },
        { items: 1, units: 4 },
      ],
      next: { items: 2, units: 8 },
      why: 'items have become larger',
    },
    {
      calls: [
        { items: 100, units: 4 },
        { items: 1, units: 0.04 },
        { items: 1, units: 0.04 },
      ],
      next: { items: 50, units: 1.28 },
      why: 'a call that was to evaluate few is no reason to begin anew',
    },
  ])('chooses $next.items items: $why', ({ calls, next }) => {
    for (const { items, units } of calls) sizes.learn({ items, units: units * factor });
    const size = sizes.next(8 * factor, Infinity);
    expect(size.items).toBe(next.items);
    expect(size.units).toBeCloseTo(next.units * factor, 10);
  });

  it('reaches the intended cost within twenty requests if items are alike', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 400_000 }),
        fc.integer({ min: 1, max: 1000 }),
        (bytes, units) => {
          const table = new PageSizes(consistentRead);
          let cost = 0;
          for (let call = 0; call < 20; call++) {
            const { items } = table.next(units * factor, Infinity);
            const read = Math.min(items, Math.ceil(1_048_576 / bytes));
            cost = (Math.ceil((read * bytes) / 4096) / 2) * factor;
            table.learn({ items: read, units: cost });
          }
          // Never more than intended plus the rounding to 4 KB, unless a single item costs more.
          const one = (Math.ceil(bytes / 4096) / 2) * factor;
          expect(cost).toBeLessThanOrEqual(Math.max(one, (units + 0.5) * factor));
          expect(cost).toBeGreaterThanOrEqual(Math.min(units * factor - one, 128 * factor) * 0.5);
        },
      ),
    );
  });

  it('returns a whole number of at least one item, and a cost between the minimum and a full page', () => {
    const call = fc.record({
      items: fc.integer({ min: 0, max: 50_000 }),
      units: fc.integer({ min: 1, max: 257 }).map((halves) => (halves / 2) * factor),
    });
    fc.assert(
      fc.property(fc.array(call), fc.double({ min: 0.01, max: 1e9, noNaN: true }), (calls, units) => {
        const table = new PageSizes(consistentRead);
        for (const told of calls) table.learn(told);
        const next = table.next(units, Infinity);
        expect(Number.isInteger(next.items)).toBe(true);
        expect(next.items).toBeGreaterThanOrEqual(1);
        expect(next.units).toBeGreaterThanOrEqual(0.5 * factor);
        expect(next.units).toBeLessThanOrEqual(128.5 * factor);
      }),
    );
  });
});
