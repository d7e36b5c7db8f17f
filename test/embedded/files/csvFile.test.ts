import fc from 'fast-check';
import { parse } from 'lossless-json';
import request from 'supertest';
import { describeInvalidValue, marshall } from '../../../src/dynamodb/attributeValue';
import { readCsv } from '../../../src/embedded/files/csvFile';
import { looksLikeCsv } from '../../../src/embedded/files/csvHeader';
import {
  attributeValueArbitrary,
  plainValue,
  tableOf,
  type AttributeValue,
  type Item,
} from '../../helpers/expectedResults';
import { testApp } from '../../helpers/servedApp';

function read(text: string | Buffer, { infer = false } = {}): unknown[] {
  return [...readCsv(Buffer.from(text), { infer })].map(({ attributes }) => attributes);
}

/** Returns the values of a file with the one column `a` and a column `key` before it, by row. */
function inferredColumn(...cells: string[]): unknown[] {
  const rows = cells.map((cell, index) => `row ${index},${cell}\n`);
  return read(`key,a\n${rows.join('')}`, { infer: true }).map((item) => (item as { a: unknown }).a);
}

/** A quoted cell. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** Matches the error for an invalid file. */
function fileError(message: string): Error {
  return expect.objectContaining({ name: 'ItemFileError', message }) as Error;
}

describe('readCsv', () => {
  const ITEMS = [
    { id: { S: '1' }, name: { S: 'Ann, "A"' } },
    { id: { S: '2' }, name: { S: 'é' } },
  ];

  it.each<[what: string, text: string]>([
    ['LF', 'id,name\n1,"Ann, ""A"""\n2,é\n'],
    ['CRLF', 'id,name\r\n1,"Ann, ""A"""\r\n2,é\r\n'],
    ['CR', 'id,name\r1,"Ann, ""A"""\r2,é\r'],
    ['no line break at the end', 'id,name\n1,"Ann, ""A"""\n2,é'],
    ['a quote at the end', 'id,name\n1,"Ann, ""A"""\n2,"é"'],
    ['a byte order mark', '\uFEFFid,name\n1,"Ann, ""A"""\n2,é\n'],
    ['a byte order mark and quotes', '\uFEFF"id","name"\n"1","Ann, ""A"""\n"2","é"\n'],
    ['semicolons', 'id;name\r\n1;"Ann, ""A"""\r\n2;é\r\n'],
    ['tabs', 'id\tname\r\n1\t"Ann, ""A"""\r\n2\té\r\n'],
    ['a hint to Excel', 'sep=;\r\nid;name\r\n1;"Ann, ""A"""\r\n2;é\r\n'],
    ['empty lines', '\n\r\nid,name\n\n1,"Ann, ""A"""\n\r\n2,é\n\n'],
  ])('reads a file with %s', (_what, text) => {
    expect(read(text)).toEqual(ITEMS);
  });

  it.each<[what: string, text: string, item: object]>([
    ['an empty cell as an absent attribute', 'id,a,b\n1,,x\n', { id: { S: '1' }, b: { S: 'x' } }],
    ['an empty last cell as an absent attribute', 'id,a\n1,', { id: { S: '1' } }],
    ['an empty cell in quotes as an empty string', 'id,a\n1,""\n', { id: { S: '1' }, a: { S: '' } }],
    ['line breaks in quotes', 'id,a\n1,"x\r\ny\nz\r"\n', { id: { S: '1' }, a: { S: 'x\r\ny\nz\r' } }],
    ['a line break in a name', '"i\nd";a\n1;2', { 'i\nd': { S: '1' }, a: { S: '2' } }],
    ['spaces', 'id, a \n 1 , x', { id: { S: ' 1 ' }, ' a ': { S: ' x' } }],
    ['a quote inside a cell without quotes', 'id,a\n1,5" disk\n', { id: { S: '1' }, a: { S: '5" disk' } }],
    ['names of every kind', '__proto__,a.b\n1,2\n', JSON.parse('{"__proto__":{"S":"1"},"a.b":{"S":"2"}}')],
    [
      'numbers, booleans, null and JSON as text',
      'a,b,c,d\n1,true,null,[]\n',
      {
        a: { S: '1' },
        b: { S: 'true' },
        c: { S: 'null' },
        d: { S: '[]' },
      },
    ],
    ['delimiters in quoted names', '"a,b,c";"d"\n1;2\n', { 'a,b,c': { S: '1' }, d: { S: '2' } }],
    ['a comma as the delimiter of equally many', 'a;b,c\n1,2\n', { 'a;b': { S: '1' }, c: { S: '2' } }],
  ])('reads %s', (_what, text, item) => {
    expect(read(text)).toEqual([item]);
  });

  it.each([
    ["'=1+1", '=1+1'],
    ["'-5", '-5'],
    ["''@x", "'@x"],
    ["'\uff1d1", '\uff1d1'],
    ["'text", "'text"],
    ["it's", "it's"],
    ["'", "'"],
    ["''", "''"],
  ])('reads the cell %s as the text %s', (cell, text) => {
    expect(read(`id\n${cell}\n`)).toEqual([{ id: { S: text } }]);
  });

  it('removes the guard of a formula from a name', () => {
    expect(read("'=a\n1\n")).toEqual([{ '=a': { S: '1' } }]);
  });

  it('reads what the AWS console writes', () => {
    const text = '"id","total","tags"\n"1","3","[{""S"":""a""}]"\n"2","4",""\n';
    expect(read(text)).toEqual([
      { id: { S: '1' }, total: { S: '3' }, tags: { S: '[{"S":"a"}]' } },
      { id: { S: '2' }, total: { S: '4' }, tags: { S: '' } },
    ]);
    expect(read(text, { infer: true })).toEqual([
      { id: { N: '1' }, total: { N: '3' }, tags: { L: [{ S: 'a' }] } },
      { id: { N: '2' }, total: { N: '4' } },
    ]);
  });

  it('returns no items for a header line', () => {
    expect(read('id,name\n')).toEqual([]);
    expect(read('id,name', { infer: true })).toEqual([]);
  });

  it('returns the line where each item begins', () => {
    const text = '\nid,a\r\n1,"x\r\ny\nz"\r\n\r\n2,\r\n';
    expect(Array.from(readCsv(Buffer.from(text), { infer: true }), ({ line }) => line)).toEqual([3, 7]);
  });

  it('reads rows that are longer than what it decodes at once', () => {
    const texts = [3_000_000, 0, 999_990, 5, 1_000_003, 1].map((length) => 'é"\r\n'.repeat(length / 4 + 1));
    const rows = texts.map((text, index) => `${index},${quoted(text)}\r\n`);
    expect(read(`id,a\r\n${rows.join('')}`)).toEqual(
      texts.map((text, index) => ({ id: { S: String(index) }, a: { S: text } })),
    );
  });

  it('reads the rows that are requested, and does not examine the others', () => {
    const items = readCsv(Buffer.from('id\n1\n2,3\n'), { infer: false });
    expect(items.next().value).toEqual({ attributes: { id: { S: '1' } }, line: 2 });
  });

  it('reads back any cells', () => {
    const cell = fc.option(fc.string({ unit: fc.constantFrom(...Array.from(`ab1é😀,;\t'"\r\n =-{[`)) }), {
      nil: undefined,
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell), { maxLength: 5 }),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n', '\r'),
        (rows, delimiter, lineBreak) => {
          const lines = rows.map((cells) => cells.map((text) => (text === undefined ? '' : quoted(text))));
          const text = [['id', 'a', 'b'], ...lines.map((cells) => ['x', ...cells])]
            .map((cells) => cells.join(delimiter) + lineBreak)
            .join('');
          const unguarded = (text: string) => text.replace(/^'(?='*[-=\t\r\n])/, '');
          const expected = rows.map(([a, b]) => ({
            id: { S: 'x' },
            ...(a !== undefined && { a: { S: unguarded(a) } }),
            ...(b !== undefined && { b: { S: unguarded(b) } }),
          }));
          expect(read(text)).toEqual(expected);
        },
      ),
    );
  });
});

describe('readCsv with the column OtherAttributes', () => {
  it.each<[what: string, text: string, item: object]>([
    [
      'as attributes with the types of JSON',
      'id,OtherAttributes\n1,"{""n"":12345678901234567890.5,""s"":""x"",""z"":null,""l"":[true]}"\n',
      {
        id: { S: '1' },
        n: { N: '12345678901234567890.5' },
        s: { S: 'x' },
        z: { NULL: true },
        l: { L: [{ BOOL: true }] },
      },
    ],
    ['that is empty', 'id,OtherAttributes\n1,\n', { id: { S: '1' } }],
    ['that is empty in quotes', 'id,OtherAttributes\n1,""\n', { id: { S: '1' } }],
    ['as the only column', 'OtherAttributes\n"{""id"":""1""}"\n', { id: { S: '1' } }],
    [
      'named differently, because an attribute has the name',
      'OtherAttributes,id,OtherAttributes_\nx,1,"{""a"":1}"\n',
      { OtherAttributes: { S: 'x' }, id: { S: '1' }, a: { N: '1' } },
    ],
    [
      'in another place than the last, as an attribute',
      'OtherAttributes,id\n{},1\n',
      { OtherAttributes: { S: '{}' }, id: { S: '1' } },
    ],
  ])('reads one %s', (_what, text, item) => {
    expect(read(text)).toEqual([item]);
    expect(read(text, { infer: true })).toHaveLength(1);
  });

  it.each([
    ['{"a":', /^line 3: the cell of OtherAttributes is invalid: .+ position 5\. Write an object such as/],
    ['[1]', /^line 3: the cell of OtherAttributes is invalid: it is not a JSON object\. Write/],
    [
      '{"id":1}',
      /^line 3: the cell of OtherAttributes has the attribute "id", which is also a column\. Write/,
    ],
    [
      `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      /^line 3: the cell of OtherAttributes is invalid: /,
    ],
  ])('rejects an invalid cell, case %#', (cell, message) => {
    expect(() => read(`id,OtherAttributes\n1,\n2,${quoted(cell)}\n`)).toThrow(message);
  });
});

describe('readCsv that infers types', () => {
  const S = (text: string) => ({ S: text });
  const N = (digits: string) => ({ N: digits });

  it.each<[what: string, cells: string[], values: unknown[]]>([
    ['numbers', ['1', '-2.50', '"3"', '1e5', '0'], ['1', '-2.50', '3', '1e5', '0'].map(N)],
    ['38 digits', ['12345678901234567890123456789012345678'], [N('12345678901234567890123456789012345678')]],
    [
      '39 digits',
      ['1', '123456789012345678901234567890123456789'],
      [S('1'), S('123456789012345678901234567890123456789')],
    ],
    ['the largest numbers', ['9.99E+125', '-1E-130'], [N('9.99E+125'), N('-1E-130')]],
    ['a number that is too large', ['1E+126'], [S('1E+126')]],
    ['a number that is too small', ['1E-131'], [S('1E-131')]],
    ['ids with leading zeros', ['001', '2'], [S('001'), S('2')]],
    ['phone numbers', ['+49301234', '49301234'], [S('+49301234'), S('49301234')]],
    ['numbers of other notations', ['.5'], [S('.5')]],
    ['numbers with a decimal comma', ['"1,5"'], [S('1,5')]],
    ['numbers with spaces', [' 1'], [S(' 1')]],
    ['guarded numbers', ["'-1", '-1'], [S('-1'), S('-1')]],
    ['numbers and a word', ['1', 'n/a', '2'], [S('1'), S('n/a'), S('2')]],
    ['booleans', ['true', 'false'], [{ BOOL: true }, { BOOL: false }]],
    ['booleans and numbers', ['true', '1'], [S('true'), S('1')]],
    ['booleans in other cases', ['TRUE'], [S('TRUE')]],
    ['nulls', ['null', 'null'], [{ NULL: true }, { NULL: true }]],
    ['nulls and numbers', ['null', '1'], [{ NULL: true }, N('1')]],
    ['nulls and words', ['null', 'x'], [S('null'), S('x')]],
    ['empty cells and numbers', ['', '1', '""'], [undefined, N('1'), undefined]],
    ['empty cells and words', ['', 'x', '""'], [undefined, S('x'), S('')]],
    ['empty cells', ['', '""'], [undefined, S('')]],
    [
      'lists and maps',
      [quoted('[1,"a"]'), quoted('{"b":null}')],
      [{ L: [N('1'), S('a')] }, { M: { b: { NULL: true } } }],
    ],
    ['lists and words', [quoted('[1]'), 'x'], [S('[1]'), S('x')]],
    ['empty lists and maps', ['[]', '{}'], [{ L: [] }, { M: {} }]],
    ['empty lists and numbers', ['[]', '1'], [S('[]'), S('1')]],
    [
      'lists and maps of typed values',
      [quoted('[{"N":"1"}]'), '[]', quoted('{"a":{"SS":["x"]}}')],
      [{ L: [N('1')] }, { L: [] }, { M: { a: { SS: ['x'] } } }],
    ],
    [
      'typed and plain lists',
      [quoted('[{"N":"1"}]'), '[2]'],
      [{ L: [{ M: { N: S('1') } }] }, { L: [N('2')] }],
    ],
    ['text that begins like JSON', ['[x]', '{y}'], [S('[x]'), S('{y}')]],
    ['JSON with a number that is too large', ['[1e999]'], [S('[1e999]')]],
    ['typed JSON with an invalid number', [quoted('[{"N":"x"}]')], [{ L: [{ M: { N: S('x') } }] }]],
    [
      'JSON that is nested too deeply',
      ['['.repeat(40) + ']'.repeat(40)],
      [S('['.repeat(40) + ']'.repeat(40))],
    ],
    ['JSON strings', [quoted('"x"')], [S('"x"')]],
  ])('reads a column of %s', (_what, cells, values) => {
    expect(inferredColumn(...cells)).toEqual(values);
  });

  it('leaves JSON that would overflow the stack as text', () => {
    const deep = '['.repeat(200_000);
    expect(inferredColumn(deep + ']'.repeat(200_000))).toHaveLength(1);
    expect(inferredColumn(deep)).toEqual([S(deep)]);
  });

  it('infers the type of each column on its own', () => {
    expect(read('a,b,c\n1,1,x\n2,y,3\n', { infer: true })).toEqual([
      { a: N('1'), b: S('1'), c: S('x') },
      { a: N('2'), b: S('y'), c: S('3') },
    ]);
  });

  it('returns valid values of one type per column, or null', () => {
    const cell = fc.oneof(
      fc.constantFrom('', '""', '1', '-0.5', '007', 'null', 'true', 'x', '{}', '[1]', quoted('[{"S":"a"}]')),
      fc.json().map(quoted),
    );
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), (cells) => {
        const values = inferredColumn(...cells).filter((value) => value !== undefined);
        const types = new Set(
          values.map((value) => Object.keys(value as object)[0]).filter((type) => type !== 'NULL'),
        );
        expect(values.map((a) => describeInvalidValue({ a }))).toEqual(values.map(() => undefined));
        expect([...types].sort().join()).toMatch(/^(?:|[A-Z]+|L,M)$/);
      }),
    );
  });
});

describe('readCsv of an invalid file', () => {
  it.each<[what: string, text: string, message: string]>([
    [
      'nothing',
      '',
      'the file has no header line. Write the names of the attributes in the first line, for example id,name',
    ],
    [
      'empty lines',
      '\uFEFF\r\n\n',
      'the file has no header line. Write the names of the attributes in the first line, for example id,name',
    ],
    [
      'a column without a name',
      '\nid,,a\n',
      'line 2: column 2 has no name. Name the attribute in the header line, or delete the column',
    ],
    [
      'a column whose name is empty in quotes',
      'id,""\n',
      'line 1: column 2 has no name. Name the attribute in the header line, or delete the column',
    ],
    [
      'two columns of the same name',
      'id,a,b,a\n',
      'line 1: columns 2 and 4 are both named "a". Rename or delete one of them',
    ],
    [
      'too many cells',
      'id,name\n1,Ann\n2,Bob, Jr.\n',
      'line 3: the row has 3 cells, but the header line has 2 columns. The delimiter is ,: put a cell that contains it, or a line break, in double quotes',
    ],
    [
      'too few cells after a cell with line breaks',
      'id\tname\n1\t"x\ny"\n2\n',
      'line 4: the row has 1 cell, but the header line has 2 columns. The delimiter is a tab: put a cell that contains it, or a line break, in double quotes',
    ],
    [
      'too many cells for one column',
      'name\nDoe, Ann\n',
      'line 2: the row has 2 cells, but the header line has 1 column. The delimiter is ,: put a cell that contains it, or a line break, in double quotes',
    ],
    [
      'a quote that is not closed',
      'id,name\n1,"x\ny"\n2,"z\n3,w\n',
      'line 4: the quote that opens in column 2 is never closed. Close it, and write a quote inside a quoted cell as ""',
    ],
    [
      'a quote that is not closed, after line breaks in the same row',
      'id,a,b\n1,"x\r\ny","z ""\n',
      'line 3: the quote that opens in column 3 is never closed. Close it, and write a quote inside a quoted cell as ""',
    ],
    [
      'text after a quote',
      'id,name\n1,"Ann" Lee\n',
      'line 2: column 2 has text after its closing quote. Write a quote inside a quoted cell as ""',
    ],
    [
      'text after a quote in another line',
      'id,name\n1,"The\n"best"\n',
      'line 3: column 2 has text after its closing quote. Write a quote inside a quoted cell as ""',
    ],
  ])('rejects %s', (_what, text, message) => {
    expect(() => read(text)).toThrow(fileError(message));
    expect(() => read(text, { infer: true })).toThrow(fileError(message));
  });

  it.each(['\n', '\r\n', '\r'])(
    'rejects text in another encoding, with lines that end with %j',
    (lineBreak) => {
      const text = Buffer.from(['id;name', '1;Ann', '2;M\xfcller', '3;\xe9', ''].join(lineBreak), 'latin1');
      expect(() => read(text)).toThrow(
        fileError(
          'line 3: the text is not valid UTF-8. Save the file as UTF-8. In Excel, save it as "CSV UTF-8"',
        ),
      );
    },
  );

  it('rejects text that ends in the middle of a character', () => {
    expect(() => read(Buffer.from('id\né').subarray(0, -1))).toThrow(/^line 2: the text is not valid UTF-8/);
  });
});

describe('readCsv of what this server writes', () => {
  const NAMES = [
    'id',
    'a',
    'b',
    '=c',
    "'=c",
    'x,y',
    '"',
    '\r\n',
    '__proto__',
    'OtherAttributes',
    'OtherAttributes_',
  ];
  const item: fc.Arbitrary<Item> = fc
    .uniqueArray(
      fc.tuple(
        fc.constantFrom(...NAMES),
        fc.oneof(
          attributeValueArbitrary,
          fc.constantFrom("'=1", '=1', "''", '', '\uFEFF', '{}', 'null').map((S) => ({ S })),
        ),
      ),
      { selector: ([name]) => name, minLength: 1, maxLength: 6 },
    )
    .map((entries) => Object.fromEntries<AttributeValue>(entries));
  const pages = fc.array(fc.array(item, { maxLength: 4 }), { minLength: 1, maxLength: 4 });

  /** The text of a cell. UTF-8 cannot represent half a surrogate pair. */
  function cellText(value: AttributeValue): string {
    if ('S' in value) return Buffer.from(value.S).toString();
    if ('N' in value) return value.N;
    return 'B' in value ? value.B : plainValue(value);
  }

  it.each([0, 1])('returns every attribute, as text or with the types of JSON, bom=%i', async (bom) => {
    await fc.assert(
      fc.asyncProperty(pages, async (pages) => {
        const { app } = testApp(tableOf(...pages));
        const { text } = await request(app)
          .post('/scanRecords')
          .set('Accept', `text/csv; bom=${bom}`)
          .buffer(true);
        const columns = new Set(
          (pages.find((items) => items.length > 0) ?? []).flatMap((items) => Object.keys(items)),
        );
        const expected = pages
          .flat()
          .map((item) =>
            Object.fromEntries(
              Object.entries(item).map(([name, value]) => [
                name,
                columns.has(name) ? { S: cellText(value) } : marshall(parse(plainValue(value))),
              ]),
            ),
          );
        expect(text === '' ? [] : read(text)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});

describe('looksLikeCsv', () => {
  it.each([
    ['id,name'],
    ['name;id\r'],
    ['\uFEFF"id"\t"name"'],
    ['id'],
    ['sep=;'],
    ['name,"id","with\r'],
    ['{a},[b],id'],
    ['orderId,total'],
    ['Order number,Total (EUR)'],
    ["'=a,b"],
  ])('is true for %j', (line) => {
    expect(looksLikeCsv(line, 'id')).toBe(true);
  });

  it.each([
    [''],
    ['name'],
    ['orderId,,total'],
    ['a,b,a'],
    ['{"id":"1","name":"x"}'],
    ['[{"id":1},{"id":2}]'],
    ['[1,2]'],
    ['$ion_1_0 {Item:{id:"1",n:2.}}'],
    ['<table><tr><td>a, b</td></tr>'],
    ['PK\u0003\u0004,\u0000'],
    ['"a"b,c'],
  ])('is false for %j', (line) => {
    expect(looksLikeCsv(line, 'id')).toBe(false);
  });
});
