import { PageSize } from '../src/pageSize';

const items = (count: number) => Array.from({ length: count }, () => ({}));
const scan = () => new PageSize({ isFiltered: false, readUnitsPerSecond: undefined });

it('begins with a small page and grows to pages of about a million characters', () => {
  const size = scan();
  const sizes: number[] = [];
  for (let page = 0; page < 4; page++) {
    const { MaxItems } = size.parameters(Infinity);
    sizes.push(MaxItems);
    size.learn({ items: items(MaxItems), chars: MaxItems * 1024 });
  }
  expect(sizes).toEqual([200, 800, 1024, 1024]);
});

it('shrinks at once when items are larger', () => {
  const size = scan();
  size.learn({ items: items(200), chars: 200 * 400 * 1024 });
  expect(size.parameters(Infinity).MaxItems).toBe(2);
  size.learn({ items: items(2), chars: 8 * 1024 * 1024 });
  expect(size.parameters(Infinity).MaxItems).toBe(1);
});

it('requests no more items than are wanted', () => {
  expect(scan().parameters(3).MaxItems).toBe(3);
});

it('limits a filtered page only by its read units', () => {
  const size = new PageSize({ isFiltered: true, readUnitsPerSecond: undefined });
  size.learn({ items: items(10), chars: 1000 });
  expect(size.parameters(Infinity)).toEqual({ MaxItems: 100_000, MaxReadUnits: 512 });
});

it('reads no more in one page than the rate limit allows in about ten seconds', () => {
  const size = new PageSize({ isFiltered: false, readUnitsPerSecond: 2 });
  expect(size.parameters(Infinity).MaxReadUnits).toBe(20);
});

it('halves a page that is too large to be buffered, until it has one item', () => {
  const size = scan();
  let halvings = 0;
  while (size.shrink('AnswerTooLarge')) halvings++;
  expect(halvings).toBe(8);
  expect(size.parameters(Infinity)).toEqual({ MaxItems: 1, MaxReadUnits: 2 });
});

it('leaves the read limit to a server that rejects the first request, and only once', () => {
  const size = scan();
  expect(size.shrink('InvalidRequest')).toBe(true);
  expect(size.parameters(Infinity).MaxReadUnits).toBeUndefined();
  expect(size.shrink('InvalidRequest')).toBe(false);
});

it('takes a later rejection for an error', () => {
  const size = scan();
  size.learn({ items: items(1), chars: 10 });
  expect(size.shrink('InvalidRequest')).toBe(false);
  expect(size.shrink('TableNotAllowed')).toBe(false);
});
