import { describeWithChromium } from '../../../test/helpers/describeWithChromium';
import type { Item } from '../src/data/attributeValue';
import { binNumbers, binTimes } from '../src/data/histogram';
import { Summarizer } from '../src/data/summary';
import { Consoles } from './helpers/page';
import { sendItems } from './helpers/servedConsole';

describe('binNumbers', () => {
  it('counts every value once, in bins with round limits', () => {
    const values = Array.from({ length: 1000 }, (_, index) => index / 100);
    const { from, step, counts } = binNumbers(values) ?? { counts: [] };
    expect([from, step]).toEqual([0, 0.5]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
  });

  it.each([
    ['one value', [5], 1],
    ['equal values', [7, 7, 7], 1],
    ['negative values', [-3, -2, -1], 3],
  ])('has bins for %s', (_, values, total) => {
    const histogram = binNumbers(values);
    expect(histogram?.total).toBe(values.length);
    expect(histogram?.counts.filter((count) => count > 0)).toHaveLength(total);
  });

  it.each([[[1e125, -1e125]], [[1e-130, 2e-130]], [[9007199254740992, 9007199254740994]]])(
    'has few bins for the extreme values %j',
    (values) => {
      expect(binNumbers(values)?.counts.length).toBeLessThan(50);
    },
  );

  it('returns undefined without values', () => {
    expect(binNumbers([])).toBeUndefined();
  });
});

describe('binTimes', () => {
  it('uses whole days for a month', () => {
    const day = 86_400_000;
    const times = Array.from({ length: 30 }, (_, index) => Date.UTC(2024, 0, 1) + index * day);
    expect(binTimes(times)).toMatchObject({ step: day, counts: times.map(() => 1) });
  });
});

describe('Summarizer', () => {
  const summaryOf = (items: object[], name: string) => {
    const summarizer = new Summarizer();
    for (const item of items) summarizer.add(item as Item);
    return summarizer.summaries().find((summary) => summary.name === name);
  };

  it('counts types and values, and the elements of sets', () => {
    const items = [{ a: { S: '1' } }, { a: { N: '1' } }, { a: { SS: ['1', '2'] } }, {}];
    expect(summaryOf(items, 'a')).toMatchObject({
      present: 3,
      types: [
        ['S', 1],
        ['N', 1],
        ['SS', 1],
      ],
      top: [
        { type: 'S', text: '1', count: 2 },
        { type: 'S', text: '2', count: 1 },
        { type: 'N', text: '1', count: 1 },
      ],
      distinct: 3,
    });
  });

  it.each([
    ['ISO dates', { S: '2018-02-07T01:26:13.840Z' }],
    ['milliseconds', { N: '1517966773840' }],
    ['seconds', { N: '1517966773' }],
  ])('recognizes %s as times', (_, value) => {
    expect(new Date(summaryOf([{ at: value }], 'at')?.times?.min ?? 0).getUTCFullYear()).toBe(2018);
  });

  it.each([
    ['small numbers', { N: '5' }],
    ['text that begins with a number', { S: '2018 items' }],
  ])('does not take %s for times', (_, value) => {
    expect(summaryOf([{ at: value }], 'at')?.times).toBeUndefined();
  });

  it('finds coordinates in lists of two or three numbers', () => {
    const list = (...numbers: number[]) => ({ at: { L: numbers.map((number) => ({ N: String(number) })) } });
    expect(summaryOf([list(-118.6, 34.4, 26), list(1), list(500, 1)], 'at')?.points).toEqual([
      [-118.6, 34.4],
    ]);
  });

  it('has a summary for an attribute named __proto__', () => {
    const items = [JSON.parse('{"__proto__":{"N":"1"}}') as object];
    expect(summaryOf(items, '__proto__')?.present).toBe(1);
  });
});

describeWithChromium('the charts', () => {
  const consoles = new Consoles();
  afterEach(() => consoles.closePages());
  afterAll(() => consoles.close());

  const items = Array.from(
    { length: 50 },
    (_, index) => `{"id":{"S":"i${index}"},"mag":{"N":"${index}"},"net":{"S":"${index < 40 ? 'ci' : 'us'}"}}`,
  );

  it('say how many items they stand on, and that a read is not complete', async () => {
    const { page } = await consoles.open(
      ({ StartingToken }, response) =>
        StartingToken === undefined ? sendItems(response, items, { NextToken: 't' }) : response.destroy(),
      { fragment: 'tab=charts' },
    );
    const basis = page.getByText(/^Based on/);
    await basis.waitFor();
    expect(await basis.innerText()).toContain('the 50 items on this page. The read is not complete');
  });

  it('show the distribution of numbers, and filter by a frequent value', async () => {
    const { page, server } = await consoles.open((_, response) => sendItems(response, items), {
      fragment: 'tab=charts',
    });
    await page.getByText('Based on 50 items: all that match.').waitFor();
    await page.getByRole('img', { name: /Numbers of mag: 50 values from 0 to 49/ }).waitFor();
    const response = page.waitForResponse(/scanRecords/);
    await page.getByRole('region', { name: 'net' }).getByRole('button', { name: 'ci 40' }).click();
    await response;
    expect(server.scans.at(-1)).toMatchObject({ FilterExpression: '#net = :v0' });
  });
});
