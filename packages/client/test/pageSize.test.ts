import { PageSize } from '../src/pageSize';

const FAST_MS = 10;

const items = (count: number) => Array.from({ length: count }, () => ({}));
const scan = () => new PageSize({ isFiltered: false, readUnitsPerSecond: undefined });
const filteredScan = () => new PageSize({ isFiltered: true, readUnitsPerSecond: undefined });
const rejection = (code: string, message = '') => ({ code, message });

it('begins with a small page and grows to pages of about a million characters', () => {
  const size = scan();
  const sizes: number[] = [];
  for (let page = 0; page < 4; page++) {
    const { MaxItems } = size.parameters(Infinity);
    sizes.push(MaxItems);
    size.learn({ items: items(MaxItems), chars: MaxItems * 1024 }, FAST_MS);
  }
  expect(sizes).toEqual([200, 800, 1024, 1024]);
});

it('shrinks at once when items are larger', () => {
  const size = scan();
  size.learn({ items: items(200), chars: 200 * 400 * 1024 }, FAST_MS);
  expect(size.parameters(Infinity).MaxItems).toBe(2);
  size.learn({ items: items(2), chars: 8 * 1024 * 1024 }, FAST_MS);
  expect(size.parameters(Infinity).MaxItems).toBe(1);
});

it('requests no more items than are wanted', () => {
  expect(scan().parameters(3).MaxItems).toBe(3);
});

it('limits a filtered page only by its read units', () => {
  const size = filteredScan();
  expect(size.parameters(Infinity)).toMatchObject({ MaxItems: 100_000, MaxReadUnits: 128 });
  size.learn({ items: items(10), chars: 1000 }, FAST_MS);
  expect(size.parameters(Infinity)).toMatchObject({ MaxItems: 100_000, MaxReadUnits: 512 });
});

it('reads less at once from a slow table, so that a page takes about two seconds', () => {
  const size = filteredScan();
  size.learn({ items: [], chars: 0 }, 16_000);
  expect(size.parameters(Infinity).MaxReadUnits).toBe(16);
  size.learn({ items: [], chars: 0 }, 1000);
  expect(size.parameters(Infinity).MaxReadUnits).toBe(32);
  size.learn({ items: [], chars: 0 }, 1_000_000);
  expect(size.parameters(Infinity).MaxReadUnits).toBe(1);
});

it('reads no more in one page than the rate limit allows in two seconds', () => {
  const size = new PageSize({ isFiltered: false, readUnitsPerSecond: 2 });
  expect(size.parameters(Infinity).MaxReadUnits).toBe(4);
  size.learn({ items: items(200), chars: 1000 }, FAST_MS);
  expect(size.parameters(Infinity).MaxReadUnits).toBe(4);
});

it('waits after a page that consumed more than the rate limit allows in its time', () => {
  const size = new PageSize({ isFiltered: false, readUnitsPerSecond: 5 });
  expect(size.pauseAfter({ readUnits: 12.5 }, 500)).toBe(2000);
  expect(size.pauseAfter({ readUnits: undefined }, 500)).toBeLessThanOrEqual(0);
  expect(scan().pauseAfter({ readUnits: 512 }, 500)).toBeLessThanOrEqual(0);
});

it('limits the items of a filtered page if the server rejects a limit of read units', () => {
  const size = filteredScan();
  size.shrink(rejection('InvalidRequest', 'MaxReadUnits cannot be used here.'));
  expect(size.parameters(Infinity)).toMatchObject({ MaxItems: 200, MaxReadUnits: undefined });
});

it('halves a page that is too large to be buffered, until it has one item', () => {
  const size = scan();
  let halvings = 0;
  while (size.shrink(rejection('AnswerTooLarge'))) halvings++;
  expect(halvings).toBe(8);
  expect(size.parameters(Infinity)).toMatchObject({ MaxItems: 1, MaxReadUnits: 1 });
});

it.each([
  ['MaxReadUnits', 'MaxReadUnits must be at most 50, not 128: that is the limit of this server.'],
  ['ReturnConsumedCapacity', 'ReturnConsumedCapacity cannot be used here: the server hides attributes.'],
] as const)('omits %s if the server rejects it, and only then', (name, message) => {
  const size = scan();
  expect(size.parameters(Infinity)[name]).toBeDefined();
  expect(size.shrink(rejection('InvalidRequest', message))).toBe(true);
  expect(size.parameters(Infinity)[name]).toBeUndefined();
  expect(size.shrink(rejection('InvalidRequest', message))).toBe(false);
});

it.each([
  rejection('InvalidRequest', 'FilterExpression is not valid.'),
  rejection('TableNotAllowed', 'MaxReadUnits is the name of a table.'),
])('does not send a request again after %j', (error) => {
  expect(scan().shrink(error)).toBe(false);
});
