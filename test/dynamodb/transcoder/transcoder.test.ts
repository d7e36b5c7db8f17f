import fc from 'fast-check';
import {
  MalformedAnswerError,
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
  scanAnswerArbitrary,
  writeLoosely,
  type AttributeValue,
  type ScanAnswer,
} from '../../helpers/oracle';

/** So many runs; the search for the smallest counterexample could go on for minutes, and is cut short. */
function runs(numRuns: number) {
  return { numRuns, plugins: [fc.interruptAfterTimeLimit(10_000)] };
}

/** Answers written with all the freedom that JSON gives, and nothing after their end. */
const looseAnswer = fc
  .tuple(scanAnswerArbitrary, diceArbitrary)
  .map(([answer, dice]) => writeLoosely(answer, dice).trimEnd());

const SIGNS = Array.from(Buffer.from('"\\{}[],:'));
const byte = fc.oneof(fc.nat(255), fc.constantFrom(...SIGNS, ...Buffer.from('0-+.eEuSN; \n\0')));

/** Loose answers with a byte changed, added or lost, more often than not at one of JSON's signs. */
const changedAnswer = fc
  .record({
    answer: looseAnswer,
    atSign: fc.boolean(),
    choice: fc.nat(),
    removed: fc.nat(1),
    inserted: fc.array(byte, { maxLength: 1 }),
  })
  .map(({ answer, atSign, choice, removed, inserted }) => {
    const bytes = Array.from(Buffer.from(answer));
    const places = Array.from(bytes.keys()).filter((at) => !atSign || SIGNS.includes(bytes[at] ?? 0));
    bytes.splice(places[choice % places.length] ?? 0, removed, ...inserted);
    return Buffer.from(bytes);
  });

function transcode(
  answer: string | Uint8Array,
  options: Partial<ItemOptions> = {},
): { items: string; rest: string } {
  const { items, rest } = transcodeScan(Buffer.from(answer), { ...PLAIN_JSON, ...options });
  return { items: items.toString(), rest };
}

/** Undefined where the answer is refused as it should be; any other error is the test's failure. */
function transcodeUnlessMalformed(answer: Uint8Array): ReturnType<typeof transcode> | undefined {
  try {
    return transcode(answer);
  } catch (error) {
    if (error instanceof MalformedAnswerError) return undefined;
    throw error;
  }
}

/** An answer of one record, whose attribute `a` is written so. */
function answerWith(attribute: string): string {
  return `{"Count":1,"Items":[{"a":${attribute}}]}`;
}

function transcoding(answer: string | Uint8Array, options: Partial<ItemOptions> = {}): () => unknown {
  return () => transcode(answer, options);
}

describe('records', () => {
  test.each([
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
  ])('of %s become %s', (_type, _plain, attribute, expected) => {
    expect(transcode(answerWith(attribute)).items).toBe(`{"a":${expected}}`);
  });

  test.each([
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
  ])('keep %s as it was written, in values and in names', (_what, written) => {
    const answer = `{"Items":[{"${written}":{"S":"${written}"},"b":{"SS":["${written}"]}}],"Count":1}`;
    expect(transcode(answer).items).toBe(`{"${written}":"${written}","b":["${written}"]}`);
  });

  test('are written as they come, with commas between them', () => {
    fc.assert(
      fc.property(scanAnswerArbitrary, (answer) => {
        expect(transcode(JSON.stringify(answer)).items).toBe(plainItems(answer.Items));
      }),
      runs(500),
    );
  });

  test('are the same whatever the white space, the order and the escapes of the answer', () => {
    fc.assert(
      fc.property(scanAnswerArbitrary, diceArbitrary, (answer, dice) => {
        const { items } = transcode(writeLoosely(answer, dice));
        expect(parseExactly(`[${items}]`)).toEqual(parseExactly(`[${plainItems(answer.Items)}]`));
      }),
      runs(500),
    );
  });

  test.each([
    ['lists', undefined],
    ['maps', '__proto__'],
  ])(`may hold ${DEEPEST} levels of %s`, (_kind, name) => {
    const value = nest({ S: 'x' }, Array<string | undefined>(DEEPEST).fill(name));
    const Items = [{ a: value }];
    expect(transcode(JSON.stringify({ Items, Count: 1 })).items).toBe(plainItems(Items));
  });
});

describe('with numbers as strings, records', () => {
  const numbers = 'string';

  test.each([
    ['N', '{"N":"-12.50"}', '"-12.50"'],
    ['N past 2^53', '{"N":"9007199254740993"}', '"9007199254740993"'],
    ['N written with escapes', '{"N":"\\u0031\\u00320"}', '"120"'],
    ['NS', '{"NS":["1","1E-130"]}', '["1","1E-130"]'],
    ['an empty NS', '{"NS":[]}', '[]'],
    ['N in L and M', '{"L":[{"N":"1"},{"M":{"b":{"N":"0.10"}}}]}', '["1",{"b":"0.10"}]'],
    ['S', '{"S":"1"}', '"1"'],
    ['BOOL', '{"BOOL":true}', 'true'],
  ])('of %s have each number in quotes, and nothing else changed', (_type, attribute, expected) => {
    expect(transcode(answerWith(attribute), { numbers }).items).toBe(`{"a":${expected}}`);
  });

  test.each(['', '-', '007', '1,5', '0x10', 'NaN', '1\\"', '\\u0031.'])(
    'of a number of "%s" are refused all the same',
    (number) => {
      const answer = answerWith(`{"N":"${number}"}`);
      expect(transcoding(answer, { numbers })).toThrow(MalformedAnswerError);
    },
  );
});

describe('typed records', () => {
  const values = 'typed';

  test('are copied byte for byte', () => {
    fc.assert(
      fc.property(scanAnswerArbitrary, diceArbitrary, ({ Items, Count }, dice) => {
        const written = Items.map((item) => writeLoosely(item, dice));
        const { items } = transcode(`{"Items":[${written.join(',')}],"Count":${Count}}`, { values });
        expect(items).toBe(written.map((text) => text.trim()).join(','));
      }),
      runs(500),
    );
  });

  test('keep what number they hold, whatever is to be done with plain ones', () => {
    const answer = answerWith('{"N":"1"}');
    expect(transcode(answer, { values, numbers: 'string' }).items).toBe('{"a":{"N":"1"}}');
  });

  test.each([
    ['an unknown type', '{"X":"x"}'],
    ['plain JSON', '"x"'],
    ['two types', '{"S":"x","N":"1"}'],
    ['a number that is none', '{"N":"x"}'],
    ['a NULL of false', '{"NULL":false}'],
  ])('of an attribute with %s are refused', (_what, attribute) => {
    expect(transcoding(answerWith(attribute), { values })).toThrow(MalformedAnswerError);
  });

  test('of an answer cut short are refused', () => {
    fc.assert(
      fc.property(looseAnswer, fc.nat(), (answer, cut) => {
        const bytes = Buffer.from(answer);
        const short = bytes.subarray(0, cut % bytes.length);
        expect(transcoding(short, { values })).toThrow(MalformedAnswerError);
      }),
      runs(200),
    );
  });
});

describe('at most so many records', () => {
  const form = fc.record({
    values: fc.constantFrom('plain' as const, 'typed' as const),
    numbers: fc.constantFrom('number' as const, 'string' as const),
    separator: fc.constantFrom(',' as const, '\n' as const),
  });

  test('are the first ones, in any form, while the rest of the answer stays', () => {
    fc.assert(
      fc.property(scanAnswerArbitrary, fc.nat(5), form, (answer, atMost, options) => {
        const json = JSON.stringify(answer);
        const first = answer.Items.slice(0, atMost);
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

  test.each([
    ['a record that is none', '{"Items":[{},{"a":1}],"Count":2}'],
    ['one record less than it counts', '{"Items":[{},{}],"Count":3}'],
    ['no end', '{"Items":[{},{}'],
  ])('are refused of an answer that has %s after them', (_what, answer) => {
    expect(transcoding(answer, { atMost: 1 })).toThrow(MalformedAnswerError);
  });
});

describe('an answer that counts alone', () => {
  const countOnly = true;

  test('has no Items for its Count', () => {
    const answer = '{"Count":5,"ScannedCount":7}';
    expect(transcode(answer, { countOnly })).toEqual({ items: '', rest: answer });
  });

  test.each([
    ['other than its Count', '{"Items":[{}],"Count":5,"ScannedCount":7}'],
    ['none for a Count above zero', '{"Items":[],"Count":5,"ScannedCount":7}'],
  ])('is refused with Items, %s', (_what, answer) => {
    expect(transcoding(answer, { countOnly })).toThrow(MalformedAnswerError);
  });
});

describe('the rest of an answer', () => {
  test('keeps all but the Items, still in DynamoDB JSON', () => {
    fc.assert(
      fc.property(scanAnswerArbitrary, diceArbitrary, (answer, dice) => {
        const { rest } = transcode(writeLoosely(answer, dice));
        const expected = JSON.stringify({ ...answer, Items: [] });
        expect(parseExactly(rest)).toEqual(parseExactly(expected));
      }),
      runs(500),
    );
  });

  test('keeps items in lower case, Items that belong to a key, and brackets that belong to a string', () => {
    const kept = { items: [], LastEvaluatedKey: { Items: { S: ']},{["' } }, Count: 0 };
    const { rest } = transcode(JSON.stringify({ ...kept, Items: [] }));
    expect(JSON.parse(rest)).toEqual({ ...kept, Items: [] });
  });

  test('may say that there are no records, and hold no Items', () => {
    const answer = '{"Count":0,"ScannedCount":7}';
    expect(transcode(answer)).toEqual({ items: '', rest: answer });
  });

  test('may not say that there are records, and hold no Items', () => {
    expect(() => transcode('{"Count":5,"ScannedCount":7}')).toThrow(MalformedAnswerError);
  });
});

describe('the bytes of an answer', () => {
  test('are not modified', () => {
    fc.assert(
      fc.property(looseAnswer, (answer) => {
        const input = Buffer.from(answer);
        transcodeScan(input);
        expect(input.toString()).toBe(answer);
      }),
      runs(100),
    );
  });

  test('may be a view into more', () => {
    const answer = Buffer.from(answerWith('{"S":"x"}'));
    const surrounded = new Uint8Array(answer.length + 20).fill(0x7d);
    surrounded.set(answer, 10);
    const { items } = transcodeScan(surrounded.subarray(10, 10 + answer.length));
    expect(Buffer.from(items).toString()).toBe('{"a":"x"}');
  });
});

describe('a count of records', () => {
  test.each([
    ['above the number of records', '{"Items":[{}],"Count":2}'],
    ['below the number of records', '{"Items":[{},{}],"Count":1}'],
    ['above zero without records', '{"Items":[],"Count":5}'],
    ['that is missing', '{"Items":[],"ScannedCount":0}'],
    ['that is missing with the Items', '{}'],
    ['that is no number', '{"Items":[],"Count":"0"}'],
    ['that is no integer', '{"Count":0.5}'],
  ])('%s is refused', (_what, answer) => {
    expect(transcoding(answer)).toThrow(MalformedAnswerError);
  });
});

describe('an answer cut short', () => {
  test('is refused wherever the cut is', () => {
    const values: AttributeValue[] = [
      { S: 'é\n😀\ud800' },
      { N: '-1.5E+3' },
      { BOOL: true },
      { NULL: true },
      { NS: ['1', '2'] },
      { M: { b: { B: 'AA==' } } },
    ];
    const answer: ScanAnswer = {
      Items: [{}, { a: { L: values } }],
      Count: 2,
      ScannedCount: 2,
      LastEvaluatedKey: { id: { S: 'x' } },
    };
    const bytes = Buffer.from(JSON.stringify(answer));
    bytes.forEach((_, cut) => {
      expect(transcoding(bytes.subarray(0, cut))).toThrow(MalformedAnswerError);
    });
  });

  test('is refused whatever the answer', () => {
    fc.assert(
      fc.property(looseAnswer, fc.nat(), (answer, cut) => {
        const bytes = Buffer.from(answer);
        expect(transcoding(bytes.subarray(0, cut % bytes.length))).toThrow(MalformedAnswerError);
      }),
      runs(500),
    );
  });
});

test('an answer with a byte changed, added or lost is refused, or taken for just what it says', () => {
  fc.assert(
    fc.property(changedAnswer, (changed) => {
      const accepted = transcodeUnlessMalformed(changed);
      if (accepted === undefined) return;
      const { Items = [] } = JSON.parse(changed.toString()) as Partial<ScanAnswer>;
      expect(parseExactly(`[${accepted.items}]`)).toEqual(parseExactly(`[${plainItems(Items)}]`));
    }),
    runs(1500),
  );
});

describe('what is not the answer to a scan is refused:', () => {
  test.each([
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
    ['invalid UTF-8 in a record', Buffer.from(answerWith('{"S":"\xff"}'), 'latin1')],
    ['half a surrogate pair in UTF-8', Buffer.from(answerWith('{"S":"\xed\xa0\x80"}'), 'latin1')],
    ['UTF-16', Buffer.from('{"Items":[],"Count":0}', 'utf16le')],
  ])('%s', (_what, answer) => {
    expect(transcoding(answer)).toThrow(MalformedAnswerError);
  });

  test.each([
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
    expect(transcoding(answerWith(attribute))).toThrow(MalformedAnswerError);
  });

  test.each([
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
    expect(transcoding(answerWith(`{"N":"${number}"}`))).toThrow(MalformedAnswerError);
  });
});
