import type { KeyNames } from '../../src/embedded/keys';
import { parseRecords } from '../../src/embedded/records';

const BY_ID: KeyNames = { hash: 'id' };
const BY_PLACE: KeyNames = { hash: 'country', range: 'city' };

function parseItems(text: string, keyNames = BY_ID): unknown[] {
  return parseRecords(text, keyNames).items.map(({ json }) => JSON.parse(json) as unknown);
}

/** An error that says what of the file cannot be served. */
function refusal(message: RegExp): Error {
  return expect.objectContaining({
    name: 'RecordFileError',
    message: expect.stringMatching(message) as unknown,
  }) as Error;
}

describe('the forms of a file', () => {
  const PLAIN = [
    { id: 'a', tags: ['x', null] },
    { id: 'b', size: { width: 1, exact: true } },
  ];
  const TYPED = [
    { id: { S: 'a' }, tags: { L: [{ S: 'x' }, { NULL: true }] } },
    { id: { S: 'b' }, size: { M: { width: { N: '1' }, exact: { BOOL: true } } } },
  ];
  const lines = (records: readonly object[]) => records.map((record) => JSON.stringify(record));
  const scanned = (records: readonly object[]) => ({
    Items: records,
    Count: records.length,
    ScannedCount: records.length,
    ConsumedCapacity: null,
  });

  const FORMS: [string, (records: readonly object[]) => string][] = [
    ['a JSON array', (records) => JSON.stringify(records)],
    ['a JSON array over many lines', (records) => JSON.stringify(records, null, 2)],
    ['a JSON array of one record a line', (records) => `[\n${lines(records).join(',\n')}\n]\n`],
    ['NDJSON', (records) => `${lines(records).join('\n')}\n`],
    ['NDJSON without a last line end', (records) => lines(records).join('\n')],
    ['NDJSON with CRLF', (records) => `${lines(records).join('\r\n')}\r\n`],
    ['NDJSON among blank lines', (records) => `\n\r\n${lines(records).join('\n \t\n\n')}\n\n`],
    ['a compact scan', (records) => `${JSON.stringify(scanned(records))}\n`],
    ['a pretty-printed scan', (records) => `${JSON.stringify(scanned(records), null, 4)}\n`],
    [
      'a pretty-printed scan with CRLF',
      (records) => JSON.stringify(scanned(records), null, 4).replaceAll('\n', '\r\n'),
    ],
    ['a compact scan after a blank line', (records) => `\n${JSON.stringify(scanned(records))}`],
  ];

  describe.each(FORMS)('%s', (_form, write) => {
    test.each([
      ['plain', PLAIN],
      ['typed', TYPED],
    ])('is read with %s records', (_kind, records) => {
      const text = write(records);
      expect(parseItems(text)).toEqual(TYPED);
      expect(parseRecords(text, BY_ID)).toMatchObject({ key: [{ name: 'id', type: 'S' }], partial: false });
    });
  });

  test.each([
    ['on a line', '{"id":"a"}'],
    ['on a line that ends', '{"id":"a"}\r\n'],
    ['over many lines', '{\n  "id": "a"\n}\n'],
    ['typed', '{"id":{"S":"a"}}'],
    ['as a typed scan', '{"Items":[{"id":{"S":"a"}}],"Count":1,"ScannedCount":1}'],
  ])('a single record may stand %s', (_how, text) => {
    expect(parseItems(text)).toEqual([{ id: { S: 'a' } }]);
  });

  test.each([
    ['alone', ''],
    ['in company', '\n{"id":"other"}'],
  ])('a record with a list called Items is a record, %s', (_how, more) => {
    expect(parseItems(`{"id":"order","Items":[{"id":"x"}]}${more}`)[0]).toMatchObject({ id: { S: 'order' } });
  });

  test.each(['[]', ' [ ]\n', '{"Items":[],"Count":0,"ScannedCount":0}'])('%j holds no records', (text) => {
    expect(parseRecords(text, BY_ID)).toEqual({
      items: [],
      key: [{ name: 'id', type: 'S' }],
      partial: false,
    });
  });

  test.each(['', ' ', '\n', '\r\n\t\r\n'])('a file of white space alone, %j, is refused', (text) => {
    expect(() => parseRecords(text, BY_ID)).toThrow(refusal(/^the file is empty$/));
  });

  test.each([
    ['[{"id":"a"},\n{"id":"b"}]', ['index 0', 'index 1']],
    ['{"Items":[{"id":"a"},{"id":"b"}]}', ['index 0', 'index 1']],
    ['{"id":"a"}\n{"id":"b"}', ['line 1', 'line 2']],
    ['\n{"id":"a"}\r\n\r\n{"id":"b"}', ['line 2', 'line 4']],
  ])('of %j each record knows its place', (text, places) => {
    expect(parseRecords(text, BY_ID).items.map(({ where }) => where)).toEqual(places);
  });

  test.each([
    ['"NextToken": "eyJFeGNsdXNpdmVTdGFydEtleSI6IG51bGx9"', true],
    ['"LastEvaluatedKey": {"id": {"S": "a"}}', true],
    ['"NextToken": null', false],
    ['"Count": 1', false],
  ])('a scan with %s is one part of a longer one: %s', (member, partial) => {
    expect(parseRecords(`{"Items":[{"id":{"S":"a"}}],${member}}`, BY_ID).partial).toBe(partial);
  });
});

describe('values', () => {
  test.each([
    ['a string', '"a"', '{"S":"a"}'],
    ['an empty string', '""', '{"S":""}'],
    ['Unicode', '"é 日本 😀 \\u2028"', '{"S":"é 日本 😀 \u2028"}'],
    ['an integer', '1', '{"N":"1"}'],
    ['an integer past 2^53', '9007199254740993', '{"N":"9007199254740993"}'],
    [
      '38 digits',
      '-1234567890123456789.0123456789012345678',
      '{"N":"-1234567890123456789.0123456789012345678"}',
    ],
    ['an exponent', '1.23e+40', '{"N":"1.23e+40"}'],
    ['a decimal with a zero at its end', '1.50', '{"N":"1.50"}'],
    ['true', 'true', '{"BOOL":true}'],
    ['false', 'false', '{"BOOL":false}'],
    ['null', 'null', '{"NULL":true}'],
    ['an empty list', '[]', '{"L":[]}'],
    ['an empty map', '{}', '{"M":{}}'],
    ['a mixed list', '["a",1,null,[]]', '{"L":[{"S":"a"},{"N":"1"},{"NULL":true},{"L":[]}]}'],
    ['maps in maps', '{"a":{"b":{"c":0.1}}}', '{"M":{"a":{"M":{"b":{"M":{"c":{"N":"0.1"}}}}}}}'],
    ['a map that looks typed', '{"S":"a"}', '{"M":{"S":{"S":"a"}}}'],
    ['names that objects inherit', '{"constructor":1}', '{"M":{"constructor":{"N":"1"}}}'],
    [
      'a name of the JSON parser’s own',
      '{"isLosslessNumber":true}',
      '{"M":{"isLosslessNumber":{"BOOL":true}}}',
    ],
  ])('%s becomes its DynamoDB type', (_what, plain, typed) => {
    const [item] = parseRecords(`[{"id":"a","value":${plain}}]`, BY_ID).items;
    expect(item?.json).toBe(`{"id":{"S":"a"},"value":${typed}}`);
  });

  test.each([
    '{"S":""}',
    '{"N":"1.50"}',
    '{"B":"/wD+"}',
    '{"BOOL":false}',
    '{"NULL":true}',
    '{"L":[{"N":"9007199254740993"}]}',
    '{"M":{"S":{"S":"a"}}}',
    '{"SS":["a","b"]}',
    '{"NS":["1","1.23e+40"]}',
    '{"BS":["/wD+"]}',
  ])('%s stays as it is where records are typed', (value) => {
    const record = `{"id":{"S":"a"},"value":${value}}`;
    expect(parseRecords(`[${record}]`, BY_ID).items).toEqual([{ json: record, where: 'index 0' }]);
  });
});

describe('the key', () => {
  test.each([
    ['"a"', 'S'],
    ['1', 'N'],
    ['{"S":"a"}', 'S'],
    ['{"N":"1"}', 'N'],
    ['{"B":"YQ=="}', 'B'],
  ])('%s is of type %s', (value, type) => {
    expect(parseRecords(`[{"id":${value}}]`, BY_ID).key).toEqual([{ name: 'id', type }]);
  });

  test('may be any attribute', () => {
    const { key } = parseRecords('[{"id":null,"ISBN-13":9780131103627}]', { hash: 'ISBN-13' });
    expect(key).toEqual([{ name: 'ISBN-13', type: 'N' }]);
  });

  test.each([
    ['plain', '[{"city":1,"country":"fr"},{"city":2,"country":"fr"},{"city":1,"country":"de"}]'],
    ['typed', '{"country":{"S":"fr"},"city":{"N":"1"}}\n{"country":{"S":"fr"},"city":{"N":"2"}}'],
  ])('may be two attributes of %s records', (_kind, text) => {
    expect(parseRecords(text, BY_PLACE).key).toEqual([
      { name: 'country', type: 'S' },
      { name: 'city', type: 'N' },
    ]);
  });

  test.each([
    ['"1"', '"1.0"'],
    ['1', '-1'],
    ['1', '10'],
    ['9007199254740992', '9007199254740993'],
    ['"\\u00e9"', '"e\\u0301"'],
    ['"a"', '"A"'],
  ])('tells %s from %s', (one, other) => {
    expect(parseItems(`[{"id":${one}},{"id":${other}}]`)).toHaveLength(2);
  });

  test('tells pairs apart that are one when joined', () => {
    expect(parseItems('[{"country":"a","city":"b,c"},{"country":"a,b","city":"c"}]', BY_PLACE)).toHaveLength(
      2,
    );
  });
});

describe('a file with a mistake is refused, with its place', () => {
  test.each([
    ['an array cut short', '[{"id":"a"},\n {"id"', /^line 2, column 7: this is not JSON: /],
    ['an array', '[\n{"id":"a"},\n{"id":"b" "x"}\n]', /^line 3, column 11: this is not JSON: /],
    ['an array with CRLF', '[\r\n{"id":}\r\n]', /^line 2, column 7: this is not JSON: /],
    ['an array with a comma too many', '[{"id":"a"},]', /^line 1, column 13: this is not JSON: /],
    ['a scan', '{\n    "Items": [\n        {"id": a}', /^line 3, column 16: this is not JSON: /],
    ['the first line of NDJSON', '{"id":"a",}\n{"id":"b"}', /^line 1, column 11: this is not JSON: /],
    ['a later line of NDJSON', '{"id":"a"}\n\n{"id":}\n', /^line 3, column 7: this is not JSON: /],
    ['NDJSON cut short', '{"id":"a"}\r\n{"id":"b"', /^line 2, column 10: this is not JSON: /],
    ['two records on a line', '{"id":"a"} {"id":"b"}', /^line 1, column 12: this is not JSON: /],
    ['a name with two values', '[\n{"id":"a","x":1,"x":2}]', /^line 2, column \d+: .*'x'/],
  ])('a syntax error in %s', (_where, text, message) => {
    expect(() => parseRecords(text, BY_ID)).toThrow(refusal(message));
  });

  test.each([
    ['[1]', 'index 0'],
    ['[{"id":"a"},null]', 'index 1'],
    ['[{"id":"a"},[{"id":"b"}]]', 'index 1'],
    ['{"Items":[{"id":"a"},"b"]}', 'index 1'],
    ['{"id":"a"}\n\n"b"', 'line 3'],
    ['{"id":"a"}\n[{"id":"b"}]', 'line 2'],
    ['"a"', 'line 1'],
    ['null', 'line 1'],
  ])('what is no object, in %j', (text, place) => {
    expect(() => parseRecords(text, BY_ID)).toThrow(
      refusal(new RegExp(`^${place}: .*must be a JSON object$`)),
    );
  });

  test.each([
    ['[{"id":"a"},{"ID":"b","size":1}]', BY_ID, /^index 1: .*"id".* it has "ID", "size"\. .*--key NAME/],
    ['{"id":{"S":"a"}}\n{"Id":{"S":"b"}}', BY_ID, /^line 2: .*"id".* it has "Id"\. .*--key NAME/],
    ['[{"country":"fr"}]', BY_PLACE, /^index 0: .*"city".* it has "country"\. .*--key HASH,RANGE/],
    ['{}', BY_ID, /^line 1: .*"id".* it has no attributes\. /],
    ['[{"id":"a"}]', { hash: 'constructor' }, /^index 0: .*"constructor".* it has "id"\. /],
  ])('a record without its key, in %j', (text, keyNames, message) => {
    expect(() => parseRecords(text, keyNames)).toThrow(refusal(message));
  });

  test('the message about a key that is missing lists ten names at most', () => {
    const record = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`name${index}`, index]));
    expect(() => parseRecords(JSON.stringify([record]), BY_ID)).toThrow(refusal(/"name8", "name9"\. /));
  });

  test.each([
    ['[{"id":null}]', 'index 0'],
    ['[{"id":"a"},{"id":true}]', 'index 1'],
    ['[{"id":["a"]}]', 'index 0'],
    ['[{"id":{"first":"a"}}]', 'index 0'],
    ['[{"id":{"SS":["a"]}}]', 'index 0'],
    ['[{"id":{"N":1}}]', 'index 0'],
    ['[{"id":{"S":"a","N":"1"}}]', 'index 0'],
    ['{"id":{"S":"a"}}\n{"id":{"BOOL":true}}', 'line 2'],
    ['{"id":{"S":"a"}}\n{"id":"b"}', 'line 2'],
    ['{"id":"a"}\n{"id":{"S":"b"}}', 'line 2'],
  ])('a key that can be none, in %j', (text, place) => {
    const message = new RegExp(`^${place}: the key "id" must be a string, a number or binary$`);
    expect(() => parseRecords(text, BY_ID)).toThrow(refusal(message));
  });

  test.each([
    ['[{"id":"a"},{"id":1}]', BY_ID, /^index 1: the key "id" is of type N, .* of type S$/],
    ['{"id":1}\n{"id":2}\n{"id":"3"}', BY_ID, /^line 3: the key "id" is of type S, .* of type N$/],
    ['[{"id":{"S":"a"}},{"id":{"B":"YQ=="}}]', BY_ID, /^index 1: the key "id" is of type B, .* of type S$/],
    [
      '[{"country":"fr","city":1},{"country":"fr","city":"2"}]',
      BY_PLACE,
      /^index 1: the key "city" is of type S, .* of type N$/,
    ],
  ])('a key of another type than the first, in %j', (text, keyNames, message) => {
    expect(() => parseRecords(text, keyNames)).toThrow(refusal(message));
  });

  test.each([
    ['"a"', '"a"'],
    ['"\\u00e9"', '"é"'],
    ['1', '1.0'],
    ['10', '1e1'],
    ['0.5', '5E-1'],
    ['0', '-0'],
    ['{"N":"1"}', '{"N":"1.00"}'],
    ['{"B":"YQ=="}', '{"B":"YQ=="}'],
  ])('%s and %s, one key twice', (one, other) => {
    const text = `{"id":${one}}\n\n{"id":${other}}`;
    expect(() => parseRecords(text, BY_ID)).toThrow(
      refusal(/^line 3: the same key as at line 1, .*--key HASH,RANGE$/),
    );
  });

  test('a hash and a range that are both the same', () => {
    const text = '[{"country":"fr","city":1},{"country":"fr","city":2},{"country":"fr","city":1.0}]';
    expect(() => parseRecords(text, BY_PLACE)).toThrow(refusal(/^index 2: the same key as at index 0, /));
  });
});

test('a dump with another number of Items than its Count is refused', () => {
  const text = '{"Items":[{"id":{"S":"a"}}],"Count":2,"ScannedCount":2}';
  expect(() => parseRecords(text, BY_ID)).toThrow('its Count is 2, but it holds 1 Items');
});

describe('a typed value that DynamoDB does not have', () => {
  test.each([
    ['of a type that does not exist', '{"X":"a"}'],
    ['that is plain', '1'],
    ['that is null', 'null'],
    ['null in a list', '{"L":[null]}'],
    ['null in a map', '{"M":{"x":null}}'],
    ['null in a set', '{"SS":[null]}'],
    ['of two types', '{"S":"a","N":"1"}'],
    ['that is text where there should be a boolean', '{"BOOL":"no"}'],
    ['that is a number where there should be text', '{"N":1}'],
  ])('%s is refused by its place and name', (_what, value) => {
    const text = `[{"id":{"S":"a"}},{"id":{"S":"b"},"value":${value}}]`;
    expect(() => parseRecords(text, BY_ID)).toThrow(
      'index 1: the attribute "value" holds what is no typed value such as {"S":"text"}',
    );
  });

  test('nested deeper than 32 levels is refused, and 32 levels are not', () => {
    const nested = (levels: number) => `[{"id":"a","value":${'['.repeat(levels)}${']'.repeat(levels)}}]`;
    expect(parseRecords(nested(32), BY_ID).items).toHaveLength(1);
    expect(() => parseRecords(nested(33), BY_ID)).toThrow(
      'the attribute "value" is nested deeper than 32 levels',
    );
  });
});
