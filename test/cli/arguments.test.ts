import { UsageError } from 'command-line';
import { parseArguments, USAGE, type ServeArguments, type TypesArguments } from '../../src/cli/arguments';

const DEFAULTS: ServeArguments = {
  kind: 'serve',
  file: undefined,
  key: { hash: 'id' },
  wait: false,
  open: false,
  settings: new Map(),
};

describe('parseArguments', () => {
  it.each<[string[], Partial<ServeArguments>]>([
    [[], {}],
    [['serve'], {}],
    [['records.json'], { file: 'records.json' }],
    [['serve', 'records.json'], { file: 'records.json' }],
    [['serve', 'serve'], { file: 'serve' }],
    [['--', '--odd-name.json'], { file: '--odd-name.json' }],
    [['records.json', '--key', 'sku'], { file: 'records.json', key: { hash: 'sku' } }],
    [['--key', 'sku', 'records.json'], { file: 'records.json', key: { hash: 'sku' } }],
    [['--key=sku', 'records.json'], { file: 'records.json', key: { hash: 'sku' } }],
    [['a.json', '--key', 'pk,sk'], { file: 'a.json', key: { hash: 'pk', range: 'sk' } }],
    [['a.json', '--key=order date,line#'], { file: 'a.json', key: { hash: 'order date', range: 'line#' } }],
    [['--wait', '--open'], { wait: true, open: true }],
  ])('parses %j', (args, expected) => {
    expect(parseArguments(args)).toEqual({ ...DEFAULTS, ...expected });
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
    [['types', 'records.json', '--key', 'sku'], { file: 'records.json', key: { hash: 'sku' } }],
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
    [['a.json', 'b.json', 'c.json'], 'Only one FILE is accepted. Remove b.json c.json.'],
    [['--numbers', 'string'], '--numbers and --sample belong to the command types: scan-records types.'],
    [
      ['types', '--numbers', 'bigint'],
      '--numbers "bigint": use number, string, bigint-when-unsafe, the mode of the client.',
    ],
    [['types', '--sample', '0'], '--sample "0": use a whole number from 1 to 999999.'],
    [['--table', 'a', '--table-name', 'b'], '--table-name and --table cannot be used together.'],
    [['--key', 'sku'], '--key needs a FILE: it names the key attributes of the items in that file.'],
    [['a.json', '--key='], '--key "": use one attribute name, or two as HASH,RANGE.'],
    [['a.json', '--key', 'pk,'], '--key "pk,": use one attribute name, or two as HASH,RANGE.'],
    [['a.json', '--key', ',sk'], '--key ",sk": use one attribute name, or two as HASH,RANGE.'],
    [['a.json', '--key', 'id,id'], '--key "id,id": use one attribute name, or two as HASH,RANGE.'],
    [['a.json', '--key', 'a,b,c'], '--key "a,b,c": use one attribute name, or two as HASH,RANGE.'],
    [['a.json', '--key'], '--key needs a value: --key HASH[,RANGE].'],
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
