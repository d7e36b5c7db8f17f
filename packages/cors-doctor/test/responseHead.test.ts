/** Heads of responses that need https or the default port. chromium.test.ts compares all others with Chromium. */
import { parseHead } from '../src/responseHead';

function parse(text: string, { url = 'http://api.example.com/', ended = true } = {}) {
  return parseHead({ text, ended, url: new URL(url) });
}

const CUT = 'HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *';

it('accepts headers that are cut short over http, but not over https', () => {
  expect(parse(CUT)).toMatchObject({ kind: 'head', headers: [['Access-Control-Allow-Origin', '*']] });
  expect(parse(CUT, { url: 'https://api.example.com/' })).toMatchObject({
    failure: 'broken',
    netError: 'ERR_RESPONSE_HEADERS_TRUNCATED',
  });
});

it.each([
  ['http://api.example.com/', { kind: 'head', status: 200, headers: [], bytes: 0 }],
  ['http://api.example.com:8080/', { failure: 'not-http' }],
  ['https://api.example.com/', { failure: 'not-http' }],
])('takes a reply without a status line from %s for HTTP/0.9 on the default port only', (url, expected) => {
  expect(parse('<h1>Hello</h1>', { url })).toMatchObject(expected);
});

it('quotes the beginning of a reply that is not HTTP', () => {
  expect(parse('SSH-2.0-OpenSSH_9.2\r\nmore', { url: 'http://localhost:22222/' })).toMatchObject({
    message: 'The reply begins with "SSH-2.0-OpenSSH_9.2".',
  });
});

it.each(['', 'HT', 'abcdefg', CUT, `${CUT}\r\n`, 'HTTP/1.1 100 Continue\r\n\r\n'])(
  'waits for more bytes after %j',
  (text) => {
    expect(parse(text, { ended: false, url: 'http://localhost:3000/' })).toBeUndefined();
  },
);

it('returns the number of bytes before the body, informational responses included', () => {
  const informational = 'HTTP/1.1 103 Early Hints\nLink: </a>\n\n';
  const head = `${informational}${CUT}\r\n\r\n`;
  expect(parse(`${head}body`, { ended: false })).toMatchObject({ status: 200, bytes: head.length });
});
