import { escapeControlCharacters, parsePairs, UsageError } from '../src/index';

describe('parsePairs', () => {
  it('splits each value at its first =', () => {
    expect(parsePairs('--env', ['A=b=c', 'EMPTY='])).toEqual({ A: 'b=c', EMPTY: '' });
  });

  it.each(['NAME', '=value', ''])('rejects %j', (pair) => {
    expect(() => parsePairs('--env', [pair])).toThrow(UsageError);
    expect(() => parsePairs('--env', [pair])).toThrow(`--env takes NAME=VALUE, not ${JSON.stringify(pair)}.`);
  });
});

describe('escapeControlCharacters', () => {
  it('makes escape sequences and direction changes visible', () => {
    expect(escapeControlCharacters('\u001b[31mred\u202e\n')).toBe('\\u001b[31mred\\u202e\\u000a');
  });

  it('leaves printable text unchanged', () => {
    expect(escapeControlCharacters('é "quoted" \\ 名前')).toBe('é "quoted" \\ 名前');
  });
});
