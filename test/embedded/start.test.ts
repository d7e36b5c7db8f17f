import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from 'command-line';
import { parseConfig } from '../../src/config/config';
import { startEmbedded } from '../../src/embedded/start';
import { openTable } from '../../src/cli/openTable';
import { allPages, recordsOf } from '../helpers/servedApp';

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
  const file = join(directory, `records${files++}.json`);
  await writeFile(file, content);
  return file;
}

/** Opens the embedded table as npm start does, and closes it with its records read. */
async function openAndScan(file?: string, environment = {}, key: { hash: string; range?: string } = BY_ID) {
  const config = parseConfig(environment);
  const table = await openTable(config, { help: false, file, key });
  try {
    const pages = await allPages(table.repository, config.tableName);
    const records = JSON.parse(`[${recordsOf(pages)}]`) as unknown[];
    return { engine: table.engine, itemCount: table.itemCount, records };
  } finally {
    await table.close();
  }
}

describe('the embedded table', () => {
  test('holds the sample where there is no file', async () => {
    const { engine, itemCount, records } = await openAndScan(undefined);
    expect(engine).toBe('the embedded engine, filled from the sample, a week of earthquakes');
    expect(itemCount).toBe(SAMPLE_COUNT);
    expect(records).toHaveLength(SAMPLE_COUNT);
  });

  test('holds the records of a file in place of the sample', async () => {
    const file = await fileOf('{"country":"fr","city":1}\n{"country":"fr","city":2}\n');
    const { engine, itemCount, records } = await openAndScan(file, {}, { hash: 'country', range: 'city' });
    expect(engine).toBe(`the embedded engine, filled from ${file}`);
    expect(itemCount).toBe(2);
    expect(records).toEqual([
      { country: 'fr', city: 1 },
      { country: 'fr', city: 2 },
    ]);
  });

  test('has the name that is configured', async () => {
    const file = await fileOf('[{"id":"a"}]');
    const { records } = await openAndScan(file, { DYNAMODB: 'embedded', TABLE_NAME: 'Earthquakes' });
    expect(records).toEqual([{ id: 'a' }]);
  });

  test('may be empty', async () => {
    await expect(openAndScan(await fileOf('[]'))).resolves.toMatchObject({ itemCount: 0, records: [] });
  });

  test.each([
    ['"NextToken":"eyJ9"', true],
    ['"NextToken":null', false],
  ])('says whether it is one part of a longer scan: %s', async (member, partial) => {
    const file = await fileOf(`{"Items":[{"id":{"S":"a"}}],${member}}`);
    const table = await startEmbedded(TABLE, file, BY_ID);
    await table.close();
    expect(table).toMatchObject({ itemCount: 1, partial });
    const { engine } = await openAndScan(file);
    expect(engine.endsWith(' (one part of a longer scan)')).toBe(partial);
  });
});

describe('the encoding of a file', () => {
  const RECORD = { id: 'é 日本 😀' };
  const TEXT = JSON.stringify([RECORD], null, 4);
  const BOM = '\ufeff';

  test.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a BOM', Buffer.from(BOM + TEXT)],
    ['UTF-8 with a BOM and CRLF', Buffer.from(BOM + TEXT.replaceAll('\n', '\r\n'))],
    ['UTF-8 with a BOM, NDJSON', Buffer.from(`${BOM}${JSON.stringify(RECORD)}\n\n`)],
    ['UTF-16LE with a BOM, as PowerShell writes it', Buffer.from(BOM + TEXT, 'utf16le')],
    ['UTF-16LE with a BOM and CRLF', Buffer.from(BOM + TEXT.replaceAll('\n', '\r\n'), 'utf16le')],
  ])('may be %s', async (_encoding, content) => {
    const { records } = await openAndScan(await fileOf(content));
    expect(records).toEqual([RECORD]);
  });

  test.each([
    ['Latin-1', Buffer.from('[{"id":"é"}]', 'latin1')],
    ['UTF-16BE', Buffer.from(BOM + TEXT, 'utf16le').swap16()],
    ['UTF-16LE with half a character', Buffer.from(BOM + TEXT, 'utf16le').subarray(0, -1)],
    ['UTF-8 cut within a character', Buffer.from(TEXT).subarray(0, Buffer.from(TEXT).indexOf('é') + 1)],
  ])('is refused if it is %s', async (_encoding, content) => {
    const file = await fileOf(content);
    await expect(startEmbedded(TABLE, file, BY_ID)).rejects.toThrow(`${file}: the file is no text in UTF-8`);
  });

  test('does not count in the place of a mistake', async () => {
    const file = await fileOf(Buffer.from(`${BOM}[{"id":}]`, 'utf16le'));
    await expect(startEmbedded(TABLE, file, BY_ID)).rejects.toThrow(`${file}: line 1, column 8: `);
  });
});

describe('a file that cannot be served', () => {
  test.each([
    ['does not parse', '[{"id":1},\n{"id":}]', 'line 2, column 7: this is not JSON: '],
    ['is empty', '', 'the file is empty'],
    ['has a record without its key', '{"id":1}\n{"ID":2}', 'line 2: the record has no "id"'],
    [
      'has a record that the engine refuses',
      '[{"id":"a"},{"id":""}]',
      'index 1: DynamoDB refuses the record: ',
    ],
  ])('because it %s is an error that names it', async (_why, content, message) => {
    const file = await fileOf(content);
    const started = startEmbedded(TABLE, file, BY_ID);
    await expect(started).rejects.toMatchObject({
      name: 'RecordFileError',
      message: expect.stringContaining(`${file}: ${message}`) as unknown,
    });
  });

  test.each([
    ['is not there', 'nowhere.json', 'ENOENT'],
    ['is a directory', '.', 'EISDIR'],
  ])('because it %s is an error that names it, too', async (_why, name, code) => {
    const file = join(directory, name);
    const started = startEmbedded(TABLE, file, BY_ID);
    await expect(started).rejects.toMatchObject({ name: 'RecordFileError', cause: { code } });
    await expect(started).rejects.toThrow(`${file}: `);
  });

  test.each(['http://127.0.0.1:8000', 'aws'])(
    'because DYNAMODB is %s is an error of usage',
    async (dynamodb) => {
      const opened = openTable(parseConfig({ DYNAMODB: dynamodb }), {
        help: false,
        file: 'a.json',
        key: BY_ID,
      });
      await expect(opened).rejects.toThrow(UsageError);
      await expect(opened).rejects.toThrow(/^a\.json: .*DYNAMODB/);
    },
  );
});

describe('in a process of its own', () => {
  /** Runs a script and returns what it printed; rejects if it fails or does not end by itself. */
  async function run(script: string, ...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=source', '-r', 'ts-node/register/transpile-only', '-e', script, ...args],
      { cwd: ROOT, timeout: 20_000 },
    );
    return stdout.trimEnd();
  }

  /** Several times, as what goes on after a failure depends on how far the other calls have come. */
  const FAIL_TO_START = `
    const { startEmbedded } = require('./src/embedded/start');
    void (async () => {
      const messages = new Set();
      for (let times = 0; times < 8; times++) {
        await startEmbedded('RecordsTable', process.argv[1], { hash: 'id' }).catch((error) => {
          messages.add(error.message);
        });
      }
      console.log([...messages].join());
    })();
  `;

  const MANY = Array.from({ length: 2000 }, (_, id) => `{"id":{"N":"${id}"}}`);

  test.each([
    ['a file that does not parse', '[{"id":}]', 'line 1, column 8: '],
    ['a refused record', '{"id":""}', 'line 1: '],
    ['a refused record among many', MANY.with(900, '{"id":{"N":"one"}}').join('\n'), 'line 901: '],
    ['null where a typed value belongs', '[{"id":{"S":"a"},"value":null}]', 'index 0: '],
    ['null in a typed list', '{"id":{"S":"a"},"value":{"L":[null]}}', 'line 1: '],
  ])('%s is an error and leaves nothing running', async (_what, content, place) => {
    const file = await fileOf(content);
    const message = await run(FAIL_TO_START, file);
    expect(message.startsWith(`${file}: ${place}`)).toBe(true);
    expect(message).not.toContain('\n');
  });

  const OPEN_AND_CLOSE = `
    const { openTable } = require('./src/cli/openTable');
    const { parseConfig } = require('./src/config/config');
    const config = parseConfig({ DYNAMODB: process.argv[1] });
    void openTable(config, { help: false, file: undefined, key: { hash: 'id' } }).then(async (table) => {
      await table.close();
      console.log(Object.keys(require.cache).some((path) => path.includes('dynalite')));
    });
  `;

  test.each([
    ['http://127.0.0.1:8000', 'is not', 'false'],
    ['embedded', 'is', 'true'],
  ])(
    'with DYNAMODB=%s the engine %s loaded, and a closed table leaves nothing running',
    async (dynamodb, _, loaded) => {
      await expect(run(OPEN_AND_CLOSE, dynamodb)).resolves.toBe(loaded);
    },
  );
});

test('the embedded table says how many records it holds, and of its index, which nobody has counted, nothing', async () => {
  const config = parseConfig({});
  const table = await openTable(config, { help: false, file: undefined, key: BY_ID });
  const description = await table.repository.describe(config.tableName, new AbortController().signal);
  await table.close();
  expect(description).toMatchObject({ status: 'ACTIVE', itemCount: 1707 });
  expect(description.indexItemCounts.size).toBe(0);
});
