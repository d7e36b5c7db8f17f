import fc from 'fast-check';
import {
  matchesOrigin,
  isOrigin,
  parseOriginPattern,
  type OriginIssue,
  type OriginPattern,
} from '../src/origin';

function patternOf(entry: string): OriginPattern {
  const parsed = parseOriginPattern(entry);
  if ('scheme' in parsed) return parsed;
  throw new Error(`${entry} was refused: ${parsed.reason}`);
}

function faultOf(entry: string): OriginIssue {
  const parsed = parseOriginPattern(entry);
  if ('reason' in parsed) return parsed;
  throw new Error(`${entry} was accepted`);
}

const NULL = /sandboxed page/;
const NOT_BARE = /no path, not even a trailing slash/;
const WRITTEN_DIFFERENTLY = /browsers write this origin differently/;
const WILDCARD = /only be the whole leftmost label/;
const NO_ORIGIN = /it is no origin/;

const WRITE_AN_ORIGIN = 'Write scheme, host and, where it is not the default, port: http://localhost:5173';
const WRITE_A_WILDCARD = 'Write https://*.example.com, or list each origin';

describe('an allow-list entry', () => {
  test.each<[string, OriginPattern]>([
    ['http://localhost:5173', { scheme: 'http', host: 'localhost', port: '5173', subdomains: false }],
    ['https://example.com', { scheme: 'https', host: 'example.com', port: '', subdomains: false }],
    ['https://*.example.com', { scheme: 'https', host: 'example.com', port: '', subdomains: true }],
    ['https://*.example.com:8443', { scheme: 'https', host: 'example.com', port: '8443', subdomains: true }],
    ['http://*.localhost:3000', { scheme: 'http', host: 'localhost', port: '3000', subdomains: true }],
    ['http://127.0.0.1:8080', { scheme: 'http', host: '127.0.0.1', port: '8080', subdomains: false }],
    ['http://[::1]:3000', { scheme: 'http', host: '[::1]', port: '3000', subdomains: false }],
    ['capacitor://localhost', { scheme: 'capacitor', host: 'localhost', port: '', subdomains: false }],
    ['chrome-extension://abc', { scheme: 'chrome-extension', host: 'abc', port: '', subdomains: false }],
    ['https://xn--bcher-kva.de', { scheme: 'https', host: 'xn--bcher-kva.de', port: '', subdomains: false }],
    ['http://example.com:443', { scheme: 'http', host: 'example.com', port: '443', subdomains: false }],
  ])('can be %s', (entry, pattern) => {
    expect(parseOriginPattern(entry)).toEqual(pattern);
  });

  test.each<[string, RegExp, string]>([
    ['null', NULL, 'Serve the page over http and allow its origin'],
    ['NULL', NULL, 'Serve the page over http and allow its origin'],

    ['https://example.com/', NOT_BARE, 'Write https://example.com'],
    ['http://localhost:5173/', NOT_BARE, 'Write http://localhost:5173'],
    ['https://example.com/records', NOT_BARE, 'Write https://example.com'],
    ['https://example.com?a=b', NOT_BARE, 'Write https://example.com'],
    ['https://example.com#top', NOT_BARE, 'Write https://example.com'],
    ['https://user@example.com', NOT_BARE, 'Write https://example.com'],
    ['https://user:word@example.com:8443', NOT_BARE, 'Write https://example.com:8443'],
    ['https://*.example.com/', NOT_BARE, 'Write https://*.example.com'],
    ['https://*.example.com:8443/a?b', NOT_BARE, 'Write https://*.example.com:8443'],
    ['https://example.com/?next=https://*.example.org', NOT_BARE, 'Write https://example.com'],

    ['https://Example.com', WRITTEN_DIFFERENTLY, 'Write https://example.com'],
    ['HTTPS://example.com', WRITTEN_DIFFERENTLY, 'Write https://example.com'],
    ['https://*.Example.com', WRITTEN_DIFFERENTLY, 'Write https://*.example.com'],
    ['https://example.com:443', WRITTEN_DIFFERENTLY, 'Write https://example.com'],
    ['http://example.com:80', WRITTEN_DIFFERENTLY, 'Write http://example.com'],
    ['https://*.example.com:443', WRITTEN_DIFFERENTLY, 'Write https://*.example.com'],
    ['http://localhost:03000', WRITTEN_DIFFERENTLY, 'Write http://localhost:3000'],
    ['https://bücher.de', WRITTEN_DIFFERENTLY, 'Write https://xn--bcher-kva.de'],
    ['https://*.bücher.de', WRITTEN_DIFFERENTLY, 'Write https://*.xn--bcher-kva.de'],
    ['http://127.1:3000', WRITTEN_DIFFERENTLY, 'Write http://127.0.0.1:3000'],
    ['http://[0:0::1]', WRITTEN_DIFFERENTLY, 'Write http://[::1]'],

    ['https://app.*.example.com', WILDCARD, WRITE_A_WILDCARD],
    ['https://*.*.example.com', WILDCARD, WRITE_A_WILDCARD],
    ['https://app-*.example.com', WILDCARD, WRITE_A_WILDCARD],
    ['https://*app.example.com', WILDCARD, WRITE_A_WILDCARD],
    ['https://*', WILDCARD, WRITE_A_WILDCARD],
    ['*.example.com', WILDCARD, WRITE_A_WILDCARD],
    ['*://example.com', WILDCARD, WRITE_A_WILDCARD],
    ['http*://example.com', WILDCARD, WRITE_A_WILDCARD],
    ['http://localhost:*', WILDCARD, WRITE_A_WILDCARD],
    ['https://*.example.com:*', WILDCARD, WRITE_A_WILDCARD],

    ['', NO_ORIGIN, WRITE_AN_ORIGIN],
    ['example.com', NO_ORIGIN, WRITE_AN_ORIGIN],
    ['//example.com', NO_ORIGIN, WRITE_AN_ORIGIN],
    ['localhost:5173', NO_ORIGIN, WRITE_AN_ORIGIN],
    ['https://', NO_ORIGIN, WRITE_AN_ORIGIN],
    ['https://*.', NO_ORIGIN, WRITE_AN_ORIGIN],
    ['https://exam ple.com', NO_ORIGIN, WRITE_AN_ORIGIN],
    ['https://example.com:99999', NO_ORIGIN, WRITE_AN_ORIGIN],
    ['file:///', NO_ORIGIN, WRITE_AN_ORIGIN],
    ['mailto:someone@example.com', NO_ORIGIN, WRITE_AN_ORIGIN],
  ])('cannot be %j, and the fault says how to mend it', (entry, reason, fix) => {
    const fault = faultOf(entry);
    expect(fault.reason).toMatch(reason);
    expect(fault.fix).toBe(fix);
  });

  test('that is a URL is mended by the origin of that URL', () => {
    // Of a wildcard, the fault says where it can stand.
    const urls = fc
      .webUrl({ withQueryParameters: true, withFragments: true })
      .filter((url) => !url.includes('*'));
    fc.assert(
      fc.property(urls, (url) => {
        const { origin, href } = new URL(url);
        expect(faultOf(href).fix).toBe(`Use ${origin}`);
        expect(matchesOrigin(patternOf(origin), origin)).toBe(true);
      }),
    );
  });
});

describe('an exact entry', () => {
  test.each([
    ['http://localhost:5173', 'http://localhost:5173'],
    ['https://example.com', 'https://example.com'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['capacitor://localhost', 'capacitor://localhost'],
  ])('%s admits %s', (entry, origin) => {
    expect(matchesOrigin(patternOf(entry), origin)).toBe(true);
  });

  test.each([
    ['http://localhost:5173', 'https://localhost:5173', 'another scheme'],
    ['http://localhost:5173', 'http://127.0.0.1:5173', 'another name of the host'],
    ['http://localhost:5173', 'http://localhost:5174', 'another port'],
    ['http://localhost:5173', 'http://localhost', 'no port'],
    ['http://localhost', 'http://localhost:5173', 'a port'],
    ['https://example.com', 'https://app.example.com', 'a subdomain'],
    ['https://example.com', 'https://example.com.evil', 'a longer host'],
    ['https://example.com', 'https://evil-example.com', 'a longer label'],
    ['https://example.com', 'https://exampleXcom', 'a dot for any character'],
    ['https://example.com', 'https://example.com/', 'a path'],
    ['https://example.com', 'https://Example.com', 'upper case'],
    ['https://example.com', 'https://example.com, https://example.com', 'a list'],
    ['https://example.com', 'null', 'the opaque origin'],
    ['https://example.com', '', 'no origin at all'],
  ])('%s does not admit %s: %s', (entry, origin) => {
    expect(matchesOrigin(patternOf(entry), origin)).toBe(false);
  });
});

describe('a wildcard entry', () => {
  test.each([
    ['https://*.example.com', 'https://app.example.com'],
    ['https://*.example.com', 'https://a.b.c.example.com'],
    ['https://*.example.com', 'https://xn--bcher-kva.example.com'],
    ['https://*.example.com:8443', 'https://app.example.com:8443'],
    ['http://*.localhost:3000', 'http://tenant.localhost:3000'],
  ])('%s admits %s', (entry, origin) => {
    expect(matchesOrigin(patternOf(entry), origin)).toBe(true);
  });

  test.each([
    ['https://*.example.com', 'https://example.com', 'the apex'],
    ['https://*.example.com', 'https://evil-example.com', 'a host that merely ends so'],
    ['https://*.example.com', 'https://app.example.com.evil', 'a host that merely begins so'],
    ['https://*.example.com', 'http://app.example.com', 'another scheme'],
    ['https://*.example.com', 'https://app.example.com:8443', 'a port'],
    ['https://*.example.com', 'https://app.example.com:443', 'the default port'],
    ['https://*.example.com:8443', 'https://app.example.com', 'no port'],
    ['https://*.example.com:8443', 'https://app.example.com:84430', 'a longer port'],
    ['https://*.example.com', 'https://App.example.com', 'upper case'],
    ['https://*.example.com', 'HTTPS://app.example.com', 'an upper-case scheme'],
    ['https://*.example.com', 'https://bücher.example.com', 'a name that is not in punycode'],
    ['https://*.example.com', 'https://app.example.com/', 'a path'],
    ['https://*.example.com', 'https://evil/.example.com', 'the host in a path'],
    ['https://*.example.com', 'https://evil?.example.com', 'the host in a query'],
    ['https://*.example.com', 'https://evil#.example.com', 'the host in a fragment'],
    ['https://*.example.com', 'https://evil\\.example.com', 'the host after a backslash'],
    ['https://*.example.com', 'https://evil@app.example.com', 'a user'],
    ['https://*.example.com', 'https://evil%2f.example.com', 'an escaped slash'],
    ['https://*.example.com', 'https://a.example.com, https://b.example.com', 'a list'],
    ['https://*.example.com', 'https://evil.com,https://app.example.com', 'a list without spaces'],
    ['https://*.example.com', 'null', 'the opaque origin'],
    ['https://*.example.com', '', 'no origin at all'],
  ])('%s does not admit %s: %s', (entry, origin) => {
    expect(matchesOrigin(patternOf(entry), origin)).toBe(false);
  });
});

describe('what an Origin header says', () => {
  test.each(['http://localhost:5173', 'https://example.com', 'http://[::1]:3000', 'capacitor://localhost'])(
    '%s is an origin that an allow-list can name',
    (text) => {
      expect(isOrigin(text)).toBe(true);
    },
  );

  test.each([
    'null',
    '',
    '*',
    'https://*.example.com',
    'https://a, https://b',
    'https://Example.com',
    'evil',
  ])('%j is none', (text) => {
    expect(isOrigin(text)).toBe(false);
  });
});
