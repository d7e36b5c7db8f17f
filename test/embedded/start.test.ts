import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from 'command-line';
import { parseConfig } from '../../src/config/config';
import type { Key } from '../../src/dynamodb/key';
import { PLAIN_JSON } from '../../src/dynamodb/transcoder/transcoder';
import { startEngine } from '../../src/embedded/engine';
import { readSample } from '../../src/embedded/sample';
import { startEmbedded, type EmbeddedSource } from '../../src/embedded/start';
import type { FileArguments } from '../../src/cli/fileArguments';
import { openTable } from '../../src/cli/openTable';
import { NO_OPTIONS } from '../helpers/itemFiles';
import { loadTable } from '../helpers/loadTable';
import { allPages, recordsOf, repositoryAt } from '../helpers/servedApp';

const ROOT = join(__dirname, '../..');
const TABLE = 'RecordsTable';
const BY_ID = { hash: 'id' };
const SAMPLE_COUNT = 1707;

let directory: string;
let files = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'embedded-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function fileOf(content: string | Buffer): Promise<string> {
  const file = join(directory, `items${files++}.json`);
  await writeFile(file, content);
  return file;
}

/** The arguments of `scan-records` without options. */
const DEFAULTS = { files: undefined, wait: false, settings: new Map() } as const;

/** The arguments of `scan-records FILE`. */
function servingFile(file: string, options: Partial<FileArguments> = {}) {
  const { mask: _, ...defaults } = NO_OPTIONS;
  return { ...DEFAULTS, files: { ...defaults, paths: [file], mask: undefined, watch: false, ...options } };
}

function sourceOf(file: string, tableName = TABLE): EmbeddedSource {
  return { kind: 'files', paths: [file], options: { ...NO_OPTIONS, tableName } };
}

/** Opens the embedded table as npm start does, reads its items and closes it. */
async function openAndScan(file?: string, environment = {}, key: { hash: string; range?: string } = BY_ID) {
  const config = parseConfig(environment);
  const args = file === undefined ? DEFAULTS : servingFile(file, { key });
  const table = await openTable(config, args, { isNamed: true });
  try {
    const pages = await allPages(table.repository, config.tableName);
    const items = JSON.parse(`[${recordsOf(pages)}]`) as unknown[];
    return { source: table.source(), itemCount: table.tables?.[0]?.itemCount, items };
  } finally {
    await table.close();
  }
}

/** Returns every item of a table or an index in the order of the engine. */
async function itemsOf(endpoint: string, IndexName: string | undefined): Promise<unknown[]> {
  const repository = repositoryAt(endpoint);
  const items: unknown[] = [];
  let startKey: Key | undefined;
  do {
    const call = { TableName: TABLE, IndexName, ExclusiveStartKey: startKey };
    const page = await repository.scanPage(call, new AbortController().signal);
    items.push(...(JSON.parse(`[${page.encodeItems(PLAIN_JSON).toString()}]`) as unknown[]));
    page.release();
    startKey = page.lastEvaluatedKey;
  } while (startKey !== undefined);
  repository.close();
  return items;
}

describe('the embedded table', () => {
  it('contains the sample if no file is given', async () => {
    const { source, itemCount, items } = await openAndScan(undefined);
    expect(source).toBe('the embedded engine with the sample, a week of earthquakes');
    expect(itemCount).toBe(SAMPLE_COUNT);
    expect(items).toHaveLength(SAMPLE_COUNT);
  });

  it('stores the sample as if it had been written through the API', async () => {
    const [direct, throughApi] = [
      await startEmbedded({ kind: 'sample', tableName: TABLE }),
      await startEngine(),
    ];
    try {
      const { items, ...sample } = await readSample(TABLE);
      const texts = items.map(({ json }, index) => ({ json: json.toString(), where: `item ${index}` }));
      await loadTable({ endpoint: throughApi.endpoint, tableName: TABLE }, { ...sample, items: texts });
      for (const IndexName of [undefined, 'byDay']) {
        const [left, right] = [
          await itemsOf(direct.endpoint, IndexName),
          await itemsOf(throughApi.endpoint, IndexName),
        ];
        expect(left.length).toBe(SAMPLE_COUNT);
        expect(left).toEqual(right);
      }
    } finally {
      await direct.close();
      await throughApi.close();
    }
  });

  it('contains the items of a file instead of the sample', async () => {
    const file = await fileOf('{"country":"fr","city":1}\n{"country":"fr","city":2}\n');
    const { source, itemCount, items } = await openAndScan(file, {}, { hash: 'country', range: 'city' });
    expect(source).toBe(`the embedded engine with ${file}`);
    expect(itemCount).toBe(2);
    expect(items).toEqual([
      { country: 'fr', city: 1 },
      { country: 'fr', city: 2 },
    ]);
  });

  it.each(['(', 'NOT ('])(
    'rejects a filter and a key condition with "%s" eleven times, which would block the process',
    async (opening) => {
      const table = await openTable(parseConfig({}), servingFile(await fileOf('[{"id":"a"}]')));
      const expression = (levels: number) =>
        `${opening.repeat(levels - 1)}attribute_exists(id)${')'.repeat(levels - 1)}`;
      const scan = (levels: number, parameter = 'FilterExpression') =>
        table.repository.scanPage(
          { TableName: TABLE, [parameter]: expression(levels) },
          new AbortController().signal,
        );
      for (const parameter of ['FilterExpression', 'KeyConditionExpression']) {
        await expect(scan(11, parameter)).rejects.toMatchObject({
          name: 'ValidationException',
          message: expect.stringMatching(`^${parameter}: .* at most 10 levels`) as string,
        });
      }
      await scan(2).then((page) => page.release());
      await table.close();
    },
  );

  it.each([
    ['m = :v', { M: { a: { S: 'x' } } }, 'compare with the value :v of type M'],
    ['m <> :v', { M: {} }, 'compare with the value :v of type M'],
    ['l IN (:v)', { L: [] }, 'compare with the value :v of type L'],
    ['contains (l, :v)', { L: [] }, 'look for the value :v of type L'],
    ['contains(m.l, :v)', { BOOL: true }, 'look for the value :v of type BOOL'],
    ['contains(l , :v )', { NULL: true }, 'look for the value :v of type NULL'],
  ])('rejects %s with the value %j, which the engine would not find', async (filter, value, message) => {
    const table = await openTable(parseConfig({}), servingFile(await fileOf('[{"id":"a"}]')));
    const scan = table.repository.scanPage(
      { TableName: TABLE, FilterExpression: filter, ExpressionAttributeValues: { ':v': value } },
      new AbortController().signal,
    );
    await expect(scan).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message) as string,
    });
    await table.close();
  });

  it.each([
    ['b = :v', { BOOL: true }],
    ['n = :v', { NULL: true }],
    ['contains(l, :v)', { S: 'x' }],
    ['m.a = :v', { S: 'x' }],
  ])('finds the item with %s and the value %j', async (filter, value) => {
    const item = '[{"id":"a","b":true,"n":null,"l":["x"],"m":{"a":"x"}}]';
    const table = await openTable(parseConfig({}), servingFile(await fileOf(item)));
    const page = await table.repository.scanPage(
      { TableName: TABLE, FilterExpression: filter, ExpressionAttributeValues: { ':v': value } },
      new AbortController().signal,
    );
    expect(page.count).toBe(1);
    page.release();
    await table.close();
  });

  it.each([undefined, '[{"id":"a"}]'])(
    'closes the engine if the table cannot be created from %j',
    async (content) => {
      const close = jest.spyOn(Server.prototype, 'closeAllConnections');
      const tableName = 'not a table name';
      const source: EmbeddedSource =
        content === undefined ? { kind: 'sample', tableName } : sourceOf(await fileOf(content), tableName);
      await expect(startEmbedded(source)).rejects.toThrow('cannot create the table "not a table name": ');
      expect(close).toHaveBeenCalledTimes(1);
      close.mockRestore();
    },
  );

  it('has the configured name', async () => {
    const file = await fileOf('[{"id":"a"}]');
    const { items } = await openAndScan(file, { DYNAMODB: 'embedded', TABLE_NAME: 'Earthquakes' });
    expect(items).toEqual([{ id: 'a' }]);
  });

  it('can be empty', async () => {
    await expect(openAndScan(await fileOf('[]'))).resolves.toMatchObject({ itemCount: 0, items: [] });
  });

  it.each([
    ['"NextToken":"eyJ9"', true],
    ['"NextToken":null', false],
  ])('reports whether the file is only one part of a scan: %s', async (field, isPartial) => {
    const file = await fileOf(`{"Items":[{"id":{"S":"a"}}],${field}}`);
    const engine = await startEmbedded(sourceOf(file));
    await engine.close();
    expect(engine.tables).toEqual([{ name: TABLE, itemCount: 1, isPartial }]);
    const { source } = await openAndScan(file);
    expect(source.endsWith(' (one part of a longer scan)')).toBe(isPartial);
  });
});

describe('startEmbedded, given a file', () => {
  const ITEM = { id: 'é 日本 😀' };
  const TEXT = JSON.stringify([ITEM], null, 4);
  const BOM = '\ufeff';

  it.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a BOM', Buffer.from(BOM + TEXT)],
    ['UTF-8 with a BOM and CRLF', Buffer.from(BOM + TEXT.replaceAll('\n', '\r\n'))],
    ['UTF-8 with a BOM, NDJSON', Buffer.from(`${BOM}${JSON.stringify(ITEM)}\n\n`)],
    ['UTF-16LE with a BOM, as PowerShell writes it', Buffer.from(BOM + TEXT, 'utf16le')],
    ['UTF-16BE with a BOM', Buffer.from(BOM + TEXT, 'utf16le').swap16()],
    ['UTF-16LE with a BOM and CRLF', Buffer.from(BOM + TEXT.replaceAll('\n', '\r\n'), 'utf16le')],
  ])('decodes %s', async (_encoding, content) => {
    const { items } = await openAndScan(await fileOf(content));
    expect(items).toEqual([ITEM]);
  });

  it.each([
    ['Latin-1', Buffer.from('[{"id":"é"}]', 'latin1')],
    ['UTF-8 that ends within a character', Buffer.from(TEXT).subarray(0, Buffer.from(TEXT).indexOf('é') + 1)],
  ])('rejects %s', async (_encoding, content) => {
    const file = await fileOf(content);
    await expect(startEmbedded(sourceOf(file))).rejects.toThrow(/: line \d+ is not valid UTF-8 text\. /);
  });

  it('rejects UTF-16LE that ends within a character', async () => {
    const file = await fileOf(Buffer.from(BOM + TEXT, 'utf16le').subarray(0, -1));
    await expect(startEmbedded(sourceOf(file))).rejects.toThrow(
      `${file}: the UTF-16 text ends in the middle of a character`,
    );
  });

  it('does not count the BOM in the column of a syntax error', async () => {
    const file = await fileOf(Buffer.from(`${BOM}[{"id":}]`, 'utf16le'));
    await expect(startEmbedded(sourceOf(file))).rejects.toThrow(`${file}: line 1, column 8: `);
  });
});

describe('startEmbedded, given an invalid file,', () => {
  it.each([
    ['a file that is not JSON', '[{"id":1},\n{"id":}]', 'line 2, column 7: invalid JSON: '],
    ['an empty file', '', 'the file is empty'],
    ['an item without its key', '{"id":1}\n{"ID":2}', 'line 2: the item has no key attribute "id"'],
    ['an item that the engine rejects', '[{"id":"a"},{"id":""}]', 'index 1: DynamoDB rejects the item: '],
  ])('names the file in the error for %s', async (_why, content, message) => {
    const file = await fileOf(content);
    const started = startEmbedded(sourceOf(file));
    await expect(started).rejects.toMatchObject({
      name: 'ItemFileError',
      message: expect.stringContaining(`${file}: ${message}`) as unknown,
    });
  });

  it('names a missing file', async () => {
    const file = join(directory, 'nowhere.json');
    const started = startEmbedded(sourceOf(file));
    await expect(started).rejects.toMatchObject({ name: 'ItemFileError', cause: { code: 'ENOENT' } });
    await expect(started).rejects.toThrow(`${file}: `);
  });

  it.each(['http://127.0.0.1:8000', 'aws'])('throws a UsageError if DYNAMODB is %s', async (dynamodb) => {
    const opened = openTable(parseConfig({ DYNAMODB: dynamodb }), servingFile('a.json'));
    await expect(opened).rejects.toThrow(UsageError);
    await expect(opened).rejects.toThrow(/^a\.json: .*--dynamodb embedded/);
  });
});

describe('startEmbedded, in its own process,', () => {
  /** Runs a script and returns its output. Rejects if the script fails or does not exit by itself. */
  async function run(script: string, ...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, ...args], {
      cwd: ROOT,
      timeout: 20_000,
    });
    return stdout.trimEnd();
  }

  /** Runs several times, because the work in flight at a failure depends on timing. */
  const FAIL_TO_START = `
    const { startEmbedded } = require('./dist/embedded/start');
    void (async () => {
      const messages = new Set();
      for (let times = 0; times < 8; times++) {
        const source = { kind: 'files', paths: [process.argv[1]] };
        source.options = { tableKeys: new Map(), indexes: [], infer: false };
        await startEmbedded(source).catch((error) => {
          messages.add(error.message);
        });
      }
      console.log([...messages].join());
    })();
  `;

  const MANY = Array.from({ length: 2000 }, (_, id) => `{"id":{"N":"${id}"}}`);

  it.each([
    ['a file that is not JSON', '[{"id":}]', 'line 1, column 8: '],
    ['a rejected item', '{"id":""}', 'line 1: '],
    ['a rejected item among many', MANY.with(900, '{"id":{"N":"one"}}').join('\n'), 'line 901: '],
    ['null instead of a typed value', '[{"id":{"S":"a"},"value":null}]', 'index 0: '],
    ['null in a typed list', '{"id":{"S":"a"},"value":{"L":[null]}}', 'line 1: '],
  ])('rejects %s and leaves nothing running', async (_what, content, place) => {
    const file = await fileOf(content);
    const message = await run(FAIL_TO_START, file);
    expect(message.startsWith(`${file}: ${place}`)).toBe(true);
    expect(message).not.toContain('\n');
  });

  const OPEN_AND_CLOSE = `
    const { openTable } = require('./dist/cli/openTable');
    const { parseConfig } = require('./dist/config/config');
    const config = parseConfig({ DYNAMODB: process.argv[1] });
    const args = { files: undefined, wait: false, settings: new Map() };
    void openTable(config, args).then(async (table) => {
      await table.close();
      console.log(Object.keys(require.cache).some((path) => path.includes('dynalite')));
    });
  `;

  it.each(['http://127.0.0.1:8000', 'embedded'])(
    'with DYNAMODB=%s loads no engine in the main thread, and leaves nothing running after close',
    async (dynamodb) => {
      await expect(run(OPEN_AND_CLOSE, dynamodb)).resolves.toBe('false');
    },
  );
});

describe('describe() of the embedded table', () => {
  it('returns the item count of the table, and none for its index, which the engine does not count', async () => {
    const config = parseConfig({});
    const table = await openTable(config, DEFAULTS);
    const description = await table.repository.describe(config.tableName, new AbortController().signal);
    await table.close();
    expect(description).toMatchObject({ status: 'ACTIVE', itemCount: 1707 });
    expect(description.indexItemCounts.size).toBe(0);
  });
});
