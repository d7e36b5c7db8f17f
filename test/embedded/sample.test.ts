import { startEngine, type Engine } from '../../src/embedded/engine';
import { readSample } from '../../src/embedded/sample';
import type { StoredTable } from '../../src/embedded/storedTable';
import type { AttributeValue, Item, ScanResponse } from '../helpers/expectedResults';
import { readTable } from '../helpers/itemFiles';
import { loadTable } from '../helpers/loadTable';
import { allPages, repositoryAt } from '../helpers/servedApp';

const COUNT = 1707;
const MEGABYTE_BYTES = 1024 * 1024;

let sample: StoredTable;
let items: Item[];

beforeAll(async () => {
  sample = await readSample('Sample');
  items = sample.items.map(({ json }) => JSON.parse(json.toString()) as Item);
});

describe('the sample', () => {
  it('has 1707 items, each with its own id', () => {
    expect(items).toHaveLength(COUNT);
    expect(new Set(items.map(({ id }) => JSON.stringify(id))).size).toBe(COUNT);
  });

  it('is read like a user’s file with the same items', async () => {
    const lines = sample.items.map(({ json }) => json.toString());
    const { items, key } = await readTable(lines.join('\n'));
    expect(items).toEqual(lines);
    expect(key).toEqual(sample.key);
  });

  it('contains every DynamoDB type', () => {
    const types = new Set(items.flatMap((item) => Object.values(item)).flatMap(typesIn));
    expect([...types].sort()).toEqual(['B', 'BOOL', 'BS', 'L', 'M', 'N', 'NS', 'NULL', 'S', 'SS']);
  });

  it('is larger than 1 MB by DynamoDB’s size rules', () => {
    const sizes = items.map(sizeOfAttributes);
    expect(sizes.reduce(sum)).toBeGreaterThan(MEGABYTE_BYTES);
  });
});

describe('the sample, loaded into the engine,', () => {
  const tableName = 'Sample';
  let engine: Engine;

  beforeAll(async () => {
    engine = await startEngine();
    await loadTable({ endpoint: engine.endpoint, tableName }, placed(sample));
  });

  afterAll(async () => {
    await engine.close();
  });

  it('does not fit in one Scan response', async () => {
    const response = await fetch(engine.endpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': 'DynamoDB_20120810.Scan',
        'X-Amz-Date': '20200101T000000Z',
        Authorization: 'AWS4-HMAC-SHA256 Credential=any, SignedHeaders=host, Signature=any',
      },
      body: JSON.stringify({ TableName: tableName }),
    });
    const page = (await response.json()) as ScanResponse;
    expect(page.LastEvaluatedKey).toEqual({ id: page.Items.at(-1)?.id });
    expect(page.Count).toBeLessThan(COUNT);
  });

  it('is scanned completely by the repository', async () => {
    const repository = repositoryAt(engine.endpoint);
    const counts = (await allPages(repository, tableName)).map(({ count }) => count);
    repository.close();
    expect(counts.length).toBeGreaterThan(1);
    expect(counts.reduce(sum)).toBe(COUNT);
  });
});

/** The sample as the API needs it. */
function placed({ items, ...table }: StoredTable) {
  return {
    ...table,
    items: items.map(({ json }, index) => ({ json: json.toString(), where: `item ${index}` })),
  };
}

function typesIn(value: AttributeValue): string[] {
  const inner = 'L' in value ? value.L : 'M' in value ? Object.values(value.M) : [];
  return [...Object.keys(value), ...inner.flatMap(typesIn)];
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
function sizeOf(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return sizeOfNumber(value.N);
  if ('B' in value) return sizeOfBinary(value.B);
  if ('SS' in value) return value.SS.map((text) => Buffer.byteLength(text)).reduce(sum);
  if ('NS' in value) return value.NS.map(sizeOfNumber).reduce(sum);
  if ('BS' in value) return value.BS.map(sizeOfBinary).reduce(sum);
  if ('L' in value) return value.L.map(sizeOf).reduce(sum, 3 + value.L.length);
  if ('M' in value) return 3 + Object.keys(value.M).length + sizeOfAttributes(value.M);
  return 1;
}

function sizeOfAttributes(attributes: Item): number {
  return Object.entries(attributes)
    .map(([name, value]) => Buffer.byteLength(name) + sizeOf(value))
    .reduce(sum, 0);
}

/** About one byte per two significant digits, plus one byte. */
function sizeOfNumber(number: string): number {
  const digits = number.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '').length;
  return Math.ceil(significant / 2) + 1;
}

function sizeOfBinary(base64: string): number {
  return Buffer.from(base64, 'base64').length;
}

function sum(one: number, other: number): number {
  return one + other;
}
