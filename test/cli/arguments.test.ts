import { UsageError } from 'command-line';
import type { FileArguments } from '../../src/cli/fileArguments';
import { parseArguments, USAGE, type ServeArguments, type TypesArguments } from '../../src/cli/arguments';

const DEFAULTS: ServeArguments = {
  kind: 'serve',
  files: undefined,
  wait: false,
  open: false,
  settings: new Map(),
};

const FILES: FileArguments = {
  paths: ['a.json'],
  key: undefined,
  tableKeys: new Map(),
  indexes: [],
  infer: false,
  mask: undefined,
  watch: false,
};

describe('parseArguments', () => {
  it.each<[string[], Partial<ServeArguments>]>([
    [[], {}],
    [['serve'], {}],
    [['--wait', '--open'], { wait: true, open: true }],
  ])('parses %j', (args, expected) => {
    expect(parseArguments(args)).toEqual({ ...DEFAULTS, ...expected });
  });

  it.each<[string[], Partial<FileArguments>]>([
    [['a.json'], {}],
    [['serve', 'a.json'], {}],
    [['serve', 'serve'], { paths: ['serve'] }],
    [['--', '--odd-name.json'], { paths: ['--odd-name.json'] }],
    [['a.json', 'b.csv'], { paths: ['a.json', 'b.csv'] }],
    [['a.json', '--key', 'sku'], { key: { hash: 'sku' } }],
    [['--key', 'sku', 'a.json'], { key: { hash: 'sku' } }],
    [['--key=sku', 'a.json'], { key: { hash: 'sku' } }],
    [['a.json', '--key', 'pk,sk'], { key: { hash: 'pk', range: 'sk' } }],
    [['a.json', '--key=order date,line#'], { key: { hash: 'order date', range: 'line#' } }],
    [
      ['a.json', '--key', 'id', '--key', 'Orders=customer,number'],
      { key: { hash: 'id' }, tableKeys: new Map([['Orders', { hash: 'customer', range: 'number' }]]) },
    ],
    [
      ['a.json', '--index', 'byDay=day,time', '--index', 'byNet=net'],
      {
        indexes: [
          {
            name: 'byDay',
            kind: 'Global',
            key: { hash: 'day', range: 'time' },
            projection: { ProjectionType: 'ALL' },
          },
          { name: 'byNet', kind: 'Global', key: { hash: 'net' }, projection: { ProjectionType: 'ALL' } },
        ],
      },
    ],
    [['a.csv', '--infer', '--watch'], { paths: ['a.csv'], infer: true, watch: true }],
    [
      ['a.json', '--mask', 'email=hash', '--mask=name=fake'],
      {
        mask: new Map([
          ['email', 'hash'],
          ['name', 'fake'],
        ]),
      },
    ],
  ])('parses %j', (args, expected) => {
    expect(parseArguments(args)).toEqual({ ...DEFAULTS, files: { ...FILES, ...expected } });
  });

  it.each([
    [['--port', '8080'], 'PORT', '8080'],
    [['--host', '0.0.0.0'], 'HOST', '0.0.0.0'],
    [['--table-name', 'Orders'], 'TABLE_NAME', 'Orders'],
    [['--dynamodb', 'aws'], 'DYNAMODB', 'aws'],
    [['--endpoint-url', 'http://localhost:8000'], 'DYNAMODB', 'http://localhost:8000'],
    [['--region', 'eu-west-1'], 'AWS_REGION', 'eu-west-1'],
    [['--profile', 'dev'], 'AWS_PROFILE', 'dev'],
    [['--log-level', 'debug'], 'LOG_LEVEL', 'debug'],
  ])('sets an environment variable for %j', (args, variable, value) => {
    const { settings } = parseArguments(args) as ServeArguments;
    expect([...settings]).toEqual([[variable, { option: args[0], value }]]);
  });

  it.each<[string[], Partial<TypesArguments>]>([
    [['types'], {}],
    [['types', 'a.json', '--key', 'sku'], { files: { ...FILES, key: { hash: 'sku' } } }],
    [
      ['types', '--numbers', 'string', '--sample', '50', '--wait'],
      { numbers: 'string', sampleSize: 50, wait: true },
    ],
    [
      ['types', '--table', 'Orders'],
      { settings: new Map([['TABLE_NAME', { option: '--table', value: 'Orders' }]]) },
    ],
  ])('parses %j', (args, expected) => {
    const { open: _, ...table } = DEFAULTS;
    expect(parseArguments(args)).toEqual({
      ...table,
      kind: 'types',
      numbers: 'number',
      sampleSize: 1000,
      ...expected,
    });
  });

  it.each([
    [['--help'], 'help'],
    [['-h'], 'help'],
    [['--version'], 'version'],
    [['--version', '--help'], 'help'],
  ])('recognizes %j', (args, kind) => {
    expect(parseArguments(args)).toEqual({ kind });
  });

  it.each<[string[], string]>([
    [['--numbers', 'string'], '--numbers and --sample belong to the command types: scan-records types.'],
    [
      ['types', '--numbers', 'bigint'],
      '--numbers "bigint": use number, string, bigint-when-unsafe, the mode of the client.',
    ],
    [['types', '--sample', '0'], '--sample "0": use a whole number from 1 to 999999.'],
    [['--table', 'a', '--table-name', 'b'], '--table-name and --table cannot be used together.'],
    [['--key', 'sku'], '--key needs a FILE: it names the key attributes of the items in that file.'],
    [['--index', 'byDay=day'], '--index needs a FILE: it adds an index to the table of that file.'],
    [['--mask', 'name=fake'], '--mask needs a FILE: it changes attributes of the items in that file.'],
    [['--infer'], '--infer needs a FILE: it is about the types in a CSV file.'],
    [['--watch'], '--watch needs a FILE: it reads that file again when it changes.'],
    [['a.json', 'b.json', 'a.json'], 'a.json is given twice. Remove one of them.'],
    [
      ['a.json', '--index=one=a', '--index=one=b'],
      '--index one=… is given twice. Give one of them another name.',
    ],
    [['a.json', '--key=Users=a', '--key=Users=b'], '--key Users=… is given twice. Remove one of them.'],
    [
      ['a.json', '--key=a', '--key=b'],
      '--key is given twice. For several tables, use --key TABLE=HASH,RANGE for each of them.',
    ],
    [
      ['a.json', '--index', 'day'],
      '--index "day": use NAME=HASH or NAME=HASH,RANGE, for example byDay=day,time. The name of an index has 3 to 255 letters, digits, _ . or -.',
    ],
    [
      ['a.json', '--key='],
      '--key "": use one attribute name, or two as HASH,RANGE. For one of several tables, use TABLE=HASH,RANGE.',
    ],
    [
      ['a.json', '--key', 'pk,'],
      '--key "pk,": use one attribute name, or two as HASH,RANGE. For one of several tables, use TABLE=HASH,RANGE.',
    ],
    [
      ['a.json', '--key', ',sk'],
      '--key ",sk": use one attribute name, or two as HASH,RANGE. For one of several tables, use TABLE=HASH,RANGE.',
    ],
    [
      ['a.json', '--key', 'id,id'],
      '--key "id,id": use one attribute name, or two as HASH,RANGE. For one of several tables, use TABLE=HASH,RANGE.',
    ],
    [
      ['a.json', '--key', 'a,b,c'],
      '--key "a,b,c": use one attribute name, or two as HASH,RANGE. For one of several tables, use TABLE=HASH,RANGE.',
    ],
    [['a.json', '--key'], '--key needs a value: --key [TABLE=]HASH[,RANGE].'],
    [
      ['--dynamodb', 'aws', '--endpoint-url', 'http://localhost:8000'],
      '--dynamodb and --endpoint-url cannot be used together.',
    ],
    [['--help=yes'], '--help takes no value, not "yes".'],
  ])('rejects %j with a reason', (args, message) => {
    expect(() => parseArguments(args)).toThrow(new UsageError(message));
  });
});

describe('USAGE', () => {
  it('fits into 80 columns', () => {
    for (const line of USAGE.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
