/** Tests reads by key, and numbers that JavaScript rounds, on a table with a sort key. */
import { createClient, exactNumber, type QueryKey } from 'scan-records-client';
import { serveTable, type ServedTable } from './servedTable';

interface Item {
  pk: string;
  sk: number;
  big: number | bigint | string;
}

const BIG = '12345678901234567890123456789012345678';
const FRACTION = '0.12345678901234567890123456789012345678';

let table: ServedTable;

beforeAll(async () => {
  const items = ['a', 'b'].flatMap((pk) =>
    [1, 2, 3, 4].map((sk) => ({
      pk: { S: pk },
      sk: { N: String(sk) },
      big: { N: sk === 1 ? BIG : sk === 2 ? FRACTION : '7' },
    })),
  );
  table = await serveTable(items, {}, [
    { name: 'pk', type: 'S' },
    { name: 'sk', type: 'N' },
  ]);
});
afterAll(() => table.close());

it.each<[key: QueryKey<Item>, sortKeys: number[]]>([
  [{ pk: 'a' }, [1, 2, 3, 4]],
  [{ pk: 'b', sk: 2 }, [2]],
  [{ pk: 'b', sk: { gt: 2 } }, [3, 4]],
  [{ sk: { between: [2, 3] }, pk: 'b' }, [2, 3]],
  [{ pk: 'c' }, []],
])('returns the items of the key %j in order', async (key, sortKeys) => {
  const records = createClient<Item>(table.url);
  const items = await records.query({ key });
  expect(items.map(({ sk }) => sk)).toEqual(sortKeys);
  expect(await records.count({ key })).toBe(sortKeys.length);
  const descending = await records.query({ key, descending: true, select: ['sk'] });
  expect(descending).toEqual(sortKeys.toReversed().map((sk) => ({ sk })));
});

it('streams a partition page by page', async () => {
  const sizes: number[] = [];
  for await (const { items } of createClient<Item>(table.url).pages({ key: { pk: 'a' }, pageSize: 3 })) {
    sizes.push(items.length);
  }
  expect(sizes).toEqual([3, 1]);
});

it('rejects get with a part of the key if several items have it', async () => {
  const records = createClient<Item>(table.url);
  expect((await records.get({ pk: 'a', sk: 3 }))?.big).toBe(7);
  await expect(records.get({ pk: 'a' })).rejects.toMatchObject({ code: 'KeyNotUnique' });
});

it('returns numbers as the mode says', async () => {
  async function bigNumbers(numbers?: 'number' | 'string' | 'bigint-when-unsafe'): Promise<unknown[]> {
    const records = createClient<Item>(table.url, { ...(numbers !== undefined && { numbers }) });
    return (await records.query({ key: { pk: 'a', sk: { le: 3 } } })).map(({ big }) => big);
  }
  expect(await bigNumbers()).toEqual([Number(BIG), Number(FRACTION), 7]);
  expect(await bigNumbers('string')).toEqual([BIG, FRACTION, '7']);
  expect(await bigNumbers('bigint-when-unsafe')).toEqual([BigInt(BIG), FRACTION, 7]);
});

it('compares with all digits of a bigint and of an exact number', async () => {
  const records = createClient<Item>(table.url);
  expect(await records.count({ filter: { big: { eq: BigInt(BIG) } } })).toBe(2);
  expect(await records.count({ filter: { big: { eq: BigInt(BIG) + 1n } } })).toBe(0);
  expect(await records.count({ filter: { big: { eq: exactNumber(FRACTION) } } })).toBe(2);
});
