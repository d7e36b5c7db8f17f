/** Tests the types: the compiler reports each `@ts-expect-error` that is not an error. */
import { createClient, exactNumber, not, or, type Filter, type QueryKey } from 'scan-records-client';

interface Earthquake {
  id: string;
  mag: number;
  tsunami: boolean;
  alert: 'green' | 'red' | null;
  felt?: number;
  sources: string[];
  box: { width: number; unit?: string };
  depth: `${number}`;
}

const filters: Filter<Earthquake>[] = [
  { mag: 5 },
  { mag: { gt: 5n, lt: exactNumber('5.5') } },
  { id: { beginsWith: 'nc' }, alert: 'green' },
  { alert: { in: ['red', null] } },
  { felt: { exists: false } },
  { sources: { contains: 'ci', size: { gt: 1 } } },
  { sources: { eq: new Set(['ci']) } },
  { box: { where: { width: { between: [1, 2] }, unit: 'm' } } },
  { depth: { ge: exactNumber('0.1') } },
  or({ mag: { gt: 5 } }, not({ id: 'x' })),
  // @ts-expect-error: the attribute does not exist
  { magnitude: 5 },
  // @ts-expect-error: a number is not compared with a string
  { mag: { gt: '5' } },
  // @ts-expect-error: a number has no beginning
  { mag: { beginsWith: 5 } },
  // @ts-expect-error: booleans have no order
  { tsunami: { gt: true } },
  // @ts-expect-error: not one of the values
  { alert: 'orange' },
  // @ts-expect-error: the elements are strings
  { sources: { contains: 1 } },
  // @ts-expect-error: a map has no such attribute
  { box: { where: { height: 1 } } },
  // @ts-expect-error: a list has no attributes
  { sources: { where: {} } },
  // @ts-expect-error: numbers that arrive as strings are compared with numbers
  { depth: { ge: '0.1' } },
  // @ts-expect-error: no such operator
  { mag: { above: 5 } },
  // @ts-expect-error: no such type
  { mag: { type: 'number' } },
  // @ts-expect-error: the combined filters are checked too
  or({ mag: { gt: 5 } }, { place: 'x' }),
];

const keys: QueryKey<Earthquake>[] = [
  { id: 'a' },
  { id: 'a', mag: { between: [1, 2] } },
  // @ts-expect-error: not an operator of a key
  { id: { contains: 'a' } },
  // @ts-expect-error: the attribute is a string
  { id: 1 },
];

it('checks attribute names and operand types when it compiles', () => {
  expect([filters.length, keys.length]).toEqual([22, 4]);
});

it('returns the type of the selected attributes', () => {
  const records = createClient<Earthquake>('http://localhost');
  async function read(): Promise<unknown[]> {
    const selected = await records.get({ id: 'a' }, { select: ['id', 'felt'] });
    const felt: number | undefined = selected?.felt;
    // @ts-expect-error: not selected
    const mag: unknown = selected?.mag;
    const [all] = await records.query({ key: { id: 'a' } });
    const box: { width: number } | undefined = all?.box;
    // @ts-expect-error: the attribute does not exist
    records.scan({ select: ['magnitude'] });
    // @ts-expect-error: a query needs a key
    await records.query({});
    // @ts-expect-error: only one of the three modes
    createClient('http://localhost', { numbers: 'bigint' });
    for await (const item of createClient('http://localhost').scan({ filter: { any: { gt: 5 } } }))
      return [item.any];
    return [felt, mag, box];
  }
  expect(read).toBeDefined();
});
