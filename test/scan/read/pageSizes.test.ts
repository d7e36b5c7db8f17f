import fc from 'fast-check';
import { PageSizes, type CallSize } from '../../../src/scan/read/pageSizes';

const READS = [
  { reads: 'eventually consistent', consistentRead: false, factor: 1 },
  { reads: 'strongly consistent', consistentRead: true, factor: 2 },
];

describe.each(READS)('page sizes for $reads reads', ({ consistentRead, factor }) => {
  let sizes: PageSizes;

  beforeEach(() => {
    sizes = new PageSizes(consistentRead);
  });

  it.each([
    { units: 1, records: 1, cost: 50 },
    { units: 99, records: 1, cost: 50 },
    { units: 100, records: 2, cost: 100 },
    { units: 1000, records: 20, cost: 128.5 },
  ])('take records for as large as they can be, at first, for $units units', ({ units, records, cost }) => {
    expect(sizes.next(units * factor, Infinity)).toEqual({ records, units: cost * factor });
  });

  it.each<{ told: CallSize; units: number; next: CallSize; why: string }>([
    { told: { records: 10, units: 5 }, units: 8, next: { records: 16, units: 8 }, why: 'as the last' },
    { told: { records: 10, units: 5 }, units: 2, next: { records: 4, units: 2 }, why: 'as the last' },
    { told: { records: 10, units: 5 }, units: 0.7, next: { records: 1, units: 0.5 }, why: 'rounded down' },
    {
      told: { records: 1, units: 40 },
      units: 4,
      next: { records: 1, units: 40 },
      why: 'where one is too many',
    },
    {
      told: { records: 10, units: 5 },
      units: 900,
      next: { records: 20, units: 10 },
      why: 'twice the last',
    },
    {
      told: { records: 5, units: 0.5 },
      units: 900,
      next: { records: 10, units: 0.5 },
      why: 'twice the last, which cost the least there is and might have had twice as many for it',
    },
    {
      told: { records: 500, units: 100 },
      units: 200,
      next: { records: 1000, units: 128.5 },
      why: 'at what a whole page costs',
    },
  ])('take $next.records records for $units units after $told: $why', ({ told, units, next }) => {
    sizes.learn({ records: told.records, units: told.units * factor });
    expect(sizes.next(units * factor, Infinity)).toEqual({
      records: next.records,
      units: next.units * factor,
    });
  });

  it('take no more records than may be evaluated', () => {
    sizes.learn({ records: 10, units: 5 * factor });
    expect(sizes.next(8 * factor, 3)).toEqual({ records: 3, units: 1.5 * factor });
  });

  it('learn nothing from a call that evaluated no record', () => {
    sizes.learn({ records: 10, units: 5 * factor });
    sizes.learn({ records: 0, units: 0.5 * factor });
    expect(sizes.next(5 * factor, Infinity)).toEqual({ records: 10, units: 5 * factor });
  });

  it.each<{ calls: CallSize[]; next: CallSize; why: string }>([
    {
      calls: [
        { records: 1, units: 4 },
        { records: 10, units: 5 },
      ],
      next: { records: 2, units: 6.4 },
      why: 'there may be more of the large records',
    },
    {
      calls: [{ records: 1, units: 4 }, ...Array.from({ length: 20 }, () => ({ records: 10, units: 5 }))],
      next: { records: 16, units: 8 },
      why: 'a large record is forgotten in the end',
    },
    {
      calls: [
        { records: 100, units: 1 },
        { records: 1, units: 4 },
      ],
      next: { records: 2, units: 8 },
      why: 'records have become larger',
    },
    {
      calls: [
        { records: 100, units: 4 },
        { records: 1, units: 0.04 },
        { records: 1, units: 0.04 },
      ],
      next: { records: 50, units: 1.28 },
      why: 'a call that was to evaluate few is no reason to begin anew',
    },
  ])('take $next.records records: $why', ({ calls, next }) => {
    for (const { records, units } of calls) sizes.learn({ records, units: units * factor });
    const size = sizes.next(8 * factor, Infinity);
    expect(size.records).toBe(next.records);
    expect(size.units).toBeCloseTo(next.units * factor, 10);
  });

  it('come to what the calls should cost within twenty calls, where records are alike', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 400_000 }),
        fc.integer({ min: 1, max: 1000 }),
        (bytes, units) => {
          const table = new PageSizes(consistentRead);
          let cost = 0;
          for (let call = 0; call < 20; call++) {
            const { records } = table.next(units * factor, Infinity);
            const read = Math.min(records, Math.ceil(1_048_576 / bytes));
            cost = (Math.ceil((read * bytes) / 4096) / 2) * factor;
            table.learn({ records: read, units: cost });
          }
          // Never more than asked for and what rounding to 4 KB adds, but where one record is more.
          const one = (Math.ceil(bytes / 4096) / 2) * factor;
          expect(cost).toBeLessThanOrEqual(Math.max(one, (units + 0.5) * factor));
          expect(cost).toBeGreaterThanOrEqual(Math.min(units * factor - one, 128 * factor) * 0.5);
        },
      ),
    );
  });

  it('are whole, at least one record, and never cost less than the least or more than a whole page', () => {
    const call = fc.record({
      records: fc.integer({ min: 0, max: 50_000 }),
      units: fc.integer({ min: 1, max: 257 }).map((halves) => (halves / 2) * factor),
    });
    fc.assert(
      fc.property(fc.array(call), fc.double({ min: 0.01, max: 1e9, noNaN: true }), (calls, units) => {
        const table = new PageSizes(consistentRead);
        for (const told of calls) table.learn(told);
        const next = table.next(units, Infinity);
        expect(Number.isInteger(next.records)).toBe(true);
        expect(next.records).toBeGreaterThanOrEqual(1);
        expect(next.units).toBeGreaterThanOrEqual(0.5 * factor);
        expect(next.units).toBeLessThanOrEqual(128.5 * factor);
      }),
    );
  });
});
