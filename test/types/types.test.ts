/** Tests that inferred interfaces compile, and that the items from which they are inferred satisfy them. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { startEngine } from '../../src/embedded/engine';
import { readSample as readSampleTable } from '../../src/embedded/sample';
import { readSample } from '../../src/types/sample';
import { addMap, emptyMapShape } from '../../src/types/shape';
import { interfaceName, interfaceSource, type Numbers } from '../../src/types/source';
import { openEngineTable } from '../helpers/engineTable';
import { loadTable } from '../helpers/loadTable';
import { plainItems, scanResponseArbitrary, type Item } from '../helpers/expectedResults';
import { compileErrors } from './compiler';

const ROOT = join(__dirname, '../..');

function sourceOf(items: readonly Item[], tableName: string, numbers: Numbers): string {
  const shape = emptyMapShape();
  for (const item of items) addMap(shape, item);
  return interfaceSource(shape, { tableName, keyAttributes: [], numbers, isWholeTable: true });
}

/** Declares the items, in the plain JSON that clients receive, to be of that interface. */
function usageOf(items: readonly Item[], tableName: string, numbers: 'number' | 'string'): string {
  return `export const ${tableName}: ${interfaceName(tableName)}[] = [${plainItems(items, { numbers })}];\n`;
}

it('compiles for any items', () => {
  const responses = fc.sample(scanResponseArbitrary, { numRuns: 60, seed: 1 });
  const sources = responses.map(({ Items }, index) => {
    const tableName = `T${index}`;
    const numbers = index % 2 === 0 ? 'number' : 'string';
    // DynamoDB has no exponents of three digits above 130, which the compiler does not take for numbers.
    const items = Items.filter((item) => !/e[+-]?[1-9]\d\d/i.test(JSON.stringify(item)));
    return sourceOf(items, tableName, numbers) + usageOf(items, tableName, numbers);
  });
  expect(compileErrors(sources.join(''))).toEqual([]);
});

it('compiles for the items of the sample, and rejects another one', async () => {
  const { items } = await readSampleTable('Earthquakes');
  const typed = items.slice(0, 300).map(({ json }) => JSON.parse(json.toString()) as Item);
  const source = sourceOf(typed, 'Earthquakes', 'number');
  const invalid = typed.slice(0, 1).map((item) => ({ ...item, mag: { S: 'strong' } }));
  const usage = usageOf([...typed, ...invalid], 'Earthquakes', 'number');
  expect(compileErrors(source + usage)).toEqual(["Type 'string' is not assignable to type 'number'."]);
});

it('reads a sample from all parts of the table, or all of it', async () => {
  const items = Array.from({ length: 100 }, (_, n) => ({ id: { S: `item ${n}` } }));
  const table = await openEngineTable(items.map((item) => JSON.stringify(item)));
  const { signal } = new AbortController();
  try {
    const some = await readSample(table.repository, table.tableName, 16, signal);
    expect(some.isWholeTable).toBe(false);
    expect(some.items).toHaveLength(16);
    const all = await readSample(table.repository, table.tableName, 1000, signal);
    expect(all.isWholeTable).toBe(true);
    expect(all.items.map((item) => JSON.stringify(item)).sort()).toEqual(
      items.map((item) => JSON.stringify(item)).sort(),
    );
  } finally {
    await table.close();
  }
});

describe('scan-records types', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'types-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Runs the command in the folder, with only these environment variables. */
  async function run(
    args: readonly string[],
    environment: Record<string, string> = {},
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const { PATH = '' } = process.env;
    const env = { PATH, ...environment };
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(ROOT, 'dist/server.js'), 'types', ...args],
        { cwd: folder, env },
        (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
    });
  }

  it('prints the interface of the items in a file', async () => {
    await writeFile(join(folder, 'orders.json'), '[{"sku":"a","price":1.5},{"sku":"b","tags":["x",null]}]');
    const result = await run(['orders.json', '--key', 'sku', '--table', 'Orders', '--numbers', 'string']);
    expect(result).toEqual({
      code: 0,
      stderr: '',
      stdout: `// Inferred from all 2 items of the table Orders by: scan-records types
export interface OrdersItem {
  sku: string;
  price?: \`\${number}\`;
  tags?: (string | null)[];
}
`,
    });
  });

  it('has only the attributes that clients can see', async () => {
    const { stdout } = await run(['--sample', '20'], { VISIBLE_ATTRIBUTES: 'id,mag' });
    expect(stdout.split('\n').slice(2)).toEqual([
      'export interface RecordsTableItem {',
      '  id: string;',
      '  mag: number;',
      '}',
      '',
    ]);
  });

  it('ends with an error if the table has no items', async () => {
    await writeFile(join(folder, 'empty.json'), '[]');
    const { code, stdout, stderr } = await run(['empty.json']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('has no items, so their types are unknown');
  });

  it('reads a table at an endpoint, and names the tables that exist if it does not', async () => {
    const engine = await startEngine();
    try {
      const { endpoint } = engine;
      const key = [{ name: 'id', type: 'S' as const }];
      await loadTable(
        { endpoint, tableName: 'Orders' },
        { items: [{ json: '{"id":{"S":"a"}}', where: '' }], key },
      );
      const credentials = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: 'us-east-1' };
      const found = await run(['--endpoint-url', endpoint, '--table', 'Orders'], credentials);
      expect(found.stdout).toContain('  id: string;\n');
      const missing = await run(['--endpoint-url', endpoint, '--table', 'Others'], credentials);
      expect(missing.code).toBe(2);
      expect(missing.stderr).toContain('The table Others does not exist');
      expect(missing.stderr).toContain('Its tables are: Orders.');
    } finally {
      await engine.close();
    }
  }, 60_000);
});
