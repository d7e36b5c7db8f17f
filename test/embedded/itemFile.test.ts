import type { KeyNames } from '../../src/embedded/keys';
import { parseItemFile } from '../../src/embedded/itemFile';

const BY_ID: KeyNames = { hash: 'id' };
const BY_PLACE: KeyNames = { hash: 'country', range: 'city' };

function parseItems(text: string, keyNames = BY_ID): unknown[] {
  return parseItemFile(text, keyNames).items.map(({ json }) => JSON.parse(json) as unknown);
}

/** Matches the error for an invalid file. */
function fileError(message: RegExp): Error {
  return expect.objectContaining({
    name: 'ItemFileError',
    message: expect.stringMatching(message) as unknown,
  }) as Error;
}

describe('parseItemFile', () => {
  const PLAIN = [
    { id: 'a', tags: ['x', null] },
    { id: 'b', size: { width: 1, exact: true } },
  ];
  const TYPED = [
    { id: { S: 'a' }, tags: { L: [{ S: 'x' }, { NULL: true }] } },
    { id: { S: 'b' }, size: { M: { width: { N: '1' }, exact: { BOOL: true } } } },
  ];
  const lines = (items: readonly object[]) => items.map((item) => JSON.stringify(item));
  const scanned = (items: readonly object[]) => ({
    Items: items,
    Count: items.length,
    ScannedCount: items.length,
    ConsumedCapacity: null,
  });

  const FORMS: [string, (items: readonly object[]) => string][] = [
    ['a JSON array', (items) => JSON.stringify(items)],
    ['a JSON array over many lines', (items) => JSON.stringify(items, null, 2)],
    ['a JSON array with one item per line', (items) => `[\n${lines(items).join(',\n')}\n]\n`],
    ['NDJSON', (items) => `${lines(items).join('\n')}\n`],
    ['NDJSON without a final line break', (items) => lines(items).join('\n')],
    ['NDJSON with CRLF', (items) => `${lines(items).join('\r\n')}\r\n`],
    ['NDJSON between blank lines', (items) => `\n\r\n${lines(items).join('\n \t\n\n')}\n\n`],
    ['compact scan output', (items) => `${JSON.stringify(scanned(items))}\n`],
    ['pretty-printed scan output', (items) => `${JSON.stringify(scanned(items), null, 4)}\n`],
    [
      'pretty-printed scan output with CRLF',
      (items) => JSON.stringify(scanned(items), null, 4).replaceAll('\n', '\r\n'),
    ],
    ['compact scan output after a blank line', (items) => `\n${JSON.stringify(scanned(items))}`],
  ];

  describe.each(FORMS)('given %s', (_form, write) => {
    it.each([
      ['plain', PLAIN],
      ['typed', TYPED],
    ])('parses %s items', (_kind, items) => {
      const text = write(items);
      expect(parseItems(text)).toEqual(TYPED);
      expect(parseItemFile(text, BY_ID)).toMatchObject({ key: [{ name: 'id', type: 'S' }], partial: false });
    });
  });

  it.each([
    ['on one line', '{"id":"a"}'],
    ['on one line with a line break', '{"id":"a"}\r\n'],
    ['on many lines', '{\n  "id": "a"\n}\n'],
    ['in typed form', '{"id":{"S":"a"}}'],
    ['as scan output', '{"Items":[{"id":{"S":"a"}}],"Count":1,"ScannedCount":1}'],
  ])('accepts a single item %s', (_how, text) => {
    expect(parseItems(text)).toEqual([{ id: { S: 'a' } }]);
  });

  it.each([
    ['as the only item', ''],
    ['before another item', '\n{"id":"other"}'],
  ])('treats an object that has the key and a list named Items as an item, %s', (_how, more) => {
    expect(parseItems(`{"id":"order","Items":[{"id":"x"}]}${more}`)[0]).toMatchObject({ id: { S: 'order' } });
  });

  it.each(['[]', ' [ ]\n', '{"Items":[],"Count":0,"ScannedCount":0}'])('finds no items in %j', (text) => {
    expect(parseItemFile(text, BY_ID)).toEqual({
      items: [],
      key: [{ name: 'id', type: 'S' }],
      partial: false,
    });
  });

  it.each(['', ' ', '\n', '\r\n\t\r\n'])('rejects %j, which is only white space', (text) => {
    expect(() => parseItemFile(text, BY_ID)).toThrow(fileError(/^the file is empty\. Write \[\]/));
  });

  it.each([
    ['[{"id":"a"},\n{"id":"b"}]', ['index 0', 'index 1']],
    ['{"Items":[{"id":"a"},{"id":"b"}]}', ['index 0', 'index 1']],
    ['{"id":"a"}\n{"id":"b"}', ['line 1', 'line 2']],
    ['\n{"id":"a"}\r\n\r\n{"id":"b"}', ['line 2', 'line 4']],
  ])('records the place of each item in %j', (text, places) => {
    expect(parseItemFile(text, BY_ID).items.map(({ where }) => where)).toEqual(places);
  });

  it.each([
    ['"NextToken": "eyJFeGNsdXNpdmVTdGFydEtleSI6IG51bGx9"', true],
    ['"LastEvaluatedKey": {"id": {"S": "a"}}', true],
    ['"NextToken": null', false],
    ['"Count": 1', false],
  ])('returns the right value of partial for scan output with %s: %s', (field, partial) => {
    expect(parseItemFile(`{"Items":[{"id":{"S":"a"}}],${field}}`, BY_ID).partial).toBe(partial);
  });
});

describe('parseItemFile, given a value', () => {
  it.each([
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
    ['a decimal with a trailing zero', '1.50', '{"N":"1.50"}'],
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
      'a name that the JSON parser uses itself',
      '{"isLosslessNumber":true}',
      '{"M":{"isLosslessNumber":{"BOOL":true}}}',
    ],
  ])('converts %s to its DynamoDB type', (_what, plain, typed) => {
    const [item] = parseItemFile(`[{"id":"a","value":${plain}}]`, BY_ID).items;
    expect(item?.json).toBe(`{"id":{"S":"a"},"value":${typed}}`);
  });

  it.each([
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
  ])('keeps %s unchanged if items are typed', (value) => {
    const item = `{"id":{"S":"a"},"value":${value}}`;
    expect(parseItemFile(`[${item}]`, BY_ID).items).toEqual([{ json: item, where: 'index 0' }]);
  });
});

describe('parseItemFile, given a key', () => {
  it.each([
    ['"a"', 'S'],
    ['1', 'N'],
    ['{"S":"a"}', 'S'],
    ['{"N":"1"}', 'N'],
    ['{"B":"YQ=="}', 'B'],
  ])('infers from %s the type %s', (value, type) => {
    expect(parseItemFile(`[{"id":${value}}]`, BY_ID).key).toEqual([{ name: 'id', type }]);
  });

  it('accepts any attribute name', () => {
    const { key } = parseItemFile('[{"id":null,"ISBN-13":9780131103627}]', { hash: 'ISBN-13' });
    expect(key).toEqual([{ name: 'ISBN-13', type: 'N' }]);
  });

  it.each([
    ['plain', '[{"city":1,"country":"fr"},{"city":2,"country":"fr"},{"city":1,"country":"de"}]'],
    ['typed', '{"country":{"S":"fr"},"city":{"N":"1"}}\n{"country":{"S":"fr"},"city":{"N":"2"}}'],
  ])('accepts a hash and a range key of %s items', (_kind, text) => {
    expect(parseItemFile(text, BY_PLACE).key).toEqual([
      { name: 'country', type: 'S' },
      { name: 'city', type: 'N' },
    ]);
  });

  it.each([
    ['"1"', '"1.0"'],
    ['1', '-1'],
    ['1', '10'],
    ['9007199254740992', '9007199254740993'],
    ['"\\u00e9"', '"e\\u0301"'],
    ['"a"', '"A"'],
  ])('distinguishes %s from %s', (one, other) => {
    expect(parseItems(`[{"id":${one}},{"id":${other}}]`)).toHaveLength(2);
  });

  it('distinguishes pairs of key values that are equal when joined by a comma', () => {
    expect(parseItems('[{"country":"a","city":"b,c"},{"country":"a,b","city":"c"}]', BY_PLACE)).toHaveLength(
      2,
    );
  });
});

describe('parseItemFile, given an invalid file', () => {
  it.each([
    ['a truncated array', '[{"id":"a"},\n {"id"', /^line 2, column 7: invalid JSON: /],
    ['a JSON array', '[\n{"id":"a"},\n{"id":"b" "x"}\n]', /^line 3, column 11: invalid JSON: /],
    ['an array with CRLF', '[\r\n{"id":}\r\n]', /^line 2, column 7: invalid JSON: /],
    ['an array with a trailing comma', '[{"id":"a"},]', /^line 1, column 13: invalid JSON: /],
    ['scan output', '{\n    "Items": [\n        {"id": a}', /^line 3, column 16: invalid JSON: /],
    ['the first line of NDJSON', '{"id":"a",}\n{"id":"b"}', /^line 1, column 11: invalid JSON: /],
    ['a later line of NDJSON', '{"id":"a"}\n\n{"id":}\n', /^line 3, column 7: invalid JSON: /],
    ['truncated NDJSON', '{"id":"a"}\r\n{"id":"b"', /^line 2, column 10: invalid JSON: /],
    ['a line with two items', '{"id":"a"} {"id":"b"}', /^line 1, column 12: invalid JSON: /],
    ['an object with a duplicate name', '[\n{"id":"a","x":1,"x":2}]', /^line 2, column \d+: .*'x'/],
  ])('reports line and column of a syntax error in %s', (_where, text, message) => {
    expect(() => parseItemFile(text, BY_ID)).toThrow(fileError(message));
  });

  it.each([
    ['[1]', 'index 0'],
    ['[{"id":"a"},null]', 'index 1'],
    ['[{"id":"a"},[{"id":"b"}]]', 'index 1'],
    ['{"Items":[{"id":"a"},"b"]}', 'index 1'],
    ['{"id":"a"}\n\n"b"', 'line 3'],
    ['{"id":"a"}\n[{"id":"b"}]', 'line 2'],
    ['"a"', 'line 1'],
    ['null', 'line 1'],
  ])('rejects an item that is not an object, in %j', (text, place) => {
    expect(() => parseItemFile(text, BY_ID)).toThrow(
      fileError(new RegExp(`^${place}: .*must be a JSON object such as \\{"id":"1"\\}, not \\S+`)),
    );
  });

  it.each([
    ['[{"id":"a"},{"ID":"b","size":1}]', BY_ID, /^index 1: .*"id".* It has "ID", "size"\. .*--key NAME/],
    ['{"id":{"S":"a"}}\n{"Id":{"S":"b"}}', BY_ID, /^line 2: .*"id".* It has "Id"\. .*--key NAME/],
    ['[{"country":"fr"}]', BY_PLACE, /^index 0: .*"city".* It has "country"\. .*--key HASH,RANGE/],
    ['{}', BY_ID, /^line 1: .*"id".* It has no attributes\. /],
    ['[{"id":"a"}]', { hash: 'constructor' }, /^index 0: .*"constructor".* It has "id"\. /],
  ])('rejects an item without its key, in %j', (text, keyNames, message) => {
    expect(() => parseItemFile(text, keyNames)).toThrow(fileError(message));
  });

  it('lists at most ten attribute names if the key is missing', () => {
    const item = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`name${index}`, index]));
    expect(() => parseItemFile(JSON.stringify([item]), BY_ID)).toThrow(fileError(/"name8", "name9"\. /));
  });

  it.each([
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
  ])('rejects a key of a type that keys cannot have, in %j', (text, place) => {
    const message = new RegExp(
      `^${place}: the key attribute "id" must be a string, a number or binary, not \\S`,
    );
    expect(() => parseItemFile(text, BY_ID)).toThrow(fileError(message));
  });

  it.each([
    ['[{"id":"a"},{"id":1}]', BY_ID, /^index 1: the key attribute "id" has type N, .* type S\. /],
    ['{"id":1}\n{"id":2}\n{"id":"3"}', BY_ID, /^line 3: the key attribute "id" has type S, .* type N\. /],
    [
      '[{"id":{"S":"a"}},{"id":{"B":"YQ=="}}]',
      BY_ID,
      /^index 1: the key attribute "id" has type B, .* type S\. /,
    ],
    [
      '[{"country":"fr","city":1},{"country":"fr","city":"2"}]',
      BY_PLACE,
      /^index 1: the key attribute "city" has type S, .* type N\. /,
    ],
  ])('rejects a key with another type than the first key, in %j', (text, keyNames, message) => {
    expect(() => parseItemFile(text, keyNames)).toThrow(fileError(message));
  });

  it.each([
    ['"a"', '"a"'],
    ['"\\u00e9"', '"é"'],
    ['1', '1.0'],
    ['10', '1e1'],
    ['0.5', '5E-1'],
    ['0', '-0'],
    ['{"N":"1"}', '{"N":"1.00"}'],
    ['{"B":"YQ=="}', '{"B":"YQ=="}'],
  ])('treats %s and %s as duplicate keys', (one, other) => {
    const text = `{"id":${one}}\n\n{"id":${other}}`;
    expect(() => parseItemFile(text, BY_ID)).toThrow(
      fileError(/^line 3: the key .* is already used at line 1\. .*--key HASH,RANGE$/),
    );
  });

  it('rejects an item whose hash and range key are both duplicates', () => {
    const text = '[{"country":"fr","city":1},{"country":"fr","city":2},{"country":"fr","city":1.0}]';
    expect(() => parseItemFile(text, BY_PLACE)).toThrow(
      fileError(/^index 2: the key .* is already used at index 0\. /),
    );
  });
});

describe('parseItemFile, given scan output', () => {
  it('rejects a Count that differs from the number of Items', () => {
    const text = '{"Items":[{"id":{"S":"a"}}],"Count":2,"ScannedCount":2}';
    expect(() => parseItemFile(text, BY_ID)).toThrow('Count is 2, but Items has 1 item. ');
  });
});

describe('parseItemFile, given an invalid typed value', () => {
  it.each([
    ['an unknown type', '{"X":"a"}'],
    ['a plain value', '1'],
    ['null', 'null'],
    ['null in a list', '{"L":[null]}'],
    ['null in a map', '{"M":{"x":null}}'],
    ['null in a set', '{"SS":[null]}'],
    ['two types in one value', '{"S":"a","N":"1"}'],
    ['a string instead of a boolean', '{"BOOL":"no"}'],
    ['a number instead of a string', '{"N":1}'],
  ])('rejects %s with its place and name', (_what, value) => {
    const text = `[{"id":{"S":"a"}},{"id":{"S":"b"},"value":${value}}]`;
    expect(() => parseItemFile(text, BY_ID)).toThrow(/^index 1: the attribute "value" .*\{"S":"text"\}/);
  });

  it('accepts 32 levels of nesting and rejects 33', () => {
    const nested = (levels: number) => `[{"id":"a","value":${'['.repeat(levels)}${']'.repeat(levels)}}]`;
    expect(parseItemFile(nested(32), BY_ID).items).toHaveLength(1);
    expect(() => parseItemFile(nested(33), BY_ID)).toThrow(
      /the attribute "value" is nested deeper than 32 levels/,
    );
  });
});
