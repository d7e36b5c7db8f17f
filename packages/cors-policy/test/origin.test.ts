import fc from 'fast-check';
import {
  isOrigin,
  matchesOrigin,
  parseOriginPattern,
  type OriginIssue,
  type OriginPattern,
} from '../src/origin';

function patternOf(entry: string): OriginPattern {
  const parsed = parseOriginPattern(entry);
  if ('scheme' in parsed) return parsed;
  throw new Error(`${entry} was rejected: ${parsed.reason}`);
}

function issueOf(entry: string): OriginIssue {
  const parsed = parseOriginPattern(entry);
  if ('reason' in parsed) return parsed;
  throw new Error(`${entry} was accepted`);
}

const NULL = /sandboxed web page/;
const NOT_BARE = /no path, trailing slash/;
const WRITTEN_DIFFERENTLY = /browsers write this origin differently/;
const WILDCARD = /must be the whole leftmost label/;
const NOT_AN_ORIGIN = /not a valid origin/;

const USE_AN_ORIGIN = 'Use scheme, host and optional port, for example http://localhost:5173';
const USE_A_LABEL = 'Use https://*.example.com or http://localhost:*, or list each origin';
const LOOPBACK_ONLY = /any port is possible only for a loopback host/;
const USE_LOOPBACK = 'Use http://localhost:*, or write the port';

describe('parseOriginPattern', () => {
  it.each<[string, OriginPattern]>([
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
    ['http://localhost:*', { scheme: 'http', host: 'localhost', port: '*', subdomains: false }],
    ['https://127.0.0.1:*', { scheme: 'https', host: '127.0.0.1', port: '*', subdomains: false }],
    ['http://[::1]:*', { scheme: 'http', host: '[::1]', port: '*', subdomains: false }],
    ['http://*.localhost:*', { scheme: 'http', host: 'localhost', port: '*', subdomains: true }],
  ])('accepts %s', (entry, pattern) => {
    expect(parseOriginPattern(entry)).toEqual(pattern);
  });

  it.each<[string, RegExp, string]>([
    ['null', NULL, 'Serve the web page over http and allow its origin'],
    ['NULL', NULL, 'Serve the web page over http and allow its origin'],

    ['https://example.com/', NOT_BARE, 'Use https://example.com'],
    ['http://localhost:5173/', NOT_BARE, 'Use http://localhost:5173'],
    ['https://example.com/records', NOT_BARE, 'Use https://example.com'],
    ['https://example.com?a=b', NOT_BARE, 'Use https://example.com'],
    ['https://example.com#top', NOT_BARE, 'Use https://example.com'],
    ['https://user@example.com', NOT_BARE, 'Use https://example.com'],
    ['https://user:word@example.com:8443', NOT_BARE, 'Use https://example.com:8443'],
    ['https://*.example.com/', NOT_BARE, 'Use https://*.example.com'],
    ['https://*.example.com:8443/a?b', NOT_BARE, 'Use https://*.example.com:8443'],
    ['https://example.com/?next=https://*.example.org', NOT_BARE, 'Use https://example.com'],

    ['https://Example.com', WRITTEN_DIFFERENTLY, 'Use https://example.com'],
    ['HTTPS://example.com', WRITTEN_DIFFERENTLY, 'Use https://example.com'],
    ['https://*.Example.com', WRITTEN_DIFFERENTLY, 'Use https://*.example.com'],
    ['https://example.com:443', WRITTEN_DIFFERENTLY, 'Use https://example.com'],
    ['http://example.com:80', WRITTEN_DIFFERENTLY, 'Use http://example.com'],
    ['https://*.example.com:443', WRITTEN_DIFFERENTLY, 'Use https://*.example.com'],
    ['http://localhost:03000', WRITTEN_DIFFERENTLY, 'Use http://localhost:3000'],
    ['https://bücher.de', WRITTEN_DIFFERENTLY, 'Use https://xn--bcher-kva.de'],
    ['https://*.bücher.de', WRITTEN_DIFFERENTLY, 'Use https://*.xn--bcher-kva.de'],
    ['http://127.1:3000', WRITTEN_DIFFERENTLY, 'Use http://127.0.0.1:3000'],
    ['http://[0:0::1]', WRITTEN_DIFFERENTLY, 'Use http://[::1]'],

    ['https://example.com:*', LOOPBACK_ONLY, USE_LOOPBACK],
    ['http://localhost.example.com:*', LOOPBACK_ONLY, USE_LOOPBACK],
    ['http://192.168.0.1:*', LOOPBACK_ONLY, USE_LOOPBACK],
    ['http://localhost:3000:*', LOOPBACK_ONLY, USE_LOOPBACK],
    ['http://127.1:*', WRITTEN_DIFFERENTLY, 'Use http://127.0.0.1'],
    ['*:*', WILDCARD, USE_A_LABEL],

    ['https://app.*.example.com', WILDCARD, USE_A_LABEL],
    ['https://*.*.example.com', WILDCARD, USE_A_LABEL],
    ['https://app-*.example.com', WILDCARD, USE_A_LABEL],
    ['https://*app.example.com', WILDCARD, USE_A_LABEL],
    ['https://*', WILDCARD, USE_A_LABEL],
    ['*.example.com', WILDCARD, USE_A_LABEL],
    ['*://example.com', WILDCARD, USE_A_LABEL],
    ['http*://example.com', WILDCARD, USE_A_LABEL],
    ['https://*.example.com:*', LOOPBACK_ONLY, USE_LOOPBACK],

    ['', NOT_AN_ORIGIN, USE_AN_ORIGIN],
    ['example.com', NOT_AN_ORIGIN, USE_AN_ORIGIN],
    ['//example.com', NOT_AN_ORIGIN, USE_AN_ORIGIN],
    ['localhost:5173', NOT_AN_ORIGIN, USE_AN_ORIGIN],
    ['https://', NOT_AN_ORIGIN, USE_AN_ORIGIN],
    ['https://*.', NOT_AN_ORIGIN, USE_AN_ORIGIN],
    ['https://exam ple.com', NOT_AN_ORIGIN, USE_AN_ORIGIN],
    ['https://example.com:99999', NOT_AN_ORIGIN, USE_AN_ORIGIN],
    ['file:///', NOT_AN_ORIGIN, USE_AN_ORIGIN],
    ['mailto:someone@example.com', NOT_AN_ORIGIN, USE_AN_ORIGIN],
  ])('rejects %j with a reason and a fix', (entry, reason, fix) => {
    const issue = issueOf(entry);
    expect(issue.reason).toMatch(reason);
    expect(issue.fix).toBe(fix);
  });

  it('suggests the origin of a URL', () => {
    // The issue of a wildcard says where wildcards are allowed instead.
    const urls = fc
      .webUrl({ withQueryParameters: true, withFragments: true })
      .filter((url) => !url.includes('*'));
    fc.assert(
      fc.property(urls, (url) => {
        const { origin, href } = new URL(url);
        expect(issueOf(href).fix).toBe(`Use ${origin}`);
        expect(matchesOrigin(patternOf(origin), origin)).toBe(true);
      }),
    );
  });
});

describe('matchesOrigin with an exact entry', () => {
  it.each([
    ['http://localhost:5173', 'http://localhost:5173'],
    ['https://example.com', 'https://example.com'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['capacitor://localhost', 'capacitor://localhost'],
  ])('%s matches %s', (entry, origin) => {
    expect(matchesOrigin(patternOf(entry), origin)).toBe(true);
  });

  it.each([
    ['http://localhost:5173', 'https://localhost:5173', 'another scheme'],
    ['http://localhost:5173', 'http://127.0.0.1:5173', 'another name of the host'],
    ['http://localhost:5173', 'http://localhost:5174', 'another port'],
    ['http://localhost:5173', 'http://localhost', 'no port'],
    ['http://localhost', 'http://localhost:5173', 'a port'],
    ['https://example.com', 'https://app.example.com', 'a subdomain'],
    ['https://example.com', 'https://example.com.evil', 'a longer host'],
    ['https://example.com', 'https://evil-example.com', 'a longer label'],
    ['https://example.com', 'https://exampleXcom', 'another character instead of the dot'],
    ['https://example.com', 'https://example.com/', 'a path'],
    ['https://example.com', 'https://Example.com', 'upper case'],
    ['https://example.com', 'https://example.com, https://example.com', 'a list'],
    ['https://example.com', 'null', 'the opaque origin'],
    ['https://example.com', '', 'an empty value'],
  ])('%s does not match %s: %s', (entry, origin) => {
    expect(matchesOrigin(patternOf(entry), origin)).toBe(false);
  });
});

describe('matchesOrigin with a wildcard entry', () => {
  it.each([
    ['https://*.example.com', 'https://app.example.com'],
    ['https://*.example.com', 'https://a.b.c.example.com'],
    ['https://*.example.com', 'https://xn--bcher-kva.example.com'],
    ['https://*.example.com:8443', 'https://app.example.com:8443'],
    ['http://*.localhost:3000', 'http://tenant.localhost:3000'],
  ])('%s matches %s', (entry, origin) => {
    expect(matchesOrigin(patternOf(entry), origin)).toBe(true);
  });

  it.each([
    ['https://*.example.com', 'https://example.com', 'the apex'],
    ['https://*.example.com', 'https://evil-example.com', 'a host that only ends like it'],
    ['https://*.example.com', 'https://app.example.com.evil', 'a host that only begins like it'],
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
    ['https://*.example.com', '', 'an empty value'],
  ])('%s does not match %s: %s', (entry, origin) => {
    expect(matchesOrigin(patternOf(entry), origin)).toBe(false);
  });
});

describe('matchesOrigin with an entry for any port', () => {
  it.each([
    ['http://localhost:*', 'http://localhost'],
    ['http://localhost:*', 'http://localhost:5173'],
    ['http://localhost:*', 'http://localhost:65535'],
    ['https://127.0.0.1:*', 'https://127.0.0.1:8443'],
    ['http://[::1]:*', 'http://[::1]:3000'],
    ['http://*.localhost:*', 'http://tenant.localhost:3000'],
  ])('%s matches %s', (entry, origin) => {
    expect(matchesOrigin(patternOf(entry), origin)).toBe(true);
  });

  it.each([
    ['http://localhost:*', 'https://localhost:5173', 'another scheme'],
    ['http://localhost:*', 'http://127.0.0.1:5173', 'another name of the host'],
    ['http://localhost:*', 'http://app.localhost:5173', 'a subdomain'],
    ['http://localhost:*', 'http://localhost:80', 'the default port'],
    ['http://localhost:*', 'http://localhost:05173', 'a port that no browser writes'],
    ['http://localhost:*', 'http://localhost:65536', 'a port that does not exist'],
    ['http://localhost:*', 'http://localhost:', 'an empty port'],
    ['http://localhost:*', 'http://localhost:*', 'the entry itself'],
    ['http://localhost:*', 'http://localhost.evil.example:5173', 'a longer host'],
    ['http://localhost:*', 'http://localhost:5173.evil.example', 'a port that goes on as a host'],
    ['http://localhost:*', 'http://localhost:5173@evil.example', 'a user'],
    ['http://localhost:*', 'http://localhost:5173/', 'a path'],
    ['http://localhost:*', 'null', 'the opaque origin'],
    ['http://*.localhost:*', 'http://localhost:3000', 'the apex'],
  ])('%s does not match %s: %s', (entry, origin) => {
    expect(matchesOrigin(patternOf(entry), origin)).toBe(false);
  });
});

describe('isOrigin', () => {
  it.each(['http://localhost:5173', 'https://example.com', 'http://[::1]:3000', 'capacitor://localhost'])(
    'accepts %s',
    (text) => {
      expect(isOrigin(text)).toBe(true);
    },
  );

  it.each(['null', '', '*', 'https://*.example.com', 'https://a, https://b', 'https://Example.com', 'evil'])(
    'rejects %j',
    (text) => {
      expect(isOrigin(text)).toBe(false);
    },
  );
});
