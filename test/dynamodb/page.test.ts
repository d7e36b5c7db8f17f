import fc from 'fast-check';
import type { Key } from '../../src/dynamodb/key';
import { readPage, type Page } from '../../src/dynamodb/page';
import { bodyOf } from '../../src/dynamodb/responseBody';
import {
  MalformedAnswerError,
  PLAIN_JSON,
  transcodeScan,
  type ItemForm,
} from '../../src/dynamodb/transcoder/transcoder';
import { diceArbitrary, scanAnswerArbitrary, writeLoosely } from '../helpers/oracle';

const OPTIONS = { countOnly: false, startKey: undefined };

function pageFrom(answer: object, options: Partial<Parameters<typeof readPage>[1]> = {}): Page {
  return readPage(bodyOf(Buffer.from(JSON.stringify(answer))), { ...OPTIONS, ...options });
}

function contentOf(page: Page) {
  const { encodeItems, release: _release, truncate: _truncate, ...content } = page;
  return { ...content, items: encodeItems(PLAIN_JSON).toString() };
}

/** Three of seven records, with a key of two attributes. */
const ITEMS = [
  { id: { S: 'é"1' }, at: { N: '9007199254740993' }, tags: { SS: ['x'] } },
  { tags: { NS: ['1'] }, at: { N: '-1.50' }, id: { S: '2' } },
  { at: { N: '3' }, id: { S: '3' } },
];
const KEYS: Key[] = ITEMS.map(({ id, at }) => ({ id, at }));
const BEYOND: Key = { id: { S: 'beyond' }, at: { N: '7' } };
const ANSWER = { Items: ITEMS, Count: 3, ScannedCount: 7, LastEvaluatedKey: BEYOND };

describe('a page', () => {
  test('has what the answer says', () => {
    const ConsumedCapacity = { TableName: 'Records', CapacityUnits: 128.5 };
    expect(contentOf(pageFrom({ ...ANSWER, ConsumedCapacity }))).toMatchObject({
      items:
        '{"id":"é\\"1","at":9007199254740993,"tags":["x"]},{"tags":[1],"at":-1.50,"id":"2"},{"at":3,"id":"3"}',
      count: 3,
      scannedCount: 7,
      capacityUnits: 128.5,
      lastEvaluatedKey: BEYOND,
    });
  });

  test('has no more than the answer says', () => {
    expect(contentOf(pageFrom({ Items: [], Count: 0, ScannedCount: 0 }))).toMatchObject({
      items: '',
      count: 0,
      scannedCount: 0,
      capacityUnits: undefined,
      lastEvaluatedKey: undefined,
    });
  });

  test.each([
    ['no units', {}],
    ['a sum of other units', { TableName: 'Records' }],
  ])('has no capacity of %s', (_, ConsumedCapacity) => {
    expect(pageFrom({ ...ANSWER, ConsumedCapacity }).capacityUnits).toBeUndefined();
  });

  test.each<Key>([
    { id: { S: '' } },
    { id: { S: '\0 "\\ é 😀 \ud800' } },
    { id: { N: '12345678901234567890123456789012345678' } },
    { id: { N: '-0.10' } },
    { id: { B: '/wD+' } },
    { constructor: { S: 'a' }, toString: { N: '1' } },
    { Items: { S: ']}' }, Count: { N: '5' } },
    { a: { S: '1' }, b: { S: '2' }, c: { N: '3' }, d: { B: 'AA==' } },
  ])('has the key %j to the letter', (LastEvaluatedKey) => {
    const { lastEvaluatedKey } = pageFrom({ ...ANSWER, LastEvaluatedKey });
    expect(JSON.stringify(lastEvaluatedKey)).toBe(JSON.stringify(LastEvaluatedKey));
  });

  test('is the same whatever the white space, the order and the escapes of the answer', () => {
    const sendable = scanAnswerArbitrary.filter(({ LastEvaluatedKey: key }) => {
      return key === undefined || (Object.keys(key).length > 0 && !Object.hasOwn(key, '__proto__'));
    });
    fc.assert(
      fc.property(sendable, diceArbitrary, (answer, dice) => {
        const page = readPage(bodyOf(Buffer.from(writeLoosely(answer, dice))), OPTIONS);
        expect(page.count).toBe(answer.Items.length);
        expect(page.scannedCount).toBe(answer.ScannedCount);
        expect(page.lastEvaluatedKey).toEqual(answer.LastEvaluatedKey);
      }),
    );
  });
});

describe('the answer to a count', () => {
  const COUNT = { Count: 5, ScannedCount: 9 };

  test('has no Items, and is a page without records', () => {
    const page = pageFrom({ ...COUNT, LastEvaluatedKey: BEYOND }, { countOnly: true });
    expect(contentOf(page)).toMatchObject({
      items: '',
      count: 5,
      scannedCount: 9,
      lastEvaluatedKey: BEYOND,
    });
  });

  test('is refused where no count was asked for', () => {
    expect(() => pageFrom(COUNT)).toThrow(MalformedAnswerError);
  });

  test('is held to its Items where it has them', () => {
    const page = pageFrom({ ...COUNT, Items: [] }, { countOnly: true });
    expect(() => page.encodeItems(PLAIN_JSON)).toThrow(MalformedAnswerError);
  });
});

describe('an answer is refused', () => {
  test.each<[string, object]>([
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
    expect(() => pageFrom({ ...ANSWER, ...change }).encodeItems(PLAIN_JSON)).toThrow(MalformedAnswerError);
  });

  test.each<[string, object]>([
    ['a Count', { Count: undefined }],
    ['a Count that is a number', { Count: '5' }],
    ['a ScannedCount', { ScannedCount: undefined }],
  ])('without %s when a count was asked for', (_, change) => {
    expect(() => pageFrom({ Count: 5, ScannedCount: 9, ...change }, { countOnly: true })).toThrow(
      MalformedAnswerError,
    );
  });

  test.each(['', 'null', '[]', '{"Count":0,"ScannedCount":0,"Items":[]'])('that is %j', (answer) => {
    expect(() => readPage(bodyOf(Buffer.from(answer)), OPTIONS)).toThrow(MalformedAnswerError);
  });
});

describe('what an answer says of its records', () => {
  test.each([
    ['brackets in its key, after the records', { ...ANSWER, LastEvaluatedKey: { id: { S: ']"[,\\"]' } } }],
    [
      'brackets in its key, before the records',
      { LastEvaluatedKey: { '[]': { S: ']"[,\\"]' } }, Count: 3, ScannedCount: 7, Items: ITEMS },
    ],
    ['an array before the records', { Other: ['x'], ...ANSWER }],
    ['brackets in the strings around its records', { 'a[': 'b[', ...ANSWER, 'c]': ']' }],
  ])('is read whatever it has: %s', (_, answer) => {
    const { LastEvaluatedKey } = answer;
    const expected = { ...contentOf(pageFrom(ANSWER)), lastEvaluatedKey: LastEvaluatedKey };
    expect(contentOf(pageFrom(answer))).toEqual(expected);
  });

  test('is known before they are read, which are checked when they are', () => {
    const page = pageFrom({ ...ANSWER, Items: [{ id: 5 }, {}, {}] });
    expect(page).toMatchObject({ count: 3, scannedCount: 7, lastEvaluatedKey: BEYOND });
    expect(() => page.encodeItems(PLAIN_JSON)).toThrow(MalformedAnswerError);
  });

  test.each([
    ['fewer records than its Count', JSON.stringify({ ...ANSWER, Count: 4 })],
    ['bytes that are not UTF-8', Buffer.from(JSON.stringify(ANSWER).replace('é', 'e')).fill(0xff, 20, 21)],
    ['its key between its records and another array', JSON.stringify({ ...ANSWER, Other: ['x'] })],
    ['its records twice', JSON.stringify(ANSWER).replace('{', '{"Items":[],')],
  ])('does not make up for records that it has not: %s', (_, answer) => {
    const read = () => readPage(bodyOf(Buffer.from(answer)), OPTIONS).encodeItems(PLAIN_JSON);
    expect(read).toThrow(MalformedAnswerError);
  });
});

describe('the memory of an answer', () => {
  test.each<[string, (page: Page) => unknown]>([
    ['its records are written', (page) => page.encodeItems(PLAIN_JSON)],
    ['the records are written that it was cut to', (page) => page.truncate(1)?.encodeItems(PLAIN_JSON)],
  ])('is released once %s', (_, write) => {
    const release = jest.fn();
    const page = readPage({ ...bodyOf(Buffer.from(JSON.stringify(ANSWER))), release }, OPTIONS);
    expect(release).not.toHaveBeenCalled();
    write(page);
    expect(release).toHaveBeenCalledTimes(1);
  });
});

describe('a page cut', () => {
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

  describe.each(FORMS)('in its form: %s', (_, form, records) => {
    test.each([1, 2, 3])('after %d of its records goes on after the last of them', (count) => {
      const cut = pageFrom(ANSWER).truncate(count);
      expect(cut?.encodeItems(form).toString()).toBe(records.slice(0, count).join(form.separator));
      expect(cut?.count).toBe(count);
      expect(cut?.lastEvaluatedKey).toStrictEqual(KEYS[count - 1]);
    });
  });

  test('has the other counts of the whole', () => {
    const answer = { ...ANSWER, ConsumedCapacity: { CapacityUnits: 0.5 } };
    expect(pageFrom(answer).truncate(1)).toMatchObject({ scannedCount: 7, capacityUnits: 0.5 });
  });

  test('leaves the whole as it was', () => {
    const page = pageFrom(ANSWER);
    const before = contentOf(page);
    page.truncate(1);
    page.truncate(2);
    expect(contentOf(page)).toEqual(before);
  });

  test('is, after any number of any records, those and the key of the last', () => {
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
        const answer = {
          Items,
          Count: rows.length,
          ScannedCount: 100,
          LastEvaluatedKey: { at: { N: '0' }, id: { S: '' } },
        };
        const cut = readPage(bodyOf(Buffer.from(writeLoosely(answer, dice))), OPTIONS).truncate(count);
        const { id, at } = Items[count - 1] ?? {};
        expect(cut?.lastEvaluatedKey).toEqual({ id, at });
        const some = { Items: Items.slice(0, count), Count: count };
        expect(JSON.parse(`[${cut?.encodeItems(PLAIN_JSON).toString() ?? ''}]`)).toEqual(
          JSON.parse(`[${transcodeScan(Buffer.from(JSON.stringify(some))).items.toString()}]`),
        );
      }),
    );
  });

  test('is cut at the last page too, by the attributes of the key that it was begun after', () => {
    const last = { ...ANSWER, LastEvaluatedKey: undefined };
    const page = pageFrom(last, { startKey: BEYOND });
    expect(page.lastEvaluatedKey).toBeUndefined();
    expect(page.truncate(2)).toMatchObject({ count: 2, lastEvaluatedKey: KEYS[1] });
  });

  test('goes by its own key rather than that which it was begun after', () => {
    const page = pageFrom({ ...ANSWER, LastEvaluatedKey: { id: { S: 'z' } } }, { startKey: BEYOND });
    expect(page.truncate(1)?.lastEvaluatedKey).toStrictEqual({ id: { S: 'é"1' } });
  });

  test.each<[string, object, Partial<Parameters<typeof readPage>[1]>]>([
    ['of which nothing says what the key is', { ...ANSWER, LastEvaluatedKey: undefined }, {}],
    [
      'whose records do not have the key',
      { ...ANSWER, Items: ITEMS.map(({ tags }) => (tags === undefined ? {} : { tags })) },
      {},
    ],
    ['whose records have a part of the key', { ...ANSWER, Items: ITEMS.map(({ id }) => ({ id })) }, {}],
  ])('is none of a page %s', (_, answer, options) => {
    const page = pageFrom(answer, options);
    for (const count of [1, 2, 3]) expect(page.truncate(count)).toBeUndefined();
  });

  test.each(['toString', 'constructor'])(
    'is none of a page whose records do not have the key, though its name is %s',
    (name) => {
      const page = pageFrom({ ...ANSWER, LastEvaluatedKey: { [name]: { S: 'a' } } });
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

  it.each([0, 1, 16 * 1024, 64 * 1024])('of %d characters do not depend on the response', (size) => {
    const body = bodyWith(itemsOf(size));
    const items = readPage(body, OPTIONS).encodeItems(PLAIN_JSON);
    expect(body.release).toHaveBeenCalledTimes(1);
    expect(items.toString()).toBe(`{"id":"${'a'.repeat(size)}"}`);
  });

  it('of a large page stay in the memory of the response until the page is released', () => {
    const body = bodyWith(itemsOf(512 * 1024));
    const page = readPage(body, OPTIONS);
    page.encodeItems(PLAIN_JSON);
    expect(body.release).not.toHaveBeenCalled();
    page.release();
    expect(body.release).toHaveBeenCalledTimes(1);
  });
});
