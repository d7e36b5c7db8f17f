import { parseArguments, USAGE, UsageError, type Arguments } from '../../src/cli/arguments';

const NOTHING: Arguments = { help: false, file: undefined, key: { hash: 'id' } };

test.each<[string[], Partial<Arguments>]>([
  [[], {}],
  [['records.json'], { file: 'records.json' }],
  [['--', '--odd-name.json'], { file: '--odd-name.json' }],
  [['records.json', '--key', 'sku'], { file: 'records.json', key: { hash: 'sku' } }],
  [['--key', 'sku', 'records.json'], { file: 'records.json', key: { hash: 'sku' } }],
  [['--key=sku', 'records.json'], { file: 'records.json', key: { hash: 'sku' } }],
  [['a.json', '--key', 'pk,sk'], { file: 'a.json', key: { hash: 'pk', range: 'sk' } }],
  [['a.json', '--key=order date,line#'], { file: 'a.json', key: { hash: 'order date', range: 'line#' } }],
  [['--help'], { help: true }],
  [['-h'], { help: true }],
])('the command line %j is understood', (args, expected) => {
  expect(parseArguments(args)).toEqual({ ...NOTHING, ...expected });
});

test.each<[string[], string]>([
  [['a.json', 'b.json', 'c.json'], 'one FILE at a time, not also b.json c.json'],
  [['--key', 'sku'], '--key names the key of a FILE, and there is none'],
  [['a.json', '--key='], '--key "": give one attribute name, or two: HASH,RANGE'],
  [['a.json', '--key', 'pk,'], '--key "pk,": give one attribute name, or two: HASH,RANGE'],
  [['a.json', '--key', ',sk'], '--key ",sk": give one attribute name, or two: HASH,RANGE'],
  [['a.json', '--key', 'id,id'], '--key "id,id": give one attribute name, or two: HASH,RANGE'],
  [['a.json', '--key', 'a,b,c'], '--key "a,b,c": give one attribute name, or two: HASH,RANGE'],
  [['a.json', '--key'], "Option '--key <value>' argument missing"],
  [['--port', '3001'], "Unknown option '--port'"],
  [['--help=yes'], "Option '-h, --help' does not take an argument"],
])('the command line %j is refused, with what it takes', (args, message) => {
  const parse = () => parseArguments(args);
  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(message);
  expect(parse).toThrow(USAGE);
});
