import { gzipSync } from 'node:zlib';
import { fileError, readTable, readTables } from '../../helpers/itemFiles';

const TYPED = [
  { id: { S: '1' }, total: { N: '3' } },
  { id: { S: '2' }, total: { N: '4' } },
];
const PLAIN = [
  { id: '1', total: 3 },
  { id: '2', total: 4 },
];

async function itemsOf(content: string | Buffer): Promise<unknown[]> {
  return (await readTable(content)).items.map((json) => JSON.parse(json) as unknown);
}

const lines = (items: readonly object[]) => items.map((item) => JSON.stringify(item)).join('\n');

describe('loadFiles, given two items', () => {
  const KINDS: [string, string][] = [
    ['an export to S3', lines(TYPED.map((Item) => ({ Item })))],
    [
      'the output of get-item, one after the other',
      lines(TYPED.map((Item) => ({ Item, ConsumedCapacity: null }))),
    ],
    ['the output of query', JSON.stringify({ Items: TYPED, Count: 2, ScannedCount: 2 })],
    ['items of AWS Data Pipeline', '{"id":{"s":"1"},"total":{"n":"3"}}\n{"id":{"s":"2"},"total":{"n":"4"}}'],
    ['JSON texts on one line', PLAIN.map((item) => JSON.stringify(item)).join(' ')],
    ['an array of wrapped items', JSON.stringify(TYPED.map((Item) => ({ Item })))],
    ['an array of pages', JSON.stringify(TYPED.map((item) => ({ Items: [item], Count: 1 })))],
    ['the output of transact-get-items', JSON.stringify({ Responses: TYPED.map((Item) => ({ Item })) })],
    [
      'a page and an array',
      `{"Items":[${lines(TYPED.slice(0, 1))}],"Count":1}\n${JSON.stringify(TYPED.slice(1))}`,
    ],
    ['a page whose Count is null', `{"Items":${JSON.stringify(TYPED)},"Count":null}`],
    ['two arrays', JSON.stringify(PLAIN.slice(0, 1)) + JSON.stringify(PLAIN.slice(1))],
  ];

  it.each(KINDS)('reads %s', async (_kind, text) => {
    await expect(itemsOf(text)).resolves.toEqual(TYPED);
  });

  it.each(KINDS)('reads %s with gzip', async (_kind, text) => {
    await expect(itemsOf(gzipSync(text))).resolves.toEqual(TYPED);
  });

  it('reads several gzip streams in one file', async () => {
    const parts = PLAIN.map((item) => gzipSync(`${JSON.stringify(item)}\n`));
    await expect(itemsOf(Buffer.concat(parts))).resolves.toEqual(TYPED);
  });

  it.each([
    ['commas', '"id","total"\n"1","3"\n"2","4"\n'],
    ['semicolons, CRLF and a byte order mark', '\uFEFFid;total\r\n1;3\r\n2;4\r\n'],
  ])('reads CSV with %s as text', async (_how, text) => {
    await expect(itemsOf(text)).resolves.toEqual([
      { id: { S: '1' }, total: { S: '3' } },
      { id: { S: '2' }, total: { S: '4' } },
    ]);
  });

  it('reads CSV with types if they are to be inferred', async () => {
    const { items, key } = await readTable('id,total\nx1,3\nx2,4.50\n', { infer: true });
    expect(items).toEqual(['{"id":{"S":"x1"},"total":{"N":"3"}}', '{"id":{"S":"x2"},"total":{"N":"4.5"}}']);
    expect(key).toEqual([{ name: 'id', type: 'S' }]);
  });
});

describe('loadFiles, given all types of AWS Data Pipeline', () => {
  it('converts their names', async () => {
    const text =
      '{"id":{"n":"1"},"a":{"sS":["x"]},"b":{"nS":["1"]},"c":{"m":{"d":{"l":[{"bOOL":true},{"nULLValue":true}]}}},"e":{"b":"YQ=="}}';
    await expect(itemsOf(text)).resolves.toEqual([
      {
        id: { N: '1' },
        a: { SS: ['x'] },
        b: { NS: ['1'] },
        c: { M: { d: { L: [{ BOOL: true }, { NULL: true }] } } },
        e: { B: 'YQ==' },
      },
    ]);
  });
});

describe('loadFiles, given lists by the name of their table', () => {
  it.each([
    ['as json-server has them', { Orders: PLAIN, Users: [{ id: 'ann' }] }],
    [
      'as batch-write-item has them',
      {
        Orders: TYPED.map((Item) => ({ PutRequest: { Item } })),
        Users: [{ PutRequest: { Item: { id: { S: 'ann' } } } }],
      },
    ],
    [
      'in RequestItems',
      { RequestItems: { Orders: TYPED.map((Item) => ({ PutRequest: { Item } })), Users: [{ id: 'ann' }] } },
    ],
    [
      'in Responses of batch-get-item',
      { Responses: { Orders: TYPED, Users: [{ id: { S: 'ann' } }] }, UnprocessedKeys: {} },
    ],
  ])('reads each table, %s', async (_how, document) => {
    const { tables } = await readTables(JSON.stringify(document));
    expect(
      tables.map(({ tableName, items }) => [tableName, items.map((json) => JSON.parse(json) as unknown)]),
    ).toEqual([
      ['Orders', TYPED],
      ['Users', [{ id: { S: 'ann' } }]],
    ]);
    expect(tables[0]?.places).toEqual(['Orders, index 0', 'Orders, index 1']);
  });

  it('reads empty lists as empty tables', async () => {
    const { tables } = await readTables('{"Orders":[],"Users":[{"id":"ann"}]}');
    expect(tables.map(({ tableName, items }) => [tableName, items.length])).toEqual([
      ['Orders', 0],
      ['Users', 1],
    ]);
  });

  it('serves a table whose name is Items', async () => {
    const { tables } = await readTables('{"Items":[{"id":"1"}],"Users":[{"id":"u"}]}');
    expect(tables.map(({ tableName }) => tableName)).toEqual(['Items', 'Users']);
  });

  it('ignores members about the document, whose names begin with $', async () => {
    const { tables, warnings } = await readTables('{"$schema":"./schema.json","Posts":[{"id":"1"}]}');
    expect(tables.map(({ tableName }) => tableName)).toEqual(['Posts']);
    expect(warnings).toEqual([]);
  });

  it('warns about keys that batch-get-item has not processed', async () => {
    const { warnings } = await readTables(
      '{"Responses":{"Orders":[{"id":"1"}]},"UnprocessedKeys":{"Orders":{}}}',
    );
    expect(warnings).toEqual(['"UnprocessedKeys" is not a list of items and is not served']);
  });

  it('warns about other members of scan output', async () => {
    const { warnings } = await readTables('{"Items":[{"id":"1"}],"Other":{}}');
    expect(warnings).toEqual(['"Other" is not a list of items and is not served']);
  });

  it('adds an index to the first table', async () => {
    const index = {
      name: 'byDay',
      kind: 'Global',
      key: { hash: 'day' },
      projection: { ProjectionType: 'ALL' },
    } as const;
    const { tables, warnings } = await readTables(
      '{"Orders":[{"id":"1"}],"Users":[{"id":"u","day":"mon"}]}',
      {
        indexes: [index],
      },
    );
    expect(tables.map(({ indexes }) => indexes.map(({ name }) => name))).toEqual([['byDay'], []]);
    expect(warnings).toEqual(['no item has the key of the index byDay']);
  });

  it('rejects a key for a table that the files do not have', async () => {
    const tableKeys = new Map([['Oders', { hash: 'day' }]]);
    await expect(readTables('{"Orders":[{"id":"1"}]}', { tableKeys })).rejects.toThrow(
      '--key Oders=…: the files have no table Oders. The files have Orders',
    );
  });

  it('warns about members that are not lists', async () => {
    const { tables, warnings } = await readTables('{"Orders":[{"id":"1"}],"profile":{"name":"x"}}');
    expect(tables).toHaveLength(1);
    expect(warnings).toEqual(['"profile" is not a list of items and is not served']);
  });

  it('accepts a key for each table', async () => {
    const { tables } = await readTables('{"Orders":[{"customer":"a","number":1}],"Users":[{"id":"ann"}]}', {
      tableKeys: new Map([['Orders', { hash: 'customer', range: 'number' }]]),
    });
    expect(tables.map(({ key }) => key)).toEqual([
      [
        { name: 'customer', type: 'S' },
        { name: 'number', type: 'N' },
      ],
      [{ name: 'id', type: 'S' }],
    ]);
  });

  it('chooses the default table by its name', async () => {
    const { tables } = await readTables('{"Orders":[{"id":"1"}],"Users":[{"id":"2"}]}', {
      tableName: 'Users',
    });
    expect(tables.map(({ tableName }) => tableName)).toEqual(['Users', 'Orders']);
  });

  it('rejects a name of the default table that no list has', async () => {
    await expect(readTables('{"Orders":[{"id":"1"}]}', { tableName: 'Users' })).rejects.toThrow(
      'the files have no table Users. The files have Orders. Choose one of them with --table-name',
    );
  });

  it('reads an item with lists as an item', async () => {
    await expect(itemsOf('{"id":"1","Orders":[{"a":1}]}')).resolves.toEqual([
      { id: { S: '1' }, Orders: { L: [{ M: { a: { N: '1' } } }] } },
    ]);
  });
});

describe('loadFiles, given a model of NoSQL Workbench', () => {
  it('reads items, keys and indexes', async () => {
    const key = (name: string) => ({ PartitionKey: { AttributeName: name, AttributeType: 'S' } });
    const model = {
      ModelName: 'Shop',
      DataModel: [
        {
          TableName: 'orders',
          KeyAttributes: { ...key('number'), SortKey: { AttributeName: 'line', AttributeType: 'N' } },
          GlobalSecondaryIndexes: [
            {
              IndexName: 'byState',
              KeyAttributes: key('state'),
              Projection: { ProjectionType: 'KEYS_ONLY' },
            },
          ],
          TableData: [{ number: { S: 'a' }, line: { N: '1' }, state: { S: 'new' } }],
        },
        { TableName: 'users', KeyAttributes: key('name'), TableData: [] },
      ],
    };
    const { tables } = await readTables(JSON.stringify(model));
    expect(tables).toMatchObject([
      {
        tableName: 'orders',
        key: [
          { name: 'number', type: 'S' },
          { name: 'line', type: 'N' },
        ],
        indexes: [{ name: 'byState', key: [{ name: 'state', type: 'S' }] }],
        items: ['{"number":{"S":"a"},"line":{"N":"1"},"state":{"S":"new"}}'],
      },
      { tableName: 'users', key: [{ name: 'name', type: 'S' }], items: [] },
    ]);
  });
});

describe('loadFiles, given a file of an unknown kind,', () => {
  it.each([
    ['YAML', 'orders:\n  - id: 1\n', '"orders:"'],
    ['XML', '<items>\n</items>', '"<items>"'],
    ['one word', 'hello', '"hello"'],
    ['a JSON string', '"a"', '"\\"a\\""'],
    ['a JSON literal', 'null', '"null"'],
    ['a long line', `<${'x'.repeat(200)}>`, `"<${'x'.repeat(79)}…"`],
  ])('shows the first line of %s and lists the accepted kinds', async (_kind, text, line) => {
    const started = readTable(text);
    await expect(started).rejects.toEqual(
      fileError(`the kind of the file is unknown. Its first line is ${line}. Accepted are a JSON array, `),
    );
    await expect(started).rejects.toEqual(fileError('aws dynamodb scan'));
  });

  it.each([
    [
      'ZIP',
      Buffer.from('PK\u0003\u0004rest'),
      'the file is a ZIP archive or a spreadsheet. Unpack it, or save it as CSV',
    ],
    ['Parquet', Buffer.from('PAR1rest'), 'the file is in the format Parquet.'],
    [
      'gzip that is cut off',
      gzipSync(lines(PLAIN)).subarray(0, -9),
      'the gzip data is damaged or truncated (',
    ],
    [
      'a manifest',
      '{"manifestFilesS3Key":"a","exportArn":"b"}',
      'this is the manifest of an export to S3. Name the folder',
    ],
    [
      'a list of files',
      '{"dataFileS3Key":"a","itemCount":1}',
      'this is the list of files of an export to S3.',
    ],
    [
      'an incremental export',
      '{"Metadata":{},"Keys":{"id":{"S":"a"}},"NewImage":{}}',
      'this is an incremental export,',
    ],
    ['scan output without Items', '{"Count":2,"ScannedCount":2}', 'Run the command without --select COUNT'],
    [
      'lines of which one has no Item',
      '{"Item":{"id":{"S":"a"}}}\n{"Itme":{}}',
      'line 2: expected an object with "Item" only, like the first one of the file. It has "Itme"',
    ],
    [
      'one line with a comma',
      'Hello, world',
      'the kind of the file is unknown. Its first line is "Hello, world".',
    ],
    ['CSV without rows and without the key', 'customer,total\n', 'the kind of the file is unknown.'],
    ['the output of list-tables', '{"TableNames":["Orders"]}', 'this is the output of list-tables.'],
    [
      'a DeleteRequest',
      '{"Orders":[{"DeleteRequest":{"Key":{"id":{"S":"1"}}}}]}',
      'Orders, index 0: a DeleteRequest deletes an item,',
    ],
    [
      'text after a page',
      '{"Items":[],"Count":0}\n"hello"',
      'an item must be a JSON object such as {"id":"1"}, not a string',
    ],
    [
      'two members of one name',
      '{"Items":[{"id":"1"}],"Items":[{"id":"2"}]}',
      'the name "Items" occurs twice in one object. Remove one of them',
    ],
    [
      'a name that the first item has twice',
      '[{"id":"1","a":1,"a":2}]',
      'index 0: the name "a" occurs twice in one object. Remove one of them',
    ],
    [
      'a nested name that occurs twice',
      '[{"id":"1"},{"id":"2","m":{"a":1,"a":2}}]',
      'index 1: the name "a" occurs twice in one object.',
    ],
    [
      'a typed name that occurs twice',
      '[{"id":{"S":"1"},"a":{"S":"x"},"a":{"S":"y"}}]',
      'index 0: the name "a" occurs twice in one object.',
    ],
    [
      'a number that is too large',
      '[{"id":"1","a":1e126}]',
      'index 0: DynamoDB rejects the item: Number overflow.',
    ],
    ['an empty set', '[{"id":{"S":"1"},"a":{"SS":[]}}]', 'and a set at least one element, each only once'],
    [
      'a list with a short name',
      '{"qa":[{"id":"a"}]}',
      '"qa" is not a valid name for a table. Use 3 to 255 letters, digits, _ . or -',
    ],
  ])('names %s and what to do', async (_kind, content, message) => {
    await expect(readTable(content)).rejects.toEqual(fileError(message));
  });
});

it('says that fakes of keys can be equal', async () => {
  // More letters than the 26 that a fake of one letter can be.
  const letters = Array.from({ length: 40 }, (_, index) => String.fromCodePoint(0x3b1 + 0x80 + index));
  const mask = { rules: new Map([['id', 'fake' as const]]), secret: Buffer.from('secret') };
  await expect(readTable(lines(letters.map((id) => ({ id }))), { mask })).rejects.toEqual(
    fileError('Or --mask id=fake has given two keys the same value: use id=hash'),
  );
});
