import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { loadFiles, type FileOptions } from '../../../src/embedded/files/loadFiles';
import { fileError, NO_OPTIONS } from '../../helpers/itemFiles';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(files: Record<string, string | Buffer>): Promise<string[]> {
  return Promise.all(
    Object.entries(files).map(async ([name, content]) => {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      return path;
    }),
  );
}

async function load(paths: readonly string[], options: Partial<FileOptions> = {}) {
  const { tables } = await loadFiles(paths, { ...NO_OPTIONS, ...options });
  return tables.map(({ items, ...table }) => ({ ...table, items: items.map(({ json }) => json.toString()) }));
}

const description = (tableName: string) =>
  JSON.stringify({
    Table: {
      TableName: tableName,
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'N' },
        { AttributeName: 'day', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byDay',
          KeySchema: [{ AttributeName: 'day', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] },
        },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: 'local',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'day', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    },
  });

describe('loadFiles, given several files,', () => {
  it('puts items without a table name into one table', async () => {
    const paths = await write({
      'a.json': '[{"id":"a"}]',
      'b.csv': 'id,x\nb,1\n',
      'c.json.gz': gzipSync('{"id":"c"}'),
    });
    const tables = await load(paths);
    expect(tables).toMatchObject([
      {
        tableName: 'RecordsTable',
        items: ['{"id":{"S":"a"}}', '{"id":{"S":"b"},"x":{"S":"1"}}', '{"id":{"S":"c"}}'],
      },
    ]);
  });

  it('names the file of an earlier item with the same key', async () => {
    const paths = await write({ 'a.json': '[{"id":"a"}]', 'b.json': '{"id":"a"}' });
    await expect(load(paths)).rejects.toEqual(
      fileError(`${paths[1]}: line 1: the key "a" is already used at ${paths[0]}: index 0. `),
    );
  });

  it.each([
    ['before', ['table.json', 'items.json']],
    ['after', ['items.json', 'table.json']],
  ])('takes name, keys and indexes from a table description %s the items', async (_order, names) => {
    await write({
      'items.json': '[{"pk":"a","sk":1,"day":"mon","note":"n","rest":true}]',
      'table.json': description('Orders'),
    });
    const tables = await load(names.map((name) => join(folder, name)));
    expect(tables).toMatchObject([
      {
        tableName: 'Orders',
        key: [
          { name: 'pk', type: 'S' },
          { name: 'sk', type: 'N' },
        ],
        indexes: [
          {
            name: 'byDay',
            kind: 'Global',
            key: [{ name: 'day', type: 'S' }],
            projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] },
          },
          { name: 'local', kind: 'Local' },
        ],
      },
    ]);
  });

  it('uses the only description for a table that has another name', async () => {
    const paths = await write({ 'items.json': '[{"pk":"a","sk":1}]', 'table.json': description('Orders') });
    await expect(load(paths, { tableName: 'Copy' })).resolves.toMatchObject([
      { tableName: 'Copy', key: [{ name: 'pk' }, { name: 'sk' }] },
    ]);
  });

  it('matches descriptions with lists by the name of their table', async () => {
    const paths = await write({
      'db.json': '{"Users":[{"id":"ann"}],"Orders":[{"pk":"a","sk":1}],"Lines":[{"pk":"b","sk":2}]}',
      'orders.json': description('Orders'),
      'lines.json': description('Lines'),
    });
    const tables = await load(paths);
    expect(tables.map(({ tableName, key }) => [tableName, key.map(({ name }) => name)])).toEqual([
      ['Users', ['id']],
      ['Orders', ['pk', 'sk']],
      ['Lines', ['pk', 'sk']],
    ]);
  });

  it('serves an empty table if there is only a description', async () => {
    const paths = await write({ 'table.json': description('Orders') });
    await expect(load(paths)).resolves.toMatchObject([{ tableName: 'Orders', items: [] }]);
  });

  it('prefers the key that the user names to the description', async () => {
    const paths = await write({ 'items.json': '[{"id":"a"}]', 'table.json': description('Orders') });
    await expect(load(paths, { key: { hash: 'id' } })).resolves.toMatchObject([{ key: [{ name: 'id' }] }]);
  });

  it.each(['{"Users":[{"id":"u"}],"Orders":[{"id":"o"}]}'])(
    'keeps the first table of %s the default, and its key, when the description is about another one',
    async (lists) => {
      const paths = await write({
        'db.json': lists.replace('{"id":"o"}', '{"pk":"o","sk":1}'),
        'orders.json': description('Orders'),
      });
      for (const tableName of [undefined, 'Users']) {
        await expect(load(paths, { tableName })).resolves.toMatchObject([
          { tableName: 'Users', key: [{ name: 'id' }] },
          { tableName: 'Orders', key: [{ name: 'pk' }, { name: 'sk' }] },
        ]);
      }
    },
  );

  it('reads a description and items in one file', async () => {
    const paths = await write({
      'both.json': `${description('Orders')}\n{"Items":[{"pk":{"S":"a"},"sk":{"N":"1"}}],"Count":1}`,
    });
    await expect(load(paths)).resolves.toMatchObject([
      {
        tableName: 'Orders',
        key: [{ name: 'pk' }, { name: 'sk' }],
        items: [expect.stringContaining('"pk"')],
      },
    ]);
  });

  it('rejects a key whose type the description does not state', async () => {
    const paths = await write({ 'items.json': '[{"pk":"a","sk":"1"}]', 'table.json': description('Orders') });
    await expect(load(paths)).rejects.toEqual(
      fileError(`${paths[0]}: index 0: the key attribute "sk" has type S, but the table description says N.`),
    );
  });

  it.each([
    [
      'is complete',
      ['{"Items":[{"id":"1"}],"LastEvaluatedKey":{"id":{"S":"1"}}}', '{"Items":[{"id":"2"}]}'],
      false,
    ],
    ['is one part', ['{"Items":[{"id":"1"}]}', '{"Items":[{"id":"2"}],"NextToken":"x"}'], true],
  ])('says whether a scan in several files %s', async (_what, [first = '', second = ''], isPartial) => {
    const paths = await write({ 'p1.json': first, 'p2.json': second });
    await expect(load(paths)).resolves.toMatchObject([{ isPartial }]);
  });

  it('rejects a description without a key', async () => {
    const paths = await write({ 'table.json': '{"Table":{"TableName":"Orders","KeySchema":[]}}' });
    await expect(load(paths)).rejects.toEqual(
      fileError(`${paths[0]}: the table description has no AttributeName where one is needed.`),
    );
  });
});

describe('loadFiles, given a pipe', () => {
  it('reads it once', async () => {
    const pipe = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    const [tables] = await Promise.all([load([pipe]), writeFile(pipe, '[{"id":"a"}]')]);
    expect(tables).toMatchObject([{ items: ['{"id":{"S":"a"}}'] }]);
  });
});

describe('loadFiles, given an index', () => {
  const BY_DAY = {
    name: 'byDay',
    kind: 'Global',
    key: { hash: 'day', range: 'time' },
    projection: { ProjectionType: 'ALL' },
  } as const;

  it('infers the types of its key, which items may lack', async () => {
    const paths = await write({
      'a.json': '[{"id":"a"},{"id":"b","day":"mon","time":1},{"id":"c","day":"tue"}]',
    });
    await expect(load(paths, { indexes: [BY_DAY] })).resolves.toMatchObject([
      {
        indexes: [
          {
            key: [
              { name: 'day', type: 'S' },
              { name: 'time', type: 'N' },
            ],
          },
        ],
      },
    ]);
  });

  it.each([
    ['true', 'a string, a number or binary, not {"BOOL":true}'],
    ['{"x":1}', 'a string, a number or binary, not {"M":{"x":{"N":"1"}}}'],
  ])('rejects the key %s', async (value, message) => {
    const paths = await write({ 'a.json': `[{"id":"a","day":${value}}]` });
    await expect(load(paths, { indexes: [BY_DAY] })).rejects.toEqual(
      fileError(`${paths[0]}: index 0: the attribute "day" is the key of an index, so it must be ${message}`),
    );
  });

  it('rejects an empty key, which DynamoDB does not store', async () => {
    const paths = await write({ 'a.json': '[{"id":"a","day":""}]' });
    await expect(load(paths, { indexes: [BY_DAY] })).rejects.toEqual(
      fileError('index 0: the attribute "day" is the key of an index, so it must not be empty.'),
    );
  });

  it('rejects keys of different types', async () => {
    const paths = await write({ 'a.json': '[{"id":"a","day":"mon"},{"id":"b","day":1}]' });
    await expect(load(paths, { indexes: [BY_DAY] })).rejects.toEqual(
      fileError(
        `${paths[0]}: index 1: the attribute "day" is the key of an index, so it must be of type S, not {"N":"1"}`,
      ),
    );
  });
});

describe('loadFiles, given the folder of an export to S3,', () => {
  const ROOT = 'AWSDynamoDB/01700000000000-abcdef01';
  const item = (id: number) => `{"Item":{"id":{"N":"${id}"}}}\n`;
  const listed = (name: string, itemCount: number) =>
    `${JSON.stringify({ itemCount, md5Checksum: 'x', etag: 'y', dataFileS3Key: `prefix/${ROOT}/data/${name}` })}\n`;
  const FILES = {
    [`${ROOT}/manifest-summary.json`]: JSON.stringify({
      tableArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders',
      outputFormat: 'DYNAMODB_JSON',
      exportType: 'FULL_EXPORT',
      itemCount: 3,
    }),
    [`${ROOT}/manifest-files.json`]: listed('one.json.gz', 2) + listed('two.json.gz', 1),
    [`${ROOT}/data/one.json.gz`]: gzipSync(item(1) + item(2)),
    [`${ROOT}/data/two.json.gz`]: gzipSync(item(3)),
  };

  it.each(['', 'AWSDynamoDB', ROOT])(
    'reads all data files and the name of the table, below %j',
    async (name) => {
      await write(FILES);
      await expect(load([join(folder, name)])).resolves.toMatchObject([
        { tableName: 'Orders', items: [1, 2, 3].map((id) => `{"id":{"N":"${id}"}}`) },
      ]);
    },
  );

  it('reads an export in which a data file has no items', async () => {
    await write({
      [`${ROOT}/manifest-files.json`]: listed('one.json.gz', 2) + listed('two.json.gz', 0),
      [`${ROOT}/data/one.json.gz`]: gzipSync(item(1) + item(2)),
      [`${ROOT}/data/two.json.gz`]: gzipSync(''),
    });
    await expect(load([folder])).resolves.toMatchObject([{ items: { length: 2 } }]);
  });

  it('reads exports of two tables as two tables', async () => {
    const files = (name: string, id: number) => ({
      [`${name}/manifest-summary.json`]: `{"tableArn":"arn:aws:dynamodb:eu-west-1:123456789012:table/${name}"}`,
      [`${name}/manifest-files.json`]: listed('one.json.gz', 1),
      [`${name}/data/one.json.gz`]: gzipSync(item(id)),
    });
    await write({ ...files('Orders', 1), ...files('Users', 2) });
    const tables = await load([join(folder, 'Orders'), join(folder, 'Users')]);
    expect(tables.map(({ tableName, items }) => [tableName, items])).toEqual([
      ['Orders', ['{"id":{"N":"1"}}']],
      ['Users', ['{"id":{"N":"2"}}']],
    ]);
  });

  it.each([
    [
      'no manifest',
      { [`${ROOT}/data/one.json.gz`]: gzipSync(item(1)) },
      'the folder has no manifest-files.json,',
    ],
    [
      'a missing data file',
      {
        [`${ROOT}/manifest-files.json`]: listed('one.json.gz', 2) + listed('lost.json.gz', 1),
        [`${ROOT}/data/one.json.gz`]: gzipSync(item(1)),
      },
      '1 of 2 data files of the export are missing, for example lost.json.gz. Download them to ',
    ],
    [
      'a data file with too few items',
      { ...FILES, [`${ROOT}/data/one.json.gz`]: gzipSync(item(1)) },
      'one.json.gz: the file has 1 of the 2 items that the manifest of the export lists. Download it again',
    ],
    [
      'a list of files that is not complete',
      { ...FILES, [`${ROOT}/manifest-files.json`]: listed('one.json.gz', 2) },
      'manifest-files.json lists 2 items, but manifest-summary.json says 3. Download both again',
    ],
    [
      'null in the list of files',
      { ...FILES, [`${ROOT}/manifest-files.json`]: 'null' },
      'has a line without dataFileS3Key',
    ],
    [
      'a data file that is only in another export',
      {
        [`${ROOT}/manifest-files.json`]: listed('one.json.gz', 2),
        [`${ROOT}-old/data/one.json.gz`]: gzipSync(item(1) + item(2)),
      },
      '1 of 1 data files of the export are missing',
    ],
    [
      'two exports',
      { ...FILES, 'AWSDynamoDB/02/manifest-files.json': '' },
      'the folder has several exports, AWSDynamoDB/01700000000000-abcdef01 and AWSDynamoDB/02. Name one of them',
    ],
    [
      'an export in Amazon Ion',
      { ...FILES, [`${ROOT}/manifest-summary.json`]: '{"outputFormat":"ION"}' },
      'the export has the format "ION". Export the table with the format DYNAMODB_JSON',
    ],
    [
      'an incremental export',
      { ...FILES, [`${ROOT}/manifest-summary.json`]: '{"exportType":"INCREMENTAL_EXPORT"}' },
      'the export is of the type "INCREMENTAL_EXPORT", which contains only changes. Make a full export',
    ],
    [
      'a damaged manifest',
      { ...FILES, [`${ROOT}/manifest-files.json`]: '{' },
      'the manifest of the export is not valid JSON.',
    ],
    [
      'a manifest without counts',
      { ...FILES, [`${ROOT}/manifest-files.json`]: '{}' },
      'manifest-files.json has a line without dataFileS3Key and itemCount.',
    ],
  ])('rejects %s', async (_what, files: Record<string, string | Buffer>, message) => {
    await write(files);
    await expect(load([folder])).rejects.toEqual(fileError(message));
  });
});
