import fc from 'fast-check';
import type { Key } from '../../src/dynamodb/key';
import { readPage, type Page } from '../../src/dynamodb/page';
import { bodyOf } from '../../src/dynamodb/responseBody';
import {
  MalformedResponseError,
  PLAIN_JSON,
  transcodeScan,
  type ItemForm,
} from '../../src/dynamodb/transcoder/transcoder';
import { diceArbitrary, scanResponseArbitrary, writeLoosely } from '../helpers/expectedResults';

const OPTIONS = { countOnly: false, startKey: undefined };

function pageFrom(response: object, options: Partial<Parameters<typeof readPage>[1]> = {}): Page {
  return readPage(bodyOf(Buffer.from(JSON.stringify(response))), { ...OPTIONS, ...options });
}

function contentOf(page: Page) {
  const { encodeItems, release: _release, truncate: _truncate, ...content } = page;
  return { ...content, items: encodeItems(PLAIN_JSON).toString() };
}

/** Three of seven evaluated items, with a key of two attributes. */
const ITEMS = [
  { id: { S: 'é"1' }, at: { N: '9007199254740993' }, tags: { SS: ['x'] } },
  { tags: { NS: ['1'] }, at: { N: '-1.50' }, id: { S: '2' } },
  { at: { N: '3' }, id: { S: '3' } },
];
const KEYS: Key[] = ITEMS.map(({ id, at }) => ({ id, at }));
const BEYOND: Key = { id: { S: 'beyond' }, at: { N: '7' } };
const RESPONSE = { Items: ITEMS, Count: 3, ScannedCount: 7, LastEvaluatedKey: BEYOND };

describe('readPage', () => {
  it('returns the counts, key and capacity of the response', () => {
    const ConsumedCapacity = { TableName: 'Records', CapacityUnits: 128.5 };
    expect(contentOf(pageFrom({ ...RESPONSE, ConsumedCapacity }))).toMatchObject({
      items:
        '{"id":"é\\"1","at":9007199254740993,"tags":["x"]},{"tags":[1],"at":-1.50,"id":"2"},{"at":3,"id":"3"}',
      count: 3,
      scannedCount: 7,
      capacityUnits: 128.5,
      lastEvaluatedKey: BEYOND,
    });
  });

  it('returns nothing that the response does not have', () => {
    expect(contentOf(pageFrom({ Items: [], Count: 0, ScannedCount: 0 }))).toMatchObject({
      items: '',
      count: 0,
      scannedCount: 0,
      capacityUnits: undefined,
      lastEvaluatedKey: undefined,
    });
  });

  it.each([
    ['no units', {}],
    ['a sum of other units', { TableName: 'Records' }],
  ])('returns no capacity for %s', (_, ConsumedCapacity) => {
    expect(pageFrom({ ...RESPONSE, ConsumedCapacity }).capacityUnits).toBeUndefined();
  });

  it.each<Key>([
    { id: { S: '' } },
    { id: { S: '\0 "\\ é 😀 \ud800' } },
    { id: { N: '12345678901234567890123456789012345678' } },
    { id: { N: '-0.10' } },
    { id: { B: '/wD+' } },
    { constructor: { S: 'a' }, toString: { N: '1' } },
    { Items: { S: ']}' }, Count: { N: '5' } },
    { a: { S: '1' }, b: { S: '2' }, c: { N: '3' }, d: { B: 'AA==' } },
  ])('returns the key %j unchanged', (LastEvaluatedKey) => {
    const { lastEvaluatedKey } = pageFrom({ ...RESPONSE, LastEvaluatedKey });
    expect(JSON.stringify(lastEvaluatedKey)).toBe(JSON.stringify(LastEvaluatedKey));
  });

  it('ignores white space, order and escapes in the response', () => {
    const sendable = scanResponseArbitrary.filter(({ LastEvaluatedKey: key }) => {
      return key === undefined || (Object.keys(key).length > 0 && !Object.hasOwn(key, '__proto__'));
    });
    fc.assert(
      fc.property(sendable, diceArbitrary, (response, dice) => {
        const page = readPage(bodyOf(Buffer.from(writeLoosely(response, dice))), OPTIONS);
        expect(page.count).toBe(response.Items.length);
        expect(page.scannedCount).toBe(response.ScannedCount);
        expect(page.lastEvaluatedKey).toEqual(response.LastEvaluatedKey);
      }),
    );
  });
});

describe('readPage with countOnly', () => {
  const COUNT = { Count: 5, ScannedCount: 9 };

  it('returns a page without items', () => {
    const page = pageFrom({ ...COUNT, LastEvaluatedKey: BEYOND }, { countOnly: true });
    expect(contentOf(page)).toMatchObject({
      items: '',
      count: 5,
      scannedCount: 9,
      lastEvaluatedKey: BEYOND,
    });
  });

  it('rejects the response to a count if no count was requested', () => {
    expect(() => pageFrom(COUNT)).toThrow(MalformedResponseError);
  });

  it('checks Items if there are any', () => {
    const page = pageFrom({ ...COUNT, Items: [] }, { countOnly: true });
    expect(() => page.encodeItems(PLAIN_JSON)).toThrow(MalformedResponseError);
  });
});

describe('readPage rejects a response', () => {
  it.each<[string, object]>([
    ['without a Count', { Count: undefined }],
    ['with another Count', { Count: 2 }],
    ['without a ScannedCount', { ScannedCount: undefined }],
    ['with a ScannedCount of null', { ScannedCount: null }],
    ['with a ScannedCount in quotes', { ScannedCount: '7' }],
    ['with a fraction of a ScannedCount', { ScannedCount: 7.5 }],
    ['with an empty LastEvaluatedKey', { LastEvaluatedKey: {} }],
    [
      'with a LastEvaluatedKey that the SDK would not send',
      { LastEvaluatedKey: JSON.parse('{"__proto__":{"S":"a"}}') as object },
    ],
    [
      'with a LastEvaluatedKey of which the SDK would send a part',
      { LastEvaluatedKey: JSON.parse('{"id":{"S":"a"},"__proto__":{"S":"a"}}') as object },
    ],
  ])('%s', (_, change) => {
    expect(() => pageFrom({ ...RESPONSE, ...change }).encodeItems(PLAIN_JSON)).toThrow(
      MalformedResponseError,
    );
  });

  it.each<[string, object]>([
    ['a Count', { Count: undefined }],
    ['a Count that is a number', { Count: '5' }],
    ['a ScannedCount', { ScannedCount: undefined }],
  ])('without %s if a count was requested', (_, change) => {
    expect(() => pageFrom({ Count: 5, ScannedCount: 9, ...change }, { countOnly: true })).toThrow(
      MalformedResponseError,
    );
  });

  it.each(['', 'null', '[]', '{"Count":0,"ScannedCount":0,"Items":[]'])('that is %j', (response) => {
    expect(() => readPage(bodyOf(Buffer.from(response)), OPTIONS)).toThrow(MalformedResponseError);
  });
});

describe('the rest of a response', () => {
  it.each([
    ['brackets in its key, after the records', { ...RESPONSE, LastEvaluatedKey: { id: { S: ']"[,\\"]' } } }],
    [
      'brackets in its key, before the records',
      { LastEvaluatedKey: { '[]': { S: ']"[,\\"]' } }, Count: 3, ScannedCount: 7, Items: ITEMS },
    ],
    ['an array before the records', { Other: ['x'], ...RESPONSE }],
    ['brackets in the strings around its records', { 'a[': 'b[', ...RESPONSE, 'c]': ']' }],
  ])('is read whatever it contains: %s', (_, response) => {
    const { LastEvaluatedKey } = response;
    const expected = { ...contentOf(pageFrom(RESPONSE)), lastEvaluatedKey: LastEvaluatedKey };
    expect(contentOf(pageFrom(response))).toEqual(expected);
  });

  it('is known before the items are read; the items are checked later', () => {
    const page = pageFrom({ ...RESPONSE, Items: [{ id: 5 }, {}, {}] });
    expect(page).toMatchObject({ count: 3, scannedCount: 7, lastEvaluatedKey: BEYOND });
    expect(() => page.encodeItems(PLAIN_JSON)).toThrow(MalformedResponseError);
  });

  it.each([
    ['fewer records than its Count', JSON.stringify({ ...RESPONSE, Count: 4 })],
    ['bytes that are not UTF-8', Buffer.from(JSON.stringify(RESPONSE).replace('é', 'e')).fill(0xff, 20, 21)],
    ['its key between its records and another array', JSON.stringify({ ...RESPONSE, Other: ['x'] })],
    ['its records twice', JSON.stringify(RESPONSE).replace('{', '{"Items":[],')],
  ])('does not replace missing items: %s', (_, response) => {
    const read = () => readPage(bodyOf(Buffer.from(response)), OPTIONS).encodeItems(PLAIN_JSON);
    expect(read).toThrow(MalformedResponseError);
  });
});

describe('the memory of a response', () => {
  it.each<[string, (page: Page) => unknown]>([
    ['its records are written', (page) => page.encodeItems(PLAIN_JSON)],
    ['the records are written that it was cut to', (page) => page.truncate(1)?.encodeItems(PLAIN_JSON)],
  ])('is released after %s', (_, write) => {
    const release = jest.fn();
    const page = readPage({ ...bodyOf(Buffer.from(JSON.stringify(RESPONSE))), release }, OPTIONS);
    expect(release).not.toHaveBeenCalled();
    write(page);
    expect(release).toHaveBeenCalledTimes(1);
  });
});

describe('truncate', () => {
  it.each([
    ['an item is damaged', '{"Items":[{"id":{"S":"a"}},{"id":],"Count":2,"ScannedCount":2}'],
    ['there are no items', '{"Count":2,"ScannedCount":2,"LastEvaluatedKey":{"id":{"S":"b"}}}'],
  ])('throws MalformedResponseError if %s', (_what, damaged) => {
    const request = { countOnly: false, startKey: { id: { S: '0' } } };
    expect(() => readPage(bodyOf(Buffer.from(damaged)), request).truncate(1)).toThrow(MalformedResponseError);
  });

  const FORMS: [string, ItemForm, string[]][] = [
    [
      'plain',
      PLAIN_JSON,
      [
        '{"id":"é\\"1","at":9007199254740993,"tags":["x"]}',
        '{"tags":[1],"at":-1.50,"id":"2"}',
        '{"at":3,"id":"3"}',
      ],
    ],
    [
      'plain, with numbers as strings',
      { ...PLAIN_JSON, numbers: 'string' },
      [
        '{"id":"é\\"1","at":"9007199254740993","tags":["x"]}',
        '{"tags":["1"],"at":"-1.50","id":"2"}',
        '{"at":"3","id":"3"}',
      ],
    ],
    ['typed', { ...PLAIN_JSON, values: 'typed' }, ITEMS.map((item) => JSON.stringify(item))],
    [
      'on lines',
      { ...PLAIN_JSON, separator: '\n' },
      [
        '{"id":"é\\"1","at":9007199254740993,"tags":["x"]}',
        '{"tags":[1],"at":-1.50,"id":"2"}',
        '{"at":3,"id":"3"}',
      ],
    ],
  ];

  describe.each(FORMS)('for items in the form %s', (_, form, records) => {
    it.each([1, 2, 3])('returns the key of the last of %d items', (count) => {
      const cut = pageFrom(RESPONSE).truncate(count);
      expect(cut?.encodeItems(form).toString()).toBe(records.slice(0, count).join(form.separator));
      expect(cut?.count).toBe(count);
      expect(cut?.lastEvaluatedKey).toStrictEqual(KEYS[count - 1]);
    });
  });

  it('keeps the other counts', () => {
    const response = { ...RESPONSE, ConsumedCapacity: { CapacityUnits: 0.5 } };
    expect(pageFrom(response).truncate(1)).toMatchObject({ scannedCount: 7, capacityUnits: 0.5 });
  });

  it('does not change the original page', () => {
    const page = pageFrom(RESPONSE);
    const before = contentOf(page);
    page.truncate(1);
    page.truncate(2);
    expect(contentOf(page)).toEqual(before);
  });

  it('returns, for any number of any items, those items and the key of the last', () => {
    const table = fc.uniqueArray(fc.tuple(fc.string({ unit: 'grapheme' }), fc.integer()), {
      minLength: 1,
      selector: ([id]) => id,
    });
    fc.assert(
      fc.property(table, fc.nat(), diceArbitrary, (rows, choice, dice) => {
        const Items = rows.map(([id, at]) => ({
          id: { S: id },
          at: { N: String(at) },
          more: { NULL: true },
        }));
        const count = 1 + (choice % rows.length);
        const response = {
          Items,
          Count: rows.length,
          ScannedCount: 100,
          LastEvaluatedKey: { at: { N: '0' }, id: { S: '' } },
        };
        const cut = readPage(bodyOf(Buffer.from(writeLoosely(response, dice))), OPTIONS).truncate(count);
        const { id, at } = Items[count - 1] ?? {};
        expect(cut?.lastEvaluatedKey).toEqual({ id, at });
        const some = { Items: Items.slice(0, count), Count: count };
        expect(JSON.parse(`[${cut?.encodeItems(PLAIN_JSON).toString() ?? ''}]`)).toEqual(
          JSON.parse(`[${transcodeScan(Buffer.from(JSON.stringify(some))).items.toString()}]`),
        );
      }),
    );
  });

  it('uses the attributes of the start key on the last page', () => {
    const last = { ...RESPONSE, LastEvaluatedKey: undefined };
    const page = pageFrom(last, { startKey: BEYOND });
    expect(page.lastEvaluatedKey).toBeUndefined();
    expect(page.truncate(2)).toMatchObject({ count: 2, lastEvaluatedKey: KEYS[1] });
  });

  it('prefers the attributes of its own LastEvaluatedKey to those of the start key', () => {
    const page = pageFrom({ ...RESPONSE, LastEvaluatedKey: { id: { S: 'z' } } }, { startKey: BEYOND });
    expect(page.truncate(1)?.lastEvaluatedKey).toStrictEqual({ id: { S: 'é"1' } });
  });

  it.each<[string, object, Partial<Parameters<typeof readPage>[1]>]>([
    ['of which nothing says what the key is', { ...RESPONSE, LastEvaluatedKey: undefined }, {}],
    [
      'whose records do not have the key',
      { ...RESPONSE, Items: ITEMS.map(({ tags }) => (tags === undefined ? {} : { tags })) },
      {},
    ],
    ['whose records have a part of the key', { ...RESPONSE, Items: ITEMS.map(({ id }) => ({ id })) }, {}],
  ])('returns undefined for a page %s', (_, response, options) => {
    const page = pageFrom(response, options);
    for (const count of [1, 2, 3]) expect(page.truncate(count)).toBeUndefined();
  });

  it.each(['toString', 'constructor'])(
    'is none of a page whose records do not have the key, though its name is %s',
    (name) => {
      const page = pageFrom({ ...RESPONSE, LastEvaluatedKey: { [name]: { S: 'a' } } });
      expect(page.truncate(1)).toBeUndefined();
    },
  );
});

describe('the encoded items', () => {
  const itemsOf = (size: number) => ({
    Items: [{ id: { S: 'a'.repeat(size) } }],
    Count: 1,
    ScannedCount: 1,
  });

  function bodyWith(response: object) {
    const body = bodyOf(Buffer.from(JSON.stringify(response)));
    const shared = Buffer.alloc(1024 * 1024);
    const release = jest.fn(() => shared.fill('x'));
    const transcode: typeof body.transcode = (options) => {
      const { items, rest } = body.transcode(options);
      return { items: shared.subarray(0, items.copy(shared)), rest };
    };
    return { ...body, transcode, release };
  }

  it.each([0, 1, 16 * 1024, 64 * 1024])('are a copy for %d characters', (size) => {
    const body = bodyWith(itemsOf(size));
    const items = readPage(body, OPTIONS).encodeItems(PLAIN_JSON);
    expect(body.release).toHaveBeenCalledTimes(1);
    expect(items.toString()).toBe(`{"id":"${'a'.repeat(size)}"}`);
  });

  it('of a large page stay in the memory of the response until it is released', () => {
    const body = bodyWith(itemsOf(512 * 1024));
    const page = readPage(body, OPTIONS);
    page.encodeItems(PLAIN_JSON);
    expect(body.release).not.toHaveBeenCalled();
    page.release();
    expect(body.release).toHaveBeenCalledTimes(1);
  });
});
