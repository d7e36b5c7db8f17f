import fc from 'fast-check';
import request from 'supertest';
import type { Environment } from '../../../src/config/config';
import {
  attributeValueArbitrary,
  parseExactly,
  plainItems,
  plainValue,
  tableOf,
  type AttributeValue,
  type Item,
} from '../../helpers/expectedResults';
import { testApp } from '../../helpers/servedApp';

async function post(pages: readonly Item[][], body: object = {}, environment: Environment = {}) {
  const { app } = testApp(tableOf(...pages), environment);
  return request(app).post('/scanRecords').set('Accept', 'text/csv').send(body).buffer(true);
}

async function csv(pages: readonly Item[][], body: object = {}): Promise<string> {
  const response = await post(pages, body);
  expect(response.status).toBe(200);
  return response.text;
}

/** Returns the only cell of a table with one attribute, `a`, as it is in the file. */
async function writtenCell(value: AttributeValue, body: object = {}): Promise<string> {
  const text = await csv([[{ a: value }]], body);
  expect(text).toMatch(/^a\n[^]*\n$/);
  return text.slice(2, -1);
}

const A: Item = { id: { S: 'a' } };
const B: Item = { id: { S: 'b' } };

describe('a CSV response without items', () => {
  it.each<[what: string, body: object, environment: Environment, expected: string]>([
    [
      'the requested attributes, in their order',
      { ProjectionExpression: '#n, id', ExpressionAttributeNames: { '#n': 'a,b' } },
      {},
      '"a,b",id\n',
    ],
    ['the visible attributes, in the order of the setting', {}, { VISIBLE_ATTRIBUTES: 'n,id' }, 'n,id\n'],
  ])('has a header line with %s', async (_what, body, environment, expected) => {
    expect((await post([[], []], body, environment)).text).toBe(expected);
  });

  it('is empty if the columns are unknown', async () => {
    expect((await post([[]])).text).toBe('');
  });
});

describe('the columns of CSV', () => {
  it.each<[string, Item[][], string]>([
    ['those of the one record', [[{ b: { S: 'x' }, a: { S: 'y' } }]], 'b,a\nx,y\n'],
    [
      'those of all records of a page, in the order of their first sight',
      [[A, { n: { N: '1' }, id: { S: 'b' } }, { id: { S: 'c' }, m: { N: '2' } }]],
      'id,n,m\na,,\nb,1,\nc,,2\n',
    ],
    [
      'those of the first page that has records',
      [[], [], [{ id: { S: 'a' }, n: { N: '1' } }], []],
      'id,n,OtherAttributes\na,1,\n',
    ],
    [
      'joined by one for what later pages bring',
      [[A], [{ x: { S: 'é' }, id: { S: 'b' } }], [{ y: { NULL: true }, x: { L: [] }, id: { S: 'c' } }]],
      'id,OtherAttributes\na,\nb,"{""x"":""é""}"\nc,"{""y"":null,""x"":[]}"\n',
    ],
    ['no others where there is one page alone', [[A, B]], 'id\na\nb\n'],
    ['no others where the page with records is the last', [[], [A, B]], 'id\na\nb\n'],
    [
      'joined by one of another name where OtherAttributes is an attribute',
      [[{ OtherAttributes: { S: 'x' } }], [{ OtherAttributes: { S: 'y' }, n: { N: '1' } }]],
      'OtherAttributes,OtherAttributes_\nx,\ny,"{""n"":1}"\n',
    ],
    [
      'joined by one of another name still where that is taken, too',
      [[{ OtherAttributes_: { S: 'x' }, OtherAttributes: { S: 'y' } }], []],
      'OtherAttributes_,OtherAttributes,OtherAttributes__\nx,y,\n',
    ],
    [
      'joined by one in which a later OtherAttributes is one of many',
      [[A], [{ id: { S: 'b' }, OtherAttributes: { S: 'x' } }]],
      'id,OtherAttributes\na,\nb,"{""OtherAttributes"":""x""}"\n',
    ],
    [
      'joined by an empty one if the last attribute could be taken for the others',
      [[{ id: { S: 'a' }, OtherAttributes: { S: '{}' } }]],
      'id,OtherAttributes,OtherAttributes_\na,{},\n',
    ],
    ['none where there are no records', [[], []], ''],
  ])('are %s', async (_what, pages, expected) => {
    expect(await csv(pages)).toBe(expected);
  });

  it('do not include OtherAttributes if the response has one page', async () => {
    expect(await csv([[A], [B]], { Limit: 1 })).toBe('id\na\n');
    expect(await csv([[A, B], [A]], { MaxItems: 1 })).toBe('id\na\n');
  });

  it('include OtherAttributes if a later segment may have more', async () => {
    expect(await csv([[A]], { TotalSegments: 2 })).toBe('id,OtherAttributes\na,\na,\n');
  });

  it.each<[string, string, object, Item[][], string]>([
    ['in its order', 'b, a', {}, [[{ a: { S: 'x' }, b: { S: 'y' } }], [{ a: { S: 'z' } }]], 'b,a\ny,x\n,z\n'],
    [
      'their placeholders resolved',
      '#n, id',
      { '#n': 'name' },
      [[{ id: { S: 'a' }, name: { S: 'x' } }]],
      'name,id\nx,a\n',
    ],
    [
      'those of nested paths and elements as the attribute they are of, once',
      'm.a, l[0], id, m.b, #m.c',
      { '#m': 'm' },
      [[{ id: { S: 'a' }, l: { L: [{ N: '1' }] }, m: { M: { a: { N: '1' }, b: { S: 'x' } } } }]],
      'm,l,id\n"{""a"":1,""b"":""x""}",[1],a\n',
    ],
    ['whether a record has them or not', 'id, gone', {}, [[A], [B]], 'id,gone\na,\nb,\n'],
    ['with a header where there are no records', 'id, n', {}, [[], []], 'id,n\n'],
    ['even of records that have none of them', 'x, y', {}, [[{}, {}], [{}]], 'x,y\n,\n,\n,\n'],
    ['where the one there is is absent, too', 'x', {}, [[{}, { x: { S: 'y' } }], [{}]], 'x\n""\ny\n""\n'],
  ])(
    'are those of a ProjectionExpression, %s',
    async (_what, ProjectionExpression, names, pages, expected) => {
      expect(await csv(pages, { ProjectionExpression, ExpressionAttributeNames: names })).toBe(expected);
    },
  );

  it.each([
    [100, 30, 1000],
    [2000, 1, 500],
  ])('are limited when each of %d items has %d attributes of its own', async (count, own, columns) => {
    const items = Array.from({ length: count }, (_, index): Item => {
      const attributes = Array.from({ length: own }, (_, at) => [`a${index}-${at}`, { N: String(index) }]);
      return Object.fromEntries(attributes) as Item;
    });
    const [header = '', ...rows] = (await csv([items])).trim().split('\n');
    expect(header.split(',')).toHaveLength(columns + 1);
    expect(header).toMatch(/,OtherAttributes$/);
    expect(rows).toHaveLength(count);
    expect(rows.at(-1)).toContain(`""a${count - 1}-0"":${count - 1}`);
  });

  it('can have the names of built-in properties', async () => {
    const first = JSON.parse('{"__proto__":{"S":"x"},"constructor":{"N":"1"}}') as Item;
    const later = JSON.parse(
      '{"id":{"S":"b"},"toString":{"S":"y"},"m":{"M":{"__proto__":{"N":"2"}}}}',
    ) as Item;
    expect(await csv([[first, A], [later]])).toBe(
      '__proto__,constructor,id,OtherAttributes\nx,1,,\n,,a,\n,,b,"{""toString"":""y"",""m"":{""__proto__"":2}}"\n',
    );
    expect(
      await csv([[{}]], {
        ProjectionExpression: 'constructor, #p',
        ExpressionAttributeNames: { '#p': '__proto__' },
      }),
    ).toBe('constructor,__proto__\n,\n');
  });

  it.each([
    ['a comma', 'a,b', '"a,b"'],
    ['quotes', 'a"b', '"a""b"'],
    ['line ends', 'a\r\nb', '"a\r\nb"'],
    ['nothing', '', '""'],
    ['what begins as a formula', '=1+1', "'=1+1"],
    ['what begins as a formula and needs quotes', '@"x"', `"'@""x"""`],
  ])('are escaped like values: a name with %s', async (_what, name, expected) => {
    expect(await csv([[{ [name]: { S: 'x' } }]])).toBe(`${expected}\nx\n`);
  });

  it('are those of several pages if a read-rate limit shortens the first', async () => {
    const pages = [[{ id: { S: 'a' } }], [{ id: { S: 'b' }, mag: { N: '1' } }], [{ id: { S: 'c' } }]];
    expect(await csv(pages, { ReadUnitsPerSecond: 1_000_000 })).toBe('id,mag\na,\nb,1\nc,\n');
    expect(await csv(pages)).toMatch(/^id,OtherAttributes\n/);
  });
});

describe('a cell of CSV', () => {
  it.each<[string, AttributeValue, string]>([
    ['S', { S: 'text' }, 'text'],
    ['S of any characters', { S: 'é 😀 \u2028 \u0000 |' }, 'é 😀 \u2028 \u0000 |'],
    ['S with a semicolon, at which some spreadsheets split', { S: 'a;=1' }, '"a;=1"'],
    ['S with a tab, at which some spreadsheets split', { S: 'a\t=1' }, '"a\t=1"'],
    ['S with a space at its ends', { S: ' x ' }, ' x '],
    ['S with a comma', { S: 'a,b' }, '"a,b"'],
    ['S with quotes', { S: '"a" "b"' }, '"""a"" ""b"""'],
    ['S with a line feed', { S: 'a\nb' }, '"a\nb"'],
    ['S with a carriage return', { S: 'a\rb' }, '"a\rb"'],
    ['S with both', { S: 'a\r\n' }, '"a\r\n"'],
    ['S that is empty', { S: '' }, '""'],
    ['N', { N: '12' }, '12'],
    ['N below zero', { N: '-1.5' }, '-1.5'],
    [
      'N of 38 digits',
      { N: '-12345678901234567890123456789012345678' },
      '-12345678901234567890123456789012345678',
    ],
    [
      'N with an exponent',
      { N: '-9.9999999999999999999999999999999999999E+125' },
      '-9.9999999999999999999999999999999999999E+125',
    ],
    ['N with noughts at its end', { N: '0.10' }, '0.10'],
    ['B', { B: 'AP8=' }, 'AP8='],
    ['B that is empty', { B: '' }, '""'],
    ['BOOL', { BOOL: false }, 'false'],
    ['NULL', { NULL: true }, 'null'],
    ['M', { M: { b: { S: 'x' }, n: { N: '-9007199254740993' } } }, '"{""b"":""x"",""n"":-9007199254740993}"'],
    ['M that is empty', { M: {} }, '{}'],
    ['L', { L: [{ N: '1E-130' }, { NULL: true }, { L: [{ BOOL: true }] }] }, '"[1E-130,null,[true]]"'],
    ['L of one number', { L: [{ N: '12345678901234567890' }] }, '[12345678901234567890]'],
    ['L that is empty', { L: [] }, '[]'],
    ['SS', { SS: ['x', '=y'] }, '"[""x"",""=y""]"'],
    ['NS', { NS: ['-1', '0.10'] }, '"[-1,0.10]"'],
    ['BS', { BS: ['AA==', '+/8='] }, '"[""AA=="",""+/8=""]"'],
  ])('of %s', async (_type, value, expected) => {
    expect(await writtenCell(value)).toBe(expected);
  });

  it('is empty if the attribute is absent, and "" if it is an empty string', async () => {
    expect(await csv([[{ id: { S: 'a' }, x: { S: '' } }, { id: { S: 'b' } }]])).toBe('id,x\na,""\nb,\n');
  });

  it.each<[string, AttributeValue, string]>([
    ['N as it is', { N: '-0.10' }, '-0.10'],
    ['NS as strings', { NS: ['1', '2'] }, '"[""1"",""2""]"'],
    ['N deep within as strings', { M: { l: { L: [{ N: '1' }, { S: '1' }] } } }, '"{""l"":[""1"",""1""]}"'],
  ])('contains with NumberFormat string %s', async (_what, value, expected) => {
    expect(await writtenCell(value, { NumberFormat: 'string' })).toBe(expected);
  });

  it('contains with NumberFormat string the numbers of OtherAttributes as strings', async () => {
    const text = await csv([[A], [{ id: { S: 'b' }, n: { N: '1' } }]], { NumberFormat: 'string' });
    expect(text).toBe('id,OtherAttributes\na,\nb,"{""n"":""1""}"\n');
  });

  it.each(['=', '+', '-', '@', '\uff1d', '\uff0b', '\uff0d', '\uff20'])(
    'that would begin with %j, as a formula does, has a quotation mark before it',
    async (sign) => {
      expect(await writtenCell({ S: `${sign}1+1` })).toBe(`'${sign}1+1`);
      expect(await writtenCell({ S: sign })).toBe(`'${sign}`);
      expect(await writtenCell({ S: `1${sign}1` })).toBe(`1${sign}1`);
    },
  );

  it.each(['\t', '\r', '\n'])(
    'starts with a quotation mark in quotes if its text starts with %j',
    async (sign) => {
      expect(await writtenCell({ S: `${sign}=1` })).toBe(`"'${sign}=1"`);
    },
  );

  it.each([
    ["'=1", "''=1"],
    ["''-1", "'''-1"],
    ["'text", "'text"],
  ])('of the text %j is %s, so that readers can tell the added quotation mark', async (text, expected) => {
    expect(await writtenCell({ S: text })).toBe(expected);
  });

  it('has the quotation mark of a formula inside its quotes', async () => {
    expect(await writtenCell({ S: '=HYPERLINK("https://evil.example","x")' })).toBe(
      `"'=HYPERLINK(""https://evil.example"",""x"")"`,
    );
    expect(await writtenCell({ S: '-1' })).toBe("'-1");
    expect(await writtenCell({ B: '+/8=' })).toBe("'+/8=");
  });
});

it('CSV fails, and loses nothing, if an item has an attribute that was not requested', async () => {
  const response = await post([[A, { n: { N: '1' } }]], { ProjectionExpression: 'id' });
  expect(response.status).toBe(502);
  expect(JSON.parse(response.text)).toMatchObject({ code: 'MalformedAnswer' });
});

describe('CSV with Select COUNT', () => {
  it.each(['object', 'array'])('is one line of counts, RESPONSE_SHAPE=%s', async (shape) => {
    const { text } = await post([[A, B], [], [A]], { Select: 'COUNT' }, { RESPONSE_SHAPE: shape });
    expect(text).toBe('Count,ScannedCount\n3,3\n');
  });
});

describe('CSV as a file', () => {
  it.each([
    ['RecordsTable', 'RecordsTable.csv'],
    ['my-table_1.x', 'my-table_1.x.csv'],
    ['arn:aws:dynamodb:eu-west-1:123456789012:table/Far.Away', 'Far.Away.csv'],
  ])('has for the table %s the name %s', async (TABLE_NAME, fileName) => {
    const response = await post([[A]], {}, { TABLE_NAME });
    expect(response.get('Content-Disposition')).toMatch(/^attachment; filename="?[^"]+"?$/);
    expect(response.get('Content-Disposition')).toContain(fileName);
    expect(response.get('Content-Disposition')).not.toContain('123456789012');
  });

  it('declares UTF-8', async () => {
    const response = await post([[A]]);
    expect(response.get('Content-Type')).toMatch(/^text\/csv; charset=utf-8(?:;|$)/);
  });

  it('is not offered as a file if the scan failed', async () => {
    const response = await post([[A]], { TableName: 'Other' });
    expect(response.status).toBe(403);
    expect(response.headers).not.toHaveProperty('content-disposition');
  });
});

describe('CSV of any items', () => {
  const NAMES = [
    'id',
    'a',
    'b',
    '=c',
    'x,y',
    '"',
    '\r\n',
    '',
    '__proto__',
    'constructor',
    'OtherAttributes',
    '0',
  ];

  // No table contains text that UTF-8 cannot represent.
  const value = attributeValueArbitrary.map((value) =>
    'S' in value ? { S: Buffer.from(value.S).toString() } : value,
  );
  const item: fc.Arbitrary<Item> = fc
    .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), value), {
      selector: ([name]) => name,
      minLength: 1,
      maxLength: 6,
    })
    .map((entries) => Object.fromEntries<AttributeValue>(entries));
  const pages = fc.array(fc.array(item, { maxLength: 4 }), { minLength: 1, maxLength: 4 });

  it('contains every attribute in its cell or in the last column', async () => {
    await fc.assert(
      fc.asyncProperty(
        pages,
        fc.constantFrom('number' as const, 'string' as const),
        async (pages, numbers) => {
          // The test sets the ids, which distinguish the pages.
          const identified = pages.map((items, page) =>
            items.map((item, at): Item => ({ ...item, id: { S: `${page}.${at}` } })),
          );
          const items = identified.flat();
          const [header = [], ...rows] = parseCsv(await csv(identified, { NumberFormat: numbers }));

          const first = identified.findIndex((page) => page.length > 0);
          const names = [...new Set(identified[first]?.flatMap((item) => Object.keys(item)))];
          const hasOthers =
            first >= 0 && (first < identified.length - 1 || names.at(-1) === 'OtherAttributes');
          expect(header.slice(0, names.length)).toEqual(names.map(harmless));
          expect(header).toHaveLength(names.length + Number(hasOthers));
          expect(rows).toHaveLength(items.length);
          items.forEach((item, at) => {
            const row = rows[at] ?? [];
            expect(row).toHaveLength(header.length);
            expect(row.slice(0, names.length)).toEqual(
              names.map((name) => expectedCell(item, name, numbers)),
            );
            const unforeseen = Object.entries(item).filter(([name]) => !names.includes(name));
            const others = unforeseen.length === 0 ? [] : [Object.fromEntries(unforeseen)];
            expect(parseExactly(`[${row[names.length] ?? ''}]`)).toEqual(
              parseExactly(`[${plainItems(others, { numbers })}]`),
            );
          });
        },
      ),
      { numRuns: 200, plugins: [fc.interruptAfterTimeLimit(15_000)] },
    );
  });
});

function expectedCell(item: Item, name: string, numbers: 'number' | 'string'): Cell {
  const value = Object.hasOwn(item, name) ? item[name] : undefined;
  if (value === undefined) return null;
  if ('S' in value) return harmless(value.S);
  if ('B' in value) return harmless(value.B);
  return 'N' in value ? value.N : plainValue(value, numbers);
}

/** Returns the cell as a spreadsheet reads it. */
function harmless(text: string): string {
  return /^'*[-=+@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
}

/** Null means an empty cell without quotes. */
type Cell = string | null;

const FIELD = /(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>[^",\r\n]*))(?<end>,|\r?\n)/y;

/** Parses CSV strictly as in RFC 4180. Lines end with LF or CRLF. */
function parseCsv(text: string): Cell[][] {
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  FIELD.lastIndex = 0;
  for (let at = 0; at < text.length; at = FIELD.lastIndex) {
    const { quoted, plain = '', end } = FIELD.exec(text)?.groups ?? {};
    if (end === undefined) throw new Error(`no CSV from character ${at}`);
    row.push(quoted?.replaceAll('""', '"') ?? (plain === '' ? null : plain));
    if (end === ',') continue;
    if (row.length === 1 && row[0] === null) throw new Error(`an empty line at character ${at}`);
    rows.push(row);
    row = [];
  }
  if (row.length > 0) throw new Error('a last line without its end');
  return rows;
}
