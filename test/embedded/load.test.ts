import fc from 'fast-check';
import { startEngine, type Engine } from '../../src/embedded/engine';
import { loadTable } from '../../src/embedded/load';
import type { KeyNames } from '../../src/embedded/keys';
import { parseRecords, type Records } from '../../src/embedded/records';
import type { Repository } from '../../src/dynamodb/repository';
import { allPages, recordsOf, repositoryAt } from '../helpers/servedApp';

const BY_ID: KeyNames = { hash: 'id' };
const KEY: Records['key'] = [{ name: 'id', type: 'S' }];
/** What one call to the engine puts. */
const BATCH = 25;

let engine: Engine;
let repository: Repository;
let tables = 0;

beforeAll(async () => {
  engine = await startEngine();
  repository = repositoryAt(engine.endpoint);
});

afterAll(async () => {
  repository.close();
  await engine.close();
});

/** Loads records into a table of their own and returns its name. */
async function load(records: Pick<Records, 'items' | 'key'>): Promise<string> {
  const tableName = `Records${tables++}`;
  await loadTable({ endpoint: engine.endpoint, tableName }, records);
  return tableName;
}

/** The table's records as the repository gives them, joined by commas. */
async function scan(tableName: string): Promise<string> {
  return recordsOf(await allPages(repository, tableName));
}

/** What becomes of a file on its way through the engine. */
async function loadAndScan(text: string, keyNames = BY_ID): Promise<string> {
  return scan(await load(parseRecords(text, keyNames)));
}

describe('what was loaded is what is scanned', () => {
  test.each([
    ['strings', '["","a","\\"\\\\ \\n \\u0001","é 日本 😀"]'],
    ['a string that could be an attribute', '"{\\"__proto__\\":1}"'],
    ['numbers', '[0,1,-1,0.5,-12.25]'],
    ['an integer past 2^53', '9007199254740993'],
    ['38 digits', '-12345678901234567890123456789012345678'],
    ['38 digits with decimals', '1234567890123456789.0123456789012345678'],
    ['booleans and null', '[true,false,null]'],
    ['an empty list and an empty map', '[[],{}]'],
    ['nested values', '{"a":[{"b":{"c":[1,["x",null]]}}]}'],
    ['names that objects inherit', '{"constructor":1,"toString":"x","hasOwnProperty":true,"length":0}'],
    ['a map that looks typed', '{"N":"x","NULL":false}'],
  ])('%s', async (_what, value) => {
    const record = `{"id":"a","value":${value}}`;
    await expect(loadAndScan(`[${record}]`)).resolves.toBe(record);
  });

  test.each([
    ['B', '{"B":"/wD+"}', '"/wD+"'],
    ['SS', '{"SS":["a","é"]}', '["a","é"]'],
    ['NS', '{"NS":["1","9007199254740993"]}', '[1,9007199254740993]'],
    ['BS', '{"BS":["/wD+","AA=="]}', '["/wD+","AA=="]'],
  ])('a typed %s', async (_type, value, plain) => {
    const text = `{"id":{"S":"a"},"value":${value}}`;
    await expect(loadAndScan(text)).resolves.toBe(`{"id":"a","value":${plain}}`);
  });

  test.each([
    ['1.23e+40', `123${'0'.repeat(38)}`],
    ['1E-7', '0.0000001'],
    ['1.50', '1.5'],
    ['100.0', '100'],
    ['-0', '0'],
  ])('the number %s, as the engine writes it: %s', async (given, written) => {
    await expect(loadAndScan(`[{"id":"a","value":${given}}]`)).resolves.toBe(`{"id":"a","value":${written}}`);
  });

  test.each([
    ['a number', BY_ID, ['{"id":9007199254740993}', '{"id":9007199254740992}', '{"id":-0.5}'], undefined],
    ['binary', BY_ID, ['{"id":{"B":"/wD+"}}', '{"id":{"B":"/wD/"}}'], ['{"id":"/wD+"}', '{"id":"/wD/"}']],
    [
      'two attributes',
      { hash: 'country', range: 'city' },
      ['{"country":"fr","city":1}', '{"country":"fr","city":2}', '{"country":"de","city":1}'],
      undefined,
    ],
  ])('records whose key is %s', async (_what, keyNames, records, plain = records) => {
    const scanned = await loadAndScan(records.join('\n'), keyNames);
    expect(scanned.replaceAll('},{', '}\n{').split('\n').sort()).toEqual([...plain].sort());
  });

  test('no records at all', async () => {
    await expect(loadAndScan('[]')).resolves.toBe('');
  });

  test('any plain records', async () => {
    const text = fc.string({ unit: 'binary' });
    const name = fc
      .oneof(
        { weight: 4, arbitrary: text },
        fc.constantFrom('constructor', 'isLosslessNumber', 'S', '0', 'Items'),
      )
      .filter((candidate) => candidate !== '' && candidate !== '__proto__');
    // Numbers that JavaScript and the engine write alike.
    const number = fc.oneof(
      fc.maxSafeInteger(),
      fc.integer().map((hundredths) => hundredths / 100),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        number,
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value')),
        fc.dictionary(name, tie('value')),
      ),
    }));
    const id = fc.string({ unit: 'binary', minLength: 1 });
    const records = fc.uniqueArray(
      fc.tuple(id, fc.dictionary(name, value)).map(([id, attributes]) => ({ ...attributes, id })),
      { selector: (record) => record.id, maxLength: BATCH + 5 },
    );
    await fc.assert(
      fc.asyncProperty(records, async (given) => {
        const scanned = JSON.parse(`[${await loadAndScan(JSON.stringify(given))}]`) as object[];
        expect(asTexts(scanned)).toEqual(asTexts(given));
      }),
      { numRuns: 50 },
    );
  });

  function asTexts(records: readonly object[]): string[] {
    return records.map((record) => JSON.stringify(record)).sort();
  }

  test('20,000 records, each of them once', async () => {
    const given = Array.from({ length: 20_000 }, (_, id) => `{"id":${id},"name":"record ${id}"}`);
    const scanned = JSON.parse(`[${await loadAndScan(given.join('\n'))}]`) as { id: number }[];
    expect(scanned).toHaveLength(20_000);
    expect(new Set(scanned.map(({ id }) => id)).size).toBe(20_000);
  });

  test('records that are more than one call takes, being over 16 MB together', async () => {
    // As JSON each character is six bytes, as a string of DynamoDB's one.
    const control = '\\u0001'.repeat(120_000);
    const items = Array.from({ length: BATCH }, (_, index) => ({
      json: `{"id":{"S":"${index}"},"value":{"S":"${control}"}}`,
      where: `index ${index}`,
    }));
    const scanned = JSON.parse(`[${await scan(await load({ items, key: KEY }))}]`) as unknown[];
    expect(scanned).toHaveLength(BATCH);
  });
});

test('the number of records put so far is told, and in the end it is all of them', async () => {
  const { items, key } = parseRecords(
    JSON.stringify(Array.from({ length: 110 }, (_, id) => ({ id }))),
    BY_ID,
  );
  const told: number[] = [];
  await loadTable({ endpoint: engine.endpoint, tableName: 'Told' }, { items, key }, (done) =>
    told.push(done),
  );
  expect(told.length).toBeGreaterThan(1);
  expect(told).toEqual([...told].sort((one, other) => one - other));
  expect(told.at(-1)).toBe(110);
});

test('a table that cannot be made is an error', async () => {
  const table = { endpoint: engine.endpoint, tableName: 'Twice' };
  await loadTable(table, { items: [], key: KEY });
  await expect(loadTable(table, { items: [], key: KEY })).rejects.toThrow('the table could not be made');
});

describe('a record that the engine refuses is named', () => {
  const GOOD = '{"id":{"S":"good NUMBER"}}';

  /** A typed file with one bad record where a batch is half over. */
  function fileWith(bad: string): string {
    const records = Array.from({ length: 3 * BATCH }, (_, index) => GOOD.replace('NUMBER', String(index)));
    return `[${records.with(37, bad).join(',\n')}]`;
  }

  test.each([
    ['a number with 39 digits', '{"id":{"S":"bad"},"value":{"N":"123456789012345678901234567890123456789"}}'],
    ['a number too large', '{"id":{"S":"bad"},"value":{"N":"1e126"}}'],
    ['a number that is none', '{"id":{"S":"bad"},"value":{"N":"one"}}'],
    ['more than 400 KB', `{"id":{"S":"bad"},"value":{"S":"${'x'.repeat(400 * 1024)}"}}`],
    ['an empty set', '{"id":{"S":"bad"},"value":{"SS":[]}}'],
    ['a set with one member twice', '{"id":{"S":"bad"},"value":{"NS":["1","1.0"]}}'],
    ['binary that is not base64', '{"id":{"S":"bad"},"value":{"B":"?"}}'],
    ['an empty key', '{"id":{"S":""}}'],
    ['a key of over 2 KB', `{"id":{"S":"${'x'.repeat(2049)}"}}`],
  ])('for %s', async (_what, bad) => {
    await expect(load(parseRecords(fileWith(bad), BY_ID))).rejects.toThrow(
      /^index 37: DynamoDB refuses the record: \S/,
    );
  });

  test.each([
    ['a plain attribute', '[{"id":"a","__proto__":1}]'],
    ['a map', '[{"id":"a","__proto__":{"x":1}}]'],
    ['an attribute in a map', '[{"id":"a","value":{"__proto__":null}}]'],
    ['an attribute in a list', '[{"id":"a","value":[[{"__proto__":"x"}]]}]'],
    ['an attribute written with an escape', '[{"id":"a","__pr\\u006fto__":1}]'],
    ['a nested one written with an escape', '[{"id":"a","value":{"\\u005f_proto__":1}}]'],
    ['a typed attribute', '[{"id":{"S":"a"},"__proto__":{"N":"1"}}]'],
    ['a typed attribute in a map', '[{"id":{"S":"a"},"value":{"M":{"__pr\\u006fto__" : {"N":"1"}}}}]'],
  ])('for __proto__ as the name of %s', async (_what, text) => {
    await expect(load(parseRecords(text, BY_ID))).rejects.toThrow(/^index 0: .*__proto__/);
  });

  test('for __proto__ as the name of the key', async () => {
    const records = parseRecords('[{"__proto__":"a"}]', { hash: '__proto__' });
    await expect(load(records)).rejects.toThrow(/^index 0: .*__proto__/);
  });

  test('the first one, if there are several', async () => {
    const bad = '{"id":{"S":"bad NUMBER"},"value":{"SS":[]}}';
    const records = Array.from({ length: 4 * BATCH }, (_, index) =>
      (index < BATCH - 1 ? GOOD : bad).replace('NUMBER', String(index)),
    );
    const file = parseRecords(records.join('\n'), BY_ID);
    await expect(load(file)).rejects.toThrow(new RegExp(`^line ${BATCH}: `));
  });

  test('one that no call can take, being over 16 MB', async () => {
    const items = [{ json: `{"id":{"S":"a"},"value":{"S":"${'x'.repeat(17_000_000)}"}}`, where: 'line 1' }];
    await expect(load({ items, key: KEY })).rejects.toThrow(/^line 1: /);
  });

  // The engine would keep the later record alone, and nobody would miss the other.
  test.each([
    ['halves of surrogate pairs', '"\\ud83d"', '"\\ud83e"'],
    ['half of a pair and what it becomes in UTF-8', '"\\ud83d"', '"\\ufffd"'],
    ['a number without its first zero', '{"N":"0.5"}', '{"N":".5"}'],
  ])('one whose key is another’s to the engine: %s', async (_what, one, other) => {
    const loaded = async () => load(parseRecords(`[{"id":${one}},{"id":${other}}]`, BY_ID));
    await expect(loaded()).rejects.toThrow(/^index [01]: /);
  });
});
