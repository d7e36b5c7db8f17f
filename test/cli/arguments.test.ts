import { UsageError } from 'command-line';
import { parseArguments, USAGE, type Arguments } from '../../src/cli/arguments';

const DEFAULTS: Arguments = { help: false, file: undefined, key: { hash: 'id' } };

describe('parseArguments', () => {
  it.each<[string[], Partial<Arguments>]>([
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
  ])('parses %j', (args, expected) => {
    expect(parseArguments(args)).toEqual({ ...DEFAULTS, ...expected });
  });

  it.each<[string[], string]>([
    [['a.json', 'b.json', 'c.json'], 'only one FILE is accepted; remove b.json c.json'],
    [['--key', 'sku'], '--key needs a FILE: it names the key attributes of the items in that file'],
    [['a.json', '--key='], '--key "": use one attribute name, or two as HASH,RANGE'],
    [['a.json', '--key', 'pk,'], '--key "pk,": use one attribute name, or two as HASH,RANGE'],
    [['a.json', '--key', ',sk'], '--key ",sk": use one attribute name, or two as HASH,RANGE'],
    [['a.json', '--key', 'id,id'], '--key "id,id": use one attribute name, or two as HASH,RANGE'],
    [['a.json', '--key', 'a,b,c'], '--key "a,b,c": use one attribute name, or two as HASH,RANGE'],
    [['a.json', '--key'], "Option '--key <value>' argument missing"],
    [['--port', '3001'], "Unknown option '--port'"],
    [['--help=yes'], "Option '-h, --help' does not take an argument"],
  ])('rejects %j with a reason and the usage text', (args, message) => {
    const parse = () => parseArguments(args);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
    expect(parse).toThrow(USAGE);
  });
});
