import { formatOptions, nearest, parseOptions, UsageError } from '../src/index';

const TABLE = {
  port: { value: 'PORT', variable: 'PORT', help: 'port to listen on' },
  header: { value: 'NAME', multiple: true, help: 'a header' },
  verbose: { short: 'v', help: 'print more' },
} as const;

describe('parseOptions', () => {
  it('returns values, lists of values, switches and positionals', () => {
    const args = ['a', '--port', '1', '--header', 'x', '--header=y', '-v', 'b'];
    expect(parseOptions(args, TABLE)).toEqual({
      values: { port: '1', header: ['x', 'y'], verbose: true },
      positionals: ['a', 'b'],
    });
  });

  it('takes everything after -- as positional', () => {
    expect(parseOptions(['--', '--port'], TABLE)).toEqual({ values: {}, positionals: ['--port'] });
  });

  it('accepts the same value twice', () => {
    expect(parseOptions(['--port', '1', '--port', '1'], TABLE).values).toEqual({ port: '1' });
  });

  it('accepts a value that begins with - after =', () => {
    expect(parseOptions(['--port=-1'], TABLE).values).toEqual({ port: '-1' });
  });

  it.each([
    [['--prot', '1'], 'Unknown option "--prot". Did you mean --port?'],
    [['--prot=1'], 'Unknown option "--prot" with the value "1". Did you mean --port?'],
    [['--constructor'], 'Unknown option "--constructor". See --help for all options.'],
    [['-x'], 'Unknown option "-x". See --help for all options.'],
    [['--port'], '--port needs a value: --port PORT.'],
    [
      ['--port', '--verbose'],
      '--port needs a value: --port PORT. "--verbose" is another option; write --port=VALUE if it is the value.',
    ],
    [['--verbose=yes'], '--verbose takes no value, not "yes".'],
    [['--port', '1', '--port', '2'], '--port is given twice, with "1" and "2". Remove one of them.'],
  ])('rejects %j', (args, message) => {
    expect(() => parseOptions(args, TABLE)).toThrow(new UsageError(message));
  });
});

describe('parseOptions with hideValues', () => {
  it.each([
    [['--prot=secret'], 'Unknown option "--prot" with the value (not shown). Did you mean --port?'],
    [['--verbose=secret'], '--verbose takes no value, not (not shown).'],
    [
      ['--port', 'secret', '--port', 'other'],
      '--port is given twice, with (not shown) and (not shown). Remove one of them.',
    ],
    [
      ['--port', '-secret'],
      '--port needs a value: --port PORT. (not shown) is another option; write --port=VALUE if it is the value.',
    ],
  ])('rejects %j without repeating the value', (args, message) => {
    expect(() => parseOptions(args, TABLE, { hideValues: true })).toThrow(new UsageError(message));
  });
});

describe('formatOptions', () => {
  it('aligns the options and names their environment variables', () => {
    expect(formatOptions(TABLE)).toBe(
      [
        '  --port PORT    port to listen on [env PORT]',
        '  --header NAME  a header [can be repeated]',
        '  -v, --verbose  print more',
        '',
      ].join('\n'),
    );
  });

  it('wraps long descriptions below their beginning', () => {
    const help = 'word '.repeat(40).trim();
    const lines = formatOptions({ port: { help } }).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines[1]).toMatch(/^ {10}word/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('nearest', () => {
  it.each([
    ['TABLENAME', 'TABLE_NAME'],
    ['table-name', 'TABLE_NAME'],
    ['SCAN_MAX_CONCURENT', 'SCAN_MAX_CONCURRENT'],
    ['PATH', undefined],
    ['x'.repeat(1000), undefined],
  ])('finds for %s: %s', (name, expected) => {
    expect(nearest(name, ['TABLE_NAME', 'SCAN_MAX_CONCURRENT'])).toBe(expected);
  });
});
