import fc from 'fast-check';
import {
  MalformedResponseError,
  PLAIN_JSON,
  transcodeScan,
  type ItemOptions,
} from '../../../src/dynamodb/transcoder/transcoder';
import {
  DEEPEST,
  diceArbitrary,
  nest,
  parseExactly,
  plainItems,
  scanResponseArbitrary,
  writeLoosely,
  type AttributeValue,
  type ScanResponse,
} from '../../helpers/expectedResults';

/** Number of runs, and a limit for shrinking, which could take minutes. */
function runs(numRuns: number) {
  return { numRuns, plugins: [fc.interruptAfterTimeLimit(10_000)] };
}

/** Responses in any JSON notation, without white space at the end. */
const looseResponse = fc
  .tuple(scanResponseArbitrary, diceArbitrary)
  .map(([response, dice]) => writeLoosely(response, dice).trimEnd());

const SIGNS = Array.from(Buffer.from('"\\{}[],:'));
const byte = fc.oneof(fc.nat(255), fc.constantFrom(...SIGNS, ...Buffer.from('0-+.eEuSN; \n\0')));

/** Responses with a byte changed, added or lost, mostly at a character of JSON's syntax. */
const changedResponse = fc
  .record({
    response: looseResponse,
    atSign: fc.boolean(),
    choice: fc.nat(),
    removed: fc.nat(1),
    inserted: fc.array(byte, { maxLength: 1 }),
  })
  .map(({ response, atSign, choice, removed, inserted }) => {
    const bytes = Array.from(Buffer.from(response));
    const places = Array.from(bytes.keys()).filter((at) => !atSign || SIGNS.includes(bytes[at] ?? 0));
    bytes.splice(places[choice % places.length] ?? 0, removed, ...inserted);
    return Buffer.from(bytes);
  });

function transcode(
  response: string | Uint8Array,
  options: Partial<ItemOptions> = {},
): { items: string; rest: string } {
  const { items, rest } = transcodeScan(Buffer.from(response), { ...PLAIN_JSON, ...options });
  return { items: items.toString(), rest };
}

/** Returns undefined if the response is rejected as expected; any other error fails the test. */
function transcodeUnlessMalformed(response: Uint8Array): ReturnType<typeof transcode> | undefined {
  try {
    return transcode(response);
  } catch (error) {
    if (error instanceof MalformedResponseError) return undefined;
    throw error;
  }
}

/** Returns a response with one item, whose attribute `a` has the given JSON. */
function responseWith(attribute: string): string {
  return `{"Count":1,"Items":[{"a":${attribute}}]}`;
}

function transcoding(response: string | Uint8Array, options: Partial<ItemOptions> = {}): () => unknown {
  return () => transcode(response, options);
}

describe('plain items', () => {
  it.each([
    ['S', 'a string', '{"S":"x"}', '"x"'],
    ['S', 'an empty string', '{"S":""}', '""'],
    ['S', 'a long string', `{"S":"${'é'.repeat(1000)}"}`, `"${'é'.repeat(1000)}"`],
    ['N', 'a number', '{"N":"-12.50"}', '-12.50'],
    ['N', 'a number past 2^53', '{"N":"9007199254740993"}', '9007199254740993'],
    ['N', 'a number with an exponent', '{"N":"1.23e+40"}', '1.23e+40'],
    ['N', 'a number written with escapes', '{"N":"\\u0031\\u00320"}', '120'],
    ['B', 'a string in base64', '{"B":"AP8="}', '"AP8="'],
    ['BOOL', 'true', '{"BOOL":true}', 'true'],
    ['BOOL', 'false', '{"BOOL":false}', 'false'],
    ['NULL', 'null', '{"NULL":true}', 'null'],
    ['M', 'an object', '{"M":{"b":{"S":"x"},"c":{"N":"1"}}}', '{"b":"x","c":1}'],
    ['M', 'an empty object', '{"M":{}}', '{}'],
    ['L', 'an array', '{"L":[{"S":"x"},{"N":"1"}]}', '["x",1]'],
    ['L', 'an empty array', '{"L":[]}', '[]'],
    ['SS', 'an array of strings', '{"SS":["x","y"]}', '["x","y"]'],
    ['NS', 'an array of numbers', '{"NS":["1","1E-130"]}', '[1,1E-130]'],
    ['BS', 'an array of strings in base64', '{"BS":["AA==","/w=="]}', '["AA==","/w=="]'],
    ['an escaped type', 'what it names', '{"\\u0053\\u0053":["x"]}', '["x"]'],
  ])('have for %s the value %s', (_type, _plain, attribute, expected) => {
    expect(transcode(responseWith(attribute)).items).toBe(`{"a":${expected}}`);
  });

  it.each([
    ['a control character', '\\u0000'],
    ['a short escape', '\\n\\"\\\\'],
    ['an escaped slash', '\\/'],
    ['a needless escape', '\\u0041'],
    ['a lone high surrogate', '\\ud83d'],
    ['a lone low surrogate', '\\uDE00'],
    ['an escaped surrogate pair', '\\uD83d\\ude00'],
    ['an emoji', '😀'],
    ['a line separator', '\u2028'],
    ['a name that objects have from birth', '__proto__'],
  ])('keep %s unchanged, in values and in names', (_what, written) => {
    const response = `{"Items":[{"${written}":{"S":"${written}"},"b":{"SS":["${written}"]}}],"Count":1}`;
    expect(transcode(response).items).toBe(`{"${written}":"${written}","b":["${written}"]}`);
  });

  it('are written in order, with commas between them', () => {
    fc.assert(
      fc.property(scanResponseArbitrary, (response) => {
        expect(transcode(JSON.stringify(response)).items).toBe(plainItems(response.Items));
      }),
      runs(500),
    );
  });

  it('do not depend on white space, order and escapes in the response', () => {
    fc.assert(
      fc.property(scanResponseArbitrary, diceArbitrary, (response, dice) => {
        const { items } = transcode(writeLoosely(response, dice));
        expect(parseExactly(`[${items}]`)).toEqual(parseExactly(`[${plainItems(response.Items)}]`));
      }),
      runs(500),
    );
  });

  it.each([
    ['lists', undefined],
    ['maps', '__proto__'],
  ])(`can have ${DEEPEST} levels of %s`, (_kind, name) => {
    const value = nest({ S: 'x' }, Array<string | undefined>(DEEPEST).fill(name));
    const Items = [{ a: value }];
    expect(transcode(JSON.stringify({ Items, Count: 1 })).items).toBe(plainItems(Items));
  });
});

describe('plain items with numbers as strings', () => {
  const numbers = 'string';

  it.each([
    ['N', '{"N":"-12.50"}', '"-12.50"'],
    ['N past 2^53', '{"N":"9007199254740993"}', '"9007199254740993"'],
    ['N written with escapes', '{"N":"\\u0031\\u00320"}', '"120"'],
    ['NS', '{"NS":["1","1E-130"]}', '["1","1E-130"]'],
    ['an empty NS', '{"NS":[]}', '[]'],
    ['N in L and M', '{"L":[{"N":"1"},{"M":{"b":{"N":"0.10"}}}]}', '["1",{"b":"0.10"}]'],
    ['S', '{"S":"1"}', '"1"'],
    ['BOOL', '{"BOOL":true}', 'true'],
  ])('have, for %s, each number in quotes and nothing else changed', (_type, attribute, expected) => {
    expect(transcode(responseWith(attribute), { numbers }).items).toBe(`{"a":${expected}}`);
  });

  it.each(['', '-', '007', '1,5', '0x10', 'NaN', '1\\"', '\\u0031.'])(
    'are rejected with a number of "%s"',
    (number) => {
      const response = responseWith(`{"N":"${number}"}`);
      expect(transcoding(response, { numbers })).toThrow(MalformedResponseError);
    },
  );
});

describe('typed items', () => {
  const values = 'typed';

  it('are copied byte for byte', () => {
    fc.assert(
      fc.property(scanResponseArbitrary, diceArbitrary, ({ Items, Count }, dice) => {
        const written = Items.map((item) => writeLoosely(item, dice));
        const { items } = transcode(`{"Items":[${written.join(',')}],"Count":${Count}}`, { values });
        expect(items).toBe(written.map((text) => text.trim()).join(','));
      }),
      runs(500),
    );
  });

  it('keep their numbers, whatever the number format', () => {
    const response = responseWith('{"N":"1"}');
    expect(transcode(response, { values, numbers: 'string' }).items).toBe('{"a":{"N":"1"}}');
  });

  it.each([
    ['an unknown type', '{"X":"x"}'],
    ['plain JSON', '"x"'],
    ['two types', '{"S":"x","N":"1"}'],
    ['a number that is none', '{"N":"x"}'],
    ['a NULL of false', '{"NULL":false}'],
  ])('are rejected if an attribute has %s', (_what, attribute) => {
    expect(transcoding(responseWith(attribute), { values })).toThrow(MalformedResponseError);
  });

  it('are rejected if the response is cut short', () => {
    fc.assert(
      fc.property(looseResponse, fc.nat(), (response, cut) => {
        const bytes = Buffer.from(response);
        const short = bytes.subarray(0, cut % bytes.length);
        expect(transcoding(short, { values })).toThrow(MalformedResponseError);
      }),
      runs(200),
    );
  });
});

describe('a maximum number of items', () => {
  const form = fc.record({
    values: fc.constantFrom('plain' as const, 'typed' as const),
    numbers: fc.constantFrom('number' as const, 'string' as const),
    separator: fc.constantFrom(',' as const, '\n' as const),
  });

  it('selects the first ones, in any form, and keeps the rest of the response', () => {
    fc.assert(
      fc.property(scanResponseArbitrary, fc.nat(5), form, (response, atMost, options) => {
        const json = JSON.stringify(response);
        const first = response.Items.slice(0, atMost);
        const expected =
          options.values === 'plain'
            ? plainItems(first, options)
            : first.map((item) => JSON.stringify(item)).join(options.separator);
        const { rest } = transcode(json);
        expect(transcode(json, { ...options, atMost })).toEqual({ items: expected, rest });
      }),
      runs(500),
    );
  });

  it.each([
    ['a record that is none', '{"Items":[{},{"a":1}],"Count":2}'],
    ['one record less than it counts', '{"Items":[{},{}],"Count":3}'],
    ['no end', '{"Items":[{},{}'],
  ])('rejects a response that has %s after them', (_what, response) => {
    expect(transcoding(response, { atMost: 1 })).toThrow(MalformedResponseError);
  });
});

describe('a response to Select COUNT', () => {
  const countOnly = true;

  it('has no Items for its Count', () => {
    const response = '{"Count":5,"ScannedCount":7}';
    expect(transcode(response, { countOnly })).toEqual({ items: '', rest: response });
  });

  it.each([
    ['other than its Count', '{"Items":[{}],"Count":5,"ScannedCount":7}'],
    ['none for a Count above zero', '{"Items":[],"Count":5,"ScannedCount":7}'],
  ])('is rejected with Items, %s', (_what, response) => {
    expect(transcoding(response, { countOnly })).toThrow(MalformedResponseError);
  });
});

describe('the rest of a response', () => {
  it('contains everything except Items, still in DynamoDB JSON', () => {
    fc.assert(
      fc.property(scanResponseArbitrary, diceArbitrary, (response, dice) => {
        const { rest } = transcode(writeLoosely(response, dice));
        const expected = JSON.stringify({ ...response, Items: [] });
        expect(parseExactly(rest)).toEqual(parseExactly(expected));
      }),
      runs(500),
    );
  });

  it('contains items in lower case, Items inside a key, and brackets inside a string', () => {
    const kept = { items: [], LastEvaluatedKey: { Items: { S: ']},{["' } }, Count: 0 };
    const { rest } = transcode(JSON.stringify({ ...kept, Items: [] }));
    expect(JSON.parse(rest)).toEqual({ ...kept, Items: [] });
  });

  it('can have no Items if Count is 0', () => {
    const response = '{"Count":0,"ScannedCount":7}';
    expect(transcode(response)).toEqual({ items: '', rest: response });
  });

  it('must have Items if Count is not 0', () => {
    expect(() => transcode('{"Count":5,"ScannedCount":7}')).toThrow(MalformedResponseError);
  });
});

describe('the bytes of a response', () => {
  it('are not modified', () => {
    fc.assert(
      fc.property(looseResponse, (response) => {
        const input = Buffer.from(response);
        transcodeScan(input);
        expect(input.toString()).toBe(response);
      }),
      runs(100),
    );
  });

  it('can be a view of a larger buffer', () => {
    const response = Buffer.from(responseWith('{"S":"x"}'));
    const surrounded = new Uint8Array(response.length + 20).fill(0x7d);
    surrounded.set(response, 10);
    const { items } = transcodeScan(surrounded.subarray(10, 10 + response.length));
    expect(Buffer.from(items).toString()).toBe('{"a":"x"}');
  });
});

describe('Count', () => {
  it.each([
    ['above the number of records', '{"Items":[{}],"Count":2}'],
    ['below the number of records', '{"Items":[{},{}],"Count":1}'],
    ['above zero without records', '{"Items":[],"Count":5}'],
    ['that is missing', '{"Items":[],"ScannedCount":0}'],
    ['that is missing with the Items', '{}'],
    ['that is no number', '{"Items":[],"Count":"0"}'],
    ['that is not an integer', '{"Count":0.5}'],
  ])('%s is rejected', (_what, response) => {
    expect(transcoding(response)).toThrow(MalformedResponseError);
  });
});

describe('a truncated response', () => {
  it('is rejected wherever the cut is', () => {
    const values: AttributeValue[] = [
      { S: 'é\n😀\ud800' },
      { N: '-1.5E+3' },
      { BOOL: true },
      { NULL: true },
      { NS: ['1', '2'] },
      { M: { b: { B: 'AA==' } } },
    ];
    const response: ScanResponse = {
      Items: [{}, { a: { L: values } }],
      Count: 2,
      ScannedCount: 2,
      LastEvaluatedKey: { id: { S: 'x' } },
    };
    const bytes = Buffer.from(JSON.stringify(response));
    bytes.forEach((_, cut) => {
      expect(transcoding(bytes.subarray(0, cut))).toThrow(MalformedResponseError);
    });
  });

  it('is rejected whatever the response is', () => {
    fc.assert(
      fc.property(looseResponse, fc.nat(), (response, cut) => {
        const bytes = Buffer.from(response);
        expect(transcoding(bytes.subarray(0, cut % bytes.length))).toThrow(MalformedResponseError);
      }),
      runs(500),
    );
  });
});

it('a response with a byte changed, added or lost is rejected, or read as exactly what it is', () => {
  fc.assert(
    fc.property(changedResponse, (changed) => {
      const accepted = transcodeUnlessMalformed(changed);
      if (accepted === undefined) return;
      const { Items = [] } = JSON.parse(changed.toString()) as Partial<ScanResponse>;
      expect(parseExactly(`[${accepted.items}]`)).toEqual(parseExactly(`[${plainItems(Items)}]`));
    }),
    runs(1500),
  );
});

describe('the transcoder rejects a response that is not a Scan result:', () => {
  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['HTML', '<html>'],
    ['null', 'null'],
    ['an array', '[]'],
    ['a string', '"Items"'],
    ['a byte order mark', '\ufeff{"Items":[],"Count":0}'],
    ['Items in an object', '{"Items":{},"Count":0}'],
    ['Items of null', '{"Items":null,"Count":0}'],
    ['Items twice', '{"Items":[],"Items":[],"Count":0}'],
    ['Items twice, once with an escape', '{"Items":[],"\\u0049tems":[],"Count":0}'],
    ['a record of null', '{"Items":[null],"Count":1}'],
    ['a missing comma between records', '{"Items":[{} {}],"Count":2}'],
    ['a semicolon between records', '{"Items":[{};{}],"Count":2}'],
    ['a comma after the last record', '{"Items":[{},],"Count":1}'],
    ['a comma after the last member', '{"Items":[],"Count":0,}'],
    ['a missing comma between members', '{"Items":[]"Count":0}'],
    ['a semicolon between members', '{"Items":[];"Count":0}'],
    ['a missing colon', '{"Items"[],"Count":0}'],
    ['a member without a value', '{"Count":0,"ScannedCount":}'],
    ['a member that is no JSON', '{"Count":0,"ScannedCount":0x1}'],
    ['brackets that do not match', '{"Count":0,"LastEvaluatedKey":{]}'],
    ['an unquoted name', '{Items:[],"Count":0}'],
    ['bytes after the end', '{"Items":[],"Count":0} {}'],
    ['a NUL after the end', '{"Items":[],"Count":0}\0'],
    ['invalid UTF-8 in a record', Buffer.from(responseWith('{"S":"\xff"}'), 'latin1')],
    ['half a surrogate pair in UTF-8', Buffer.from(responseWith('{"S":"\xed\xa0\x80"}'), 'latin1')],
    ['UTF-16', Buffer.from('{"Items":[],"Count":0}', 'utf16le')],
  ])('%s', (_what, response) => {
    expect(transcoding(response)).toThrow(MalformedResponseError);
  });

  it.each([
    ['plain JSON', '"x"'],
    ['no type', '{}'],
    ['an unknown type', '{"X":"x"}'],
    ['an empty type', '{"":"x"}'],
    ['a type in lower case', '{"s":"x"}'],
    ['more than a type', '{"NULLS":true}'],
    ['a long unknown type', '{"STRINGSET":["x"]}'],
    ['a type after an escaped NUL', '{"\\u0000S":"x"}'],
    ['a type after a NUL', '{"\0S":"x"}'],
    ['an unquoted type', '{S:"x"}'],
    ['two types', '{"S":"x","N":"1"}'],
    ['one type twice', '{"S":"x","S":"x"}'],
    ['a comma after the value', '{"S":"x",}'],
    ['a string of null', '{"S":null}'],
    ['a string that is a number', '{"S":1}'],
    ['a string in single quotes', '{"S":\'x\'}'],
    ['a raw line feed', '{"S":"\n"}'],
    ['the last of the control characters', '{"S":"\x1f"}'],
    ['an unknown escape', '{"S":"\\x41"}'],
    ['an escape of three digits', '{"S":"\\u041"}'],
    ['an escape of other digits', '{"S":"\\u00g1"}'],
    ['a number without quotes', '{"N":1}'],
    ['true in quotes', '{"BOOL":"true"}'],
    ['half of false', '{"BOOL":fals}'],
    ['more than true', '{"BOOL":truer}'],
    ['a BOOL of null', '{"BOOL":null}'],
    ['a NULL of false', '{"NULL":false}'],
    ['a NULL of null', '{"NULL":null}'],
    ['a map in an array', '{"M":[]}'],
    ['a map of plain JSON', '{"M":{"b":"x"}}'],
    ['a list in an object', '{"L":{}}'],
    ['a list of plain JSON', '{"L":["x"]}'],
    ['a list with a hole', '{"L":[{"S":"x"},,{"S":"x"}]}'],
    ['a set of attribute values', '{"SS":[{"S":"x"}]}'],
    ['a set of null', '{"SS":[null]}'],
    ['a set of what are no numbers', '{"NS":["1","x"]}'],
    ['a set of an empty number', '{"NS":[""]}'],
    ['deeper nesting than any table has', '{"L":['.repeat(1000) + ']}'.repeat(1000)],
    ['nesting without end', '{"M":{"":'.repeat(100_000)],
  ])('an attribute with %s', (_what, attribute) => {
    expect(transcoding(responseWith(attribute))).toThrow(MalformedResponseError);
  });

  it.each([
    '',
    ' ',
    ' 1',
    '1 ',
    '-',
    '+5',
    '007',
    '-01',
    '1.',
    '.5',
    '1.e5',
    '1e',
    '1e+',
    '1,5',
    '1 2',
    '0x10',
    '1n',
    'NaN',
    'Infinity',
    'null',
    '\\u0031.',
    '\\n1',
    '٣',
  ])('a number of "%s"', (number) => {
    expect(transcoding(responseWith(`{"N":"${number}"}`))).toThrow(MalformedResponseError);
  });
});
