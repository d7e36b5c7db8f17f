/** Tests which methods and headers need no preflight, and which ones web pages cannot send. */
import { isForbiddenMethod } from 'cors-policy';
import type { Header } from '../src/diagnosis';
import { headerOf, parseNameList } from '../src/headers';
import { isForbiddenHeader } from '../src/verdict/forbidden';
import { normalizeMethod } from '../src/verdict/browserRequest';
import {
  essenceOf,
  isSafelistedHeader,
  isSafelistedMethod,
  unsafeHeaderNames,
} from '../src/verdict/safelist';

const long = (length: number) => 'a'.repeat(length);

describe('methods', () => {
  it.each([
    ['get', 'GET', true],
    ['Head', 'HEAD', true],
    ['post', 'POST', true],
    ['put', 'PUT', false],
    ['delete', 'DELETE', false],
    ['options', 'OPTIONS', false],
    ['patch', 'patch', false],
    ['PATCH', 'PATCH', false],
    ['query', 'query', false],
  ])('sends %s as %s; safelisted: %s', (method, sent, safelisted) => {
    expect(normalizeMethod(method)).toBe(sent);
    expect(isSafelistedMethod(sent)).toBe(safelisted);
  });

  it.each(['CONNECT', 'trace', 'Track'])('rejects the forbidden method %s', (method) => {
    expect(isForbiddenMethod(method)).toBe(true);
  });
});

describe('request headers', () => {
  it.each<[...Header, boolean]>([
    ['Accept', 'text/html, */*;q=0.1', true],
    ['Accept', 'a"b', false],
    ['Accept', 'a\tb', true],
    ['Accept', 'a\x7fb', false],
    ['Accept', 'ä', true],
    ['Accept-Language', 'de-CH, *;q=0.5', true],
    ['Accept-Language', 'de_CH', false],
    ['Content-Language', 'ä', false],
    ['Content-Type', 'text/plain', true],
    ['CONTENT-TYPE', 'Text/Plain; charset=utf-8', true],
    ['Content-Type', 'multipart/form-data; boundary=a', true],
    ['Content-Type', 'application/x-www-form-urlencoded', true],
    ['Content-Type', 'application/json', false],
    ['Content-Type', 'text/plain; a="b"', false],
    ['Content-Type', 'text/plain, text/plain', false],
    ['Content-Type', '', false],
    ['Range', 'bytes=0-', true],
    ['Range', 'bytes=1-1', true],
    ['Range', 'bytes=2-1', false],
    ['Range', 'bytes=-1', false],
    ['Range', 'bytes=0-1,3-4', false],
    ['Range', 'bytes=99999999999999999999-99999999999999999998', false],
    ['Accept', long(128), true],
    ['Accept', long(129), false],
    ['X-Requested-With', 'fetch', false],
    ['Authorization', 'a', false],
    ['constructor', 'a', false],
  ])('checks whether %s: %s is safelisted: %s', (name, value, safelisted) => {
    expect(isSafelistedHeader([name, value])).toBe(safelisted);
  });

  it.each<[string, Header[], string[]]>([
    ['none', [], []],
    [
      'in lower case, sorted by byte, without duplicates',
      [
        ['b', ''],
        ['A-z', ''],
        ['a_', ''],
        ['B', ''],
        ['a.b', ''],
      ],
      ['a-z', 'a.b', 'a_', 'b'],
    ],
    [
      'without safelisted ones',
      [
        ['Accept', 'a'],
        ['X', '1'],
      ],
      ['x'],
    ],
    [
      'with safelisted ones that are too long in total',
      [...Array.from({ length: 9 }, (): Header => ['Accept', long(128)]), ['X', '1']],
      ['accept', 'x'],
    ],
    [
      'without safelisted ones of the maximum total length',
      Array.from({ length: 8 }, (): Header => ['Accept', long(128)]),
      [],
    ],
  ])('returns the names that need a preflight: %s', (_, headers, names) => {
    expect(unsafeHeaderNames(headers)).toEqual(names);
  });

  it.each<[...Header, boolean]>([
    ['Cookie', 'a', true],
    ['ORIGIN', 'a', true],
    ['Sec-Fetch-Mode', 'a', true],
    ['Proxy-Authorization', 'a', true],
    ['X-HTTP-Method-Override', 'GET, trace', true],
    ['X-HTTP-Method-Override', 'PUT', false],
    ['X-Sec-A', 'a', false],
    ['Authorization', 'a', false],
  ])('checks whether %s: %s is forbidden: %s', (name, value, forbidden) => {
    expect(isForbiddenHeader([name, value])).toBe(forbidden);
  });

  it('drops User-Agent only in Chromium', () => {
    const browsers = ['chromium', 'firefox', 'safari'] as const;
    expect(browsers.map((browser) => isForbiddenHeader(['user-agent', 'a'], browser))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('safelists client hints only in Chromium', () => {
    expect(unsafeHeaderNames([['DPR', '2']], 'chromium')).toEqual([]);
    expect(unsafeHeaderNames([['DPR', '2']], 'firefox')).toEqual(['dpr']);
  });
});

it.each([
  ['text/plain', 'text/plain'],
  [' Text/HTML ; charset=a', 'text/html'],
  ['text/plain;', 'text/plain'],
  ['text', undefined],
  ['/plain', undefined],
  ['text/', undefined],
  ['text/plain/x', undefined],
  ['text /plain', undefined],
])('parses %j to the essence %j', (type, essence) => {
  expect(essenceOf(type)).toBe(essence);
});

describe('response headers', () => {
  it.each<[string | undefined, readonly string[] | undefined]>([
    [undefined, []],
    ['', []],
    [' , ,', []],
    ['GET', ['GET']],
    ['GET, put\t,  x-a', ['GET', 'put', 'x-a']],
    ['*', ['*']],
    ['GET PUT', undefined],
    ['GET;PUT', undefined],
    ['"GET"', undefined],
    ['GET, @', undefined],
    ['ä', undefined],
  ])('parses %j to the names %j', (value, names) => {
    expect(parseNameList(value)).toEqual(names);
  });

  it('joins repeated headers without the spaces around each value', () => {
    const headers: Header[] = [
      ['Vary', ' a\t'],
      ['X', 'x'],
      ['VARY', ''],
      ['vary', 'b'],
    ];
    expect(headerOf({ headers }, 'vary')).toBe('a, , b');
    expect(headerOf({ headers }, 'Absent')).toBeUndefined();
  });
});
