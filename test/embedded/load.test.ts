import fc from 'fast-check';
import type { KeyNames } from '../../src/embedded/files/tableSchema';
import { startEmbedded } from '../../src/embedded/start';
import { NO_OPTIONS, withFile } from '../helpers/itemFiles';
import { allPages, recordsOf, repositoryAt } from '../helpers/servedApp';

const BY_ID: KeyNames = { hash: 'id' };

/** Loads the text of a file into an engine and returns the JSON of its items as the repository reads them. */
async function loadAndScan(text: string, key = BY_ID): Promise<string> {
  return withFile(text, async (path) => {
    const source = { kind: 'files', paths: [path], options: { ...NO_OPTIONS, key } } as const;
    const engine = await startEmbedded(source).catch((error: unknown) => {
      const { message } = error as Error;
      throw new Error(message.replace(`${path}: `, ''), { cause: error });
    });
    const repository = repositoryAt(engine.endpoint);
    try {
      return recordsOf(await allPages(repository, 'RecordsTable'));
    } finally {
      repository.close();
      await engine.close();
    }
  });
}

describe('startEmbedded with a file, followed by a scan', () => {
  it.each([
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
  ])('returns %s unchanged', async (_what, value) => {
    const item = `{"id":"a","value":${value}}`;
    await expect(loadAndScan(`[${item}]`)).resolves.toBe(item);
  });

  it.each([
    ['B', '{"B":"/wD+"}', '"/wD+"'],
    ['SS', '{"SS":["a","é"]}', '["a","é"]'],
    ['NS', '{"NS":["1","9007199254740993"]}', '[1,9007199254740993]'],
    ['BS', '{"BS":["/wD+","AA=="]}', '["/wD+","AA=="]'],
  ])('returns a typed %s as plain JSON', async (_type, value, plain) => {
    const text = `{"id":{"S":"a"},"value":${value}}`;
    await expect(loadAndScan(text)).resolves.toBe(`{"id":"a","value":${plain}}`);
  });

  it.each([
    ['1.23e+40', `123${'0'.repeat(38)}`],
    ['1E-7', '0.0000001'],
    ['1.50', '1.5'],
    ['100.0', '100'],
    ['-0', '0'],
  ])('returns the number %s in the normalized form %s', async (input, normalized) => {
    await expect(loadAndScan(`[{"id":"a","value":${input}}]`)).resolves.toBe(
      `{"id":"a","value":${normalized}}`,
    );
  });

  it.each([
    ['a number', BY_ID, ['{"id":9007199254740993}', '{"id":9007199254740992}', '{"id":-0.5}'], undefined],
    ['binary', BY_ID, ['{"id":{"B":"/wD+"}}', '{"id":{"B":"/wD/"}}'], ['{"id":"/wD+"}', '{"id":"/wD/"}']],
    [
      'two attributes',
      { hash: 'country', range: 'city' },
      ['{"country":"fr","city":1}', '{"country":"fr","city":2}', '{"country":"de","city":1}'],
      undefined,
    ],
  ])('returns items whose key is %s', async (_what, keyNames, items, plain = items) => {
    const scanned = await loadAndScan(items.join('\n'), keyNames);
    expect(scanned.replaceAll('},{', '}\n{').split('\n').sort()).toEqual([...plain].sort());
  });

  it('returns nothing for a file without items', async () => {
    await expect(loadAndScan('[]')).resolves.toBe('');
  });

  it('returns any plain items unchanged', async () => {
    const text = fc.string({ unit: 'binary' });
    const name = fc
      .oneof(
        { weight: 4, arbitrary: text },
        fc.constantFrom('constructor', 'isLosslessNumber', 'S', '0', 'Items'),
      )
      .filter((candidate) => candidate !== '' && candidate !== '__proto__');
    // Numbers that JavaScript and the engine write in the same form.
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
    const itemArrays = fc.uniqueArray(
      fc.tuple(id, fc.dictionary(name, value)).map(([id, attributes]) => ({ ...attributes, id })),
      { selector: (item) => item.id, maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(itemArrays, async (items) => {
        const scanned = JSON.parse(`[${await loadAndScan(JSON.stringify(items))}]`) as object[];
        expect(sortedJson(scanned)).toEqual(sortedJson(items));
      }),
      { numRuns: 50 },
    );
  });

  function sortedJson(items: readonly object[]): string[] {
    return items.map((item) => JSON.stringify(item)).sort();
  }

  it('returns each of 20,000 items once', async () => {
    const lines = Array.from({ length: 20_000 }, (_, id) => `{"id":${id},"name":"item ${id}"}`);
    const scanned = JSON.parse(`[${await loadAndScan(lines.join('\n'))}]`) as { id: number }[];
    expect(scanned).toHaveLength(20_000);
    expect(new Set(scanned.map(({ id }) => id)).size).toBe(20_000);
  });
});

describe('startEmbedded, given an item that DynamoDB rejects,', () => {
  const GOOD = '{"id":{"S":"good NUMBER"}}';

  /** A typed file with one bad item in the middle of a batch. */
  function fileWith(bad: string): string {
    const items = Array.from({ length: 75 }, (_, index) => GOOD.replace('NUMBER', String(index)));
    return `[${items.with(37, bad).join(',\n')}]`;
  }

  it.each([
    ['a number with 39 digits', '{"id":{"S":"bad"},"value":{"N":"123456789012345678901234567890123456789"}}'],
    ['a number too large', '{"id":{"S":"bad"},"value":{"N":"1e126"}}'],
    ['an invalid number', '{"id":{"S":"bad"},"value":{"N":"one"}}'],
    ['more than 400 KB', `{"id":{"S":"bad"},"value":{"S":"${'x'.repeat(400 * 1024)}"}}`],
    ['an empty set', '{"id":{"S":"bad"},"value":{"SS":[]}}'],
    ['a set with a duplicate element', '{"id":{"S":"bad"},"value":{"NS":["1","1.0"]}}'],
    ['binary that is not base64', '{"id":{"S":"bad"},"value":{"B":"?"}}'],
    ['an empty key', '{"id":{"S":""}}'],
    ['a key of over 2 KB', `{"id":{"S":"${'x'.repeat(2049)}"}}`],
  ])('reports the place of the item with %s', async (_what, bad) => {
    await expect(loadAndScan(fileWith(bad))).rejects.toThrow(/^index 37: DynamoDB rejects the item: \S/);
  });

  it.each([
    ['a plain attribute', '[{"id":"a","__proto__":1}]'],
    ['a map', '[{"id":"a","__proto__":{"x":1}}]'],
    ['an attribute in a map', '[{"id":"a","value":{"__proto__":null}}]'],
    ['an attribute in a list', '[{"id":"a","value":[[{"__proto__":"x"}]]}]'],
    ['an attribute written with an escape', '[{"id":"a","__pr\\u006fto__":1}]'],
    ['a nested attribute written with an escape', '[{"id":"a","value":{"\\u005f_proto__":1}}]'],
    ['a typed attribute', '[{"id":{"S":"a"},"__proto__":{"N":"1"}}]'],
    ['a typed attribute in a map', '[{"id":{"S":"a"},"value":{"M":{"__pr\\u006fto__" : {"N":"1"}}}}]'],
  ])('reports __proto__ as the name of %s', async (_what, text) => {
    await expect(loadAndScan(text)).rejects.toThrow(/^index 0: .*__proto__/);
  });

  it('reports __proto__ as the name of the key', async () => {
    await expect(loadAndScan('[{"__proto__":"a"}]', { hash: '__proto__' })).rejects.toThrow(
      /^index 0: .*__proto__/,
    );
  });

  it('reports the first of several bad items', async () => {
    const bad = '{"id":{"S":"bad NUMBER"},"value":{"SS":[]}}';
    const lines = Array.from({ length: 3000 }, (_, index) =>
      (index < 1999 ? GOOD : bad).replace('NUMBER', String(index)),
    );
    await expect(loadAndScan(lines.join('\n'))).rejects.toThrow(/^line 2000: /);
  });

  // Without this error the engine would silently overwrite the earlier item.
  it.each([
    ['two lone surrogates', '"\\ud83d"', '"\\ud83e"'],
    ['a lone surrogate and U+FFFD', '"\\ud83d"', '"\\ufffd"'],
    ['a number without its leading zero', '{"N":"0.5"}', '{"N":".5"}'],
  ])('rejects keys that are equal for the engine: %s', async (_what, one, other) => {
    await expect(loadAndScan(`[{"id":${one}},{"id":${other}}]`)).rejects.toThrow(/^index [01]: /);
  });
});
