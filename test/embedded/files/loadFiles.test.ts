import type { KeyNames } from '../../../src/embedded/files/tableSchema';
import { readTable, fileError } from '../../helpers/itemFiles';

const BY_ID: KeyNames = { hash: 'id' };
const BY_PLACE: KeyNames = { hash: 'country', range: 'city' };

async function itemsOf(text: string, key = BY_ID): Promise<unknown[]> {
  const { items } = await readTable(text, { key });
  return items.map((json) => JSON.parse(json) as unknown);
}

describe('loadFiles', () => {
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
    ])('parses %s items', async (_kind, items) => {
      const text = write(items);
      await expect(itemsOf(text)).resolves.toEqual(TYPED);
      await expect(readTable(text)).resolves.toMatchObject({
        key: [{ name: 'id', type: 'S' }],
        isPartial: false,
      });
    });
  });

  it.each([
    ['on one line', '{"id":"a"}'],
    ['on one line with a line break', '{"id":"a"}\r\n'],
    ['on many lines', '{\n  "id": "a"\n}\n'],
    ['in typed form', '{"id":{"S":"a"}}'],
    ['as scan output', '{"Items":[{"id":{"S":"a"}}],"Count":1,"ScannedCount":1}'],
  ])('accepts a single item %s', async (_how, text) => {
    await expect(itemsOf(text)).resolves.toEqual([{ id: { S: 'a' } }]);
  });

  it.each([
    ['as the only item', ''],
    ['before another item', '\n{"id":"other"}'],
  ])('treats an object that has the key and a list named Items as an item, %s', async (_how, more) => {
    const [item] = await itemsOf(`{"id":"order","Items":[{"id":"x"}]}${more}`);
    expect(item).toMatchObject({ id: { S: 'order' } });
  });

  it.each(['[]', ' [ ]\n', '{"Items":[],"Count":0,"ScannedCount":0}'])(
    'finds no items in %j',
    async (text) => {
      await expect(readTable(text)).resolves.toMatchObject({
        items: [],
        key: [{ name: 'id', type: 'S' }],
        isPartial: false,
      });
    },
  );

  it.each(['', ' ', '\n', '\r\n\t\r\n'])('rejects %j, which is only white space', async (text) => {
    await expect(readTable(text, { key: BY_ID })).rejects.toEqual(
      fileError(/^the file is empty\. Write \[\]/),
    );
  });

  it.each([
    ['[{"id":"a"},\n{"id":"b"}]', ['index 0', 'index 1']],
    ['{"Items":[{"id":"a"},{"id":"b"}]}', ['index 0', 'index 1']],
    ['{"id":"a"}\n{"id":"b"}', ['line 1', 'line 2']],
    ['\n{"id":"a"}\r\n\r\n{"id":"b"}', ['line 2', 'line 4']],
  ])('records the place of each item in %j', async (text, places) => {
    await expect(readTable(text)).resolves.toMatchObject({ places });
  });

  it.each([
    ['"NextToken": "eyJFeGNsdXNpdmVTdGFydEtleSI6IG51bGx9"', true],
    ['"LastEvaluatedKey": {"id": {"S": "a"}}', true],
    ['"NextToken": null', false],
    ['"Count": 1', false],
  ])('returns the right value of partial for scan output with %s: %s', async (field, isPartial) => {
    await expect(readTable(`{"Items":[{"id":{"S":"a"}}],${field}}`)).resolves.toMatchObject({ isPartial });
  });
});

describe('loadFiles, given a value', () => {
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
    ['an exponent', '1.23e+40', `{"N":"123${'0'.repeat(38)}"}`],
    ['a decimal with a trailing zero', '1.50', '{"N":"1.5"}'],
    ['negative zero', '-0', '{"N":"0"}'],
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
  ])('converts %s to its DynamoDB type', async (_what, plain, typed) => {
    const { items } = await readTable(`[{"id":"a","value":${plain}}]`);
    expect(JSON.parse(items[0] ?? '')).toEqual(JSON.parse(`{"id":{"S":"a"},"value":${typed}}`));
  });

  it.each([
    '{"S":""}',
    '{"N":"1.5"}',
    '{"B":"/wD+"}',
    '{"BOOL":false}',
    '{"NULL":true}',
    '{"L":[{"N":"9007199254740993"}]}',
    '{"M":{"S":{"S":"a"}}}',
    '{"SS":["a","b"]}',
    '{"NS":["1","12.5"]}',
    '{"BS":["/wD+"]}',
  ])('keeps %s unchanged if items are typed', async (value) => {
    const item = `{"id":{"S":"a"},"value":${value}}`;
    await expect(readTable(`[${item}]`)).resolves.toMatchObject({ items: [item] });
  });
});

describe('loadFiles, given a key', () => {
  it.each([
    ['"a"', 'S'],
    ['1', 'N'],
    ['{"S":"a"}', 'S'],
    ['{"N":"1"}', 'N'],
    ['{"B":"YQ=="}', 'B'],
  ])('infers from %s the type %s', async (value, type) => {
    await expect(readTable(`[{"id":${value}}]`)).resolves.toMatchObject({ key: [{ name: 'id', type }] });
  });

  it('accepts any attribute name', async () => {
    const { key } = await readTable('[{"id":null,"ISBN-13":9780131103627}]', { key: { hash: 'ISBN-13' } });
    expect(key).toEqual([{ name: 'ISBN-13', type: 'N' }]);
  });

  it.each([
    ['plain', '[{"city":1,"country":"fr"},{"city":2,"country":"fr"},{"city":1,"country":"de"}]'],
    ['typed', '{"country":{"S":"fr"},"city":{"N":"1"}}\n{"country":{"S":"fr"},"city":{"N":"2"}}'],
  ])('accepts a hash and a range key of %s items', async (_kind, text) => {
    const { key } = await readTable(text, { key: BY_PLACE });
    expect(key).toEqual([
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
  ])('distinguishes %s from %s', async (one, other) => {
    await expect(itemsOf(`[{"id":${one}},{"id":${other}}]`)).resolves.toHaveLength(2);
  });

  it('distinguishes pairs of key values that are equal when joined by a comma', async () => {
    const items = await itemsOf('[{"country":"a","city":"b,c"},{"country":"a,b","city":"c"}]', BY_PLACE);
    expect(items).toHaveLength(2);
  });
});

describe('loadFiles, given an invalid file', () => {
  it.each([
    ['a truncated array', '[{"id":"a"},\n {"id"', /^line 2, column 7: invalid JSON: /],
    ['a JSON array', '[\n{"id":"a"},\n{"id":"b" "x"}\n]', /^line 3, column 11: invalid JSON: /],
    ['an array with CRLF', '[\r\n{"id":}\r\n]', /^line 2, column 7: invalid JSON: /],
    ['an array with a trailing comma', '[{"id":"a"},]', /^line 1, column 13: invalid JSON: /],
    ['scan output', '{\n    "Items": [\n        {"id": a}', /^line 3, column 16: invalid JSON: /],
    ['the first line of NDJSON', '{"id":"a",}\n{"id":"b"}', /^line 1, column 11: invalid JSON: /],
    ['a later line of NDJSON', '{"id":"a"}\n\n{"id":}\n', /^line 3, column 7: invalid JSON: /],
    ['truncated NDJSON', '{"id":"a"}\r\n{"id":"b"', /^line 2, column 10: invalid JSON: /],
    [
      'a nesting of 1,000 lists',
      `{"id":${'['.repeat(1000)}${']'.repeat(1000)}}`,
      /^line 1, column 87: invalid JSON: nested deeper than the 32 levels of DynamoDB/,
    ],
    ['an escape', '{"id":"a\\x"}', /^line 1, column 9: invalid JSON: an invalid escape/],
    ['a string', '{"id":"a\nb"}', /^line 1, column 9: invalid JSON: a string must not contain a line break/],
    ['a number', '{"id":01}', /^line 1, column 7: invalid JSON: expected a JSON value, not "01}"/],
    ['names', '{id:1}', /^line 1, column 2: invalid JSON: expected a string in double quotes, not "id:1}"/],
  ])('reports line and column of a syntax error in %s', async (_where, text, message) => {
    await expect(readTable(text, { key: BY_ID })).rejects.toEqual(fileError(message));
  });

  it.each([
    ['[1]', 'index 0'],
    ['[{"id":"a"},null]', 'index 1'],
    ['[{"id":"a"},[{"id":"b"}]]', 'index 1'],
    ['{"Items":[{"id":"a"},"b"]}', 'index 1'],
    ['{"id":"a"}\n\n"b"', 'line 3'],
    ['{"id":"a"}\n[{"id":"b"}]', 'line 2'],
  ])('rejects an item that is not an object, in %j', async (text, place) => {
    await expect(readTable(text, { key: BY_ID })).rejects.toEqual(
      fileError(new RegExp(`^${place}: .*must be a JSON object such as \\{"id":"1"\\}, not \\S+`)),
    );
  });

  it.each([
    ['[{"id":"a"},{"ID":"b","size":1}]', BY_ID, /^index 1: .*"id".* It has "ID", "size"\. .*--key NAME/],
    ['{"id":{"S":"a"}}\n{"Id":{"S":"b"}}', BY_ID, /^line 2: .*"id".* It has "Id"\. .*--key NAME/],
    ['[{"country":"fr"}]', BY_PLACE, /^index 0: .*"city".* It has "country"\. .*--key HASH,RANGE/],
    ['{}', BY_ID, /^line 1: .*"id".* It has no attributes\. /],
    ['[{"id":"a"}]', { hash: 'constructor' }, /^index 0: .*"constructor".* It has "id"\. /],
  ])('rejects an item without its key, in %j', async (text, keyNames, message) => {
    await expect(readTable(text, { key: keyNames })).rejects.toEqual(fileError(message));
  });

  it('lists at most ten attribute names if the key is missing', async () => {
    const item = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`name${index}`, index]));
    await expect(readTable(JSON.stringify([item]), { key: BY_ID })).rejects.toEqual(
      fileError(/"name8", "name9"\. /),
    );
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
    ['{"id":"a"}\n{"id":{"S":"b"}}', 'line 2'],
  ])('rejects a key of a type that keys cannot have, in %j', async (text, place) => {
    const message = new RegExp(
      `^${place}: the key attribute "id" must be a string, a number or binary, not \\S`,
    );
    await expect(readTable(text, { key: BY_ID })).rejects.toEqual(fileError(message));
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
  ])('rejects a key with another type than the first key, in %j', async (text, keyNames, message) => {
    await expect(readTable(text, { key: keyNames })).rejects.toEqual(fileError(message));
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
  ])('treats %s and %s as duplicate keys', async (one, other) => {
    const text = `{"id":${one}}\n\n{"id":${other}}`;
    await expect(readTable(text, { key: BY_ID })).rejects.toEqual(
      fileError(/^line 3: the key .* is already used at line 1\. .*--key HASH,RANGE$/),
    );
  });

  it('rejects an item whose hash and range key are both duplicates', async () => {
    const text = '[{"country":"fr","city":1},{"country":"fr","city":2},{"country":"fr","city":1.0}]';
    await expect(readTable(text, { key: BY_PLACE })).rejects.toEqual(
      fileError(/^index 2: the key .* is already used at index 0\. /),
    );
  });
});

describe('loadFiles, given pages of scan output', () => {
  const page = (ids: string[], count: number, more = '') =>
    `{"Items":[${ids.map((id) => `{"id":{"S":"${id}"}}`).join()}],"Count":${count},"ScannedCount":${count}${more}}`;

  it('rejects a Count that is smaller than the number of Items', async () => {
    await expect(readTable(page(['a', 'b'], 1))).rejects.toEqual(
      fileError('Count is 1, but Items has 2 items. '),
    );
  });

  it.each([
    ['two complete pages', page(['a'], 1) + page(['b'], 1), false],
    [
      'pages with LastEvaluatedKey',
      `${page(['a'], 1, ',"LastEvaluatedKey":{"id":{"S":"a"}}')}\n${page(['b'], 1)}`,
      false,
    ],
    [
      'pages of which the last has a LastEvaluatedKey',
      page(['a'], 1) + page(['b'], 1, ',"LastEvaluatedKey":{"id":{"S":"b"}}'),
      true,
    ],
    ['a page that --max-items has truncated', page(['a'], 3, ',"NextToken":"eyJ9"'), true],
    ['the page after --starting-token', page(['b', 'c'], 3), true],
    ['both of them', `${page(['a'], 3, ',"NextToken":"eyJ9"')}\n${page(['b', 'c'], 3)}`, false],
  ])('returns the right value of isPartial for %s', async (_what, text, isPartial) => {
    await expect(readTable(text)).resolves.toMatchObject({ isPartial });
  });

  it('names the page and the index of an item in a later page', async () => {
    const { places } = await readTable(page(['a'], 1) + page(['b', 'c'], 2));
    expect(places).toEqual(['index 0', 'page 2, index 0', 'page 2, index 1']);
  });
});

describe('loadFiles, given an invalid typed value', () => {
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
  ])('rejects %s with its place and name', async (_what, value) => {
    const text = `[{"id":{"S":"a"}},{"id":{"S":"b"},"value":${value}}]`;
    await expect(readTable(text)).rejects.toEqual(
      fileError(/^index 1: the attribute "value" .*\{"S":"text"\}/),
    );
  });

  it('accepts 32 levels of nesting and rejects 33', async () => {
    const nested = (levels: number) => `[{"id":"a","value":${'['.repeat(levels)}${']'.repeat(levels)}}]`;
    await expect(itemsOf(nested(32))).resolves.toHaveLength(1);
    await expect(itemsOf(nested(33))).rejects.toEqual(
      fileError('the attribute "value" is nested deeper than 32 levels'),
    );
  });
});
