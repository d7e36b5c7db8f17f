/** Verdicts for simulated servers: cases that do not run in Chromium, and the texts of steps. */
import type { Header, PageCall, RequestResult, OutgoingRequest, Transport } from '../src/diagnosis';
import { diagnose } from '../src/verdict/diagnose';

const CALL: PageCall = {
  url: 'https://api.example/records',
  origin: 'https://page.example',
  method: 'GET',
  headers: [],
  body: undefined,
  credentials: 'same-origin',
  reads: [],
};

const ANY: Header = ['Access-Control-Allow-Origin', '*'];

function responseWith(headers: readonly Header[], status = 200): RequestResult {
  return { kind: 'response', status, headers, body: '' };
}

/** Records the requests, and returns one response to preflights and one to other requests. */
function server(request: RequestResult, preflight: RequestResult = request) {
  const sent: OutgoingRequest[] = [];
  const transport: Transport = (one) => {
    sent.push(one);
    return Promise.resolve(one.purpose === 'preflight' ? preflight : request);
  };
  return { sent, transport };
}

const NOTHING_SENT: Transport = () => Promise.reject(new Error('nothing must be sent'));

describe('diagnose, before it sends anything', () => {
  it.each<[string, Partial<PageCall>, string]>([
    ['an invalid URL', { url: '/records' }, 'URL'],
    ['a URL with a password', { url: 'https://user:password@api.example/' }, 'URL: user and password'],
    ['a scheme other than http and https', { url: 'file:///etc/hostname' }, 'URL: scheme'],
    ['a port that browsers block', { url: 'https://api.example:6667/' }, 'URL: port'],
    ['http from a web page on https', { url: 'http://api.example/' }, 'URL: mixed content'],
    [
      'http to a local address from a web page on https, in Firefox',
      { url: 'http://192.168.1.2/', browser: 'firefox' },
      'URL: mixed content',
    ],
    ['a method that web pages cannot send', { method: 'trace' }, 'method'],
    ['an invalid method', { method: 'A B' }, 'method'],
    ['an invalid header name', { headers: [['A B', '']] }, 'headers'],
    ['an invalid header value', { headers: [['A', 'b\r\nc']] }, 'headers'],
    ['GET with a body', { body: '' }, 'body'],
  ])('blocks %s', async (_, call, name) => {
    const { verdict, error, steps } = await diagnose({ ...CALL, ...call }, NOTHING_SENT);
    expect([verdict, error]).toEqual(['blocked', undefined]);
    expect(steps.at(-1)).toMatchObject({ name, passed: false });
  });

  it.each(['http://localhost:3000/', 'http://127.0.0.1/', 'http://[::1]:3000/', 'http://api.localhost/'])(
    'allows %s from a web page on https',
    async (url) => {
      const call = { ...CALL, url, allowsLocalNetwork: true };
      const { verdict } = await diagnose(call, server(responseWith([ANY])).transport);
      expect(verdict).toBe('allowed');
    },
  );
});

describe('diagnose, from a public web page to the local network', () => {
  it.each([
    ['https://app.example.com', 'http://localhost:3000/', 'LocalNetworkAccessPermissionDenied', 'loopback'],
    ['https://app.example.com', 'http://api.localhost/', 'LocalNetworkAccessPermissionDenied', 'loopback'],
    ['https://app.example.com', 'https://[::1]/', 'LocalNetworkAccessPermissionDenied', 'loopback'],
    ['https://app.example.com', 'https://192.168.1.2/', 'LocalNetworkAccessPermissionDenied', 'local'],
    ['https://app.example.com', 'https://printer.local/', 'LocalNetworkAccessPermissionDenied', 'local'],
    ['https://app.example.com', 'https://[fd00::1]/', 'LocalNetworkAccessPermissionDenied', 'local'],
    ['http://app.example.com', 'http://127.0.0.1:3000/', 'InsecureLocalNetwork', 'loopback'],
    ['http://app.example.com', 'http://10.0.0.1/', 'InsecureLocalNetwork', 'local'],
    ['http://1.2.3.4', 'http://localhost/', 'InsecureLocalNetwork', 'loopback'],
  ])('blocks a web page of %s that calls %s, with the error %s', async (origin, url, name, space) => {
    const { verdict, error, steps } = await diagnose({ ...CALL, origin, url }, NOTHING_SENT);
    expect([verdict, error?.name]).toEqual(['blocked', name]);
    expect(error?.words).toContain(`\`${space}\``);
    expect(steps.at(-1)).toMatchObject({ name: 'URL: local network', passed: false });
  });

  it('blocks a redirect from a public server', async () => {
    const { sent, transport } = server(responseWith([ANY, ['Location', 'https://127.0.0.1/']], 302));
    const { verdict, error } = await diagnose(CALL, transport);
    expect([verdict, error?.name, sent.length]).toEqual(['blocked', 'LocalNetworkAccessPermissionDenied', 1]);
  });

  it('blocks a web page without https although the user cannot be asked', async () => {
    const call = {
      ...CALL,
      origin: 'http://app.example.com',
      url: 'http://localhost/',
      allowsLocalNetwork: true,
    };
    expect((await diagnose(call, NOTHING_SENT)).verdict).toBe('blocked');
  });

  it.each<Partial<PageCall>>([
    { origin: 'http://localhost:5173', url: 'http://127.0.0.1:3000/' },
    { origin: 'http://localhost:5173', url: 'https://api.example.com/' },
    { origin: 'http://192.168.1.2', url: 'http://localhost:3000/' },
    { origin: 'http://app.test', url: 'http://localhost:3000/' },
    { origin: 'null', url: 'http://localhost:3000/' },
    { origin: 'capacitor://localhost', url: 'http://localhost:3000/' },
    { origin: 'http://app.example.com', url: 'http://localhost:3000/', browser: 'firefox' },
  ])('allows %j', async (call) => {
    const { verdict } = await diagnose({ ...CALL, ...call }, server(responseWith([ANY])).transport);
    expect(verdict).toBe('allowed');
  });
});

describe('a request of diagnose', () => {
  it('follows the preflight that a browser sends', async () => {
    const { sent, transport } = server(responseWith([ANY, ['Access-Control-Allow-Headers', '*']]));
    const headers: Header[] = [
      ['X-B', '1'],
      ['Content-Type', 'application/json'],
      ['Cookie', 'a'],
      ['x-a', ' 1 '],
      ['X-A', '2'],
    ];
    await diagnose({ ...CALL, method: 'post', headers, body: '{}', url: `${CALL.url}#part` }, transport);
    expect(sent.map(({ purpose, url, method, body }) => [purpose, method, url, body])).toEqual([
      ['preflight', 'OPTIONS', CALL.url, undefined],
      ['request', 'POST', CALL.url, '{}'],
    ]);
    expect(sent[0]?.headers).toEqual(
      expect.arrayContaining([
        ['Origin', 'https://page.example'],
        ['Access-Control-Request-Method', 'POST'],
        ['Access-Control-Request-Headers', 'content-type,x-a,x-b'],
      ]),
    );
    expect(sent[1]?.headers).toEqual(
      expect.arrayContaining([
        ['Origin', 'https://page.example'],
        ['X-B', '1'],
        ['Content-Type', 'application/json'],
        ['X-A', '1, 2'],
      ]),
    );
  });

  it('includes the Content-Type of a text body', async () => {
    const { sent, transport } = server(responseWith([ANY]));
    await diagnose({ ...CALL, method: 'POST', body: 'a' }, transport);
    expect(sent[0]?.headers).toContainEqual(['Content-Type', 'text/plain;charset=UTF-8']);
  });

  it('has no Origin header for a same-origin GET', async () => {
    const { sent, transport } = server(responseWith([]));
    await diagnose({ ...CALL, origin: 'https://api.example', headers: [['X-A', '1']] }, transport);
    expect(sent[0]?.headers.map(([name]) => name)).not.toContain('Origin');
  });
});

describe('diagnose, without a response', () => {
  it.each(['dns', 'refused', 'tls', 'timeout', 'broken'] as const)(
    'returns the verdict unknown after the failure %s',
    async (failure) => {
      const { transport } = server({ kind: 'failure', failure, message: 'no\nresponse' });
      const { verdict, error, steps } = await diagnose(CALL, transport);
      expect([verdict, error]).toEqual(['unknown', undefined]);
      expect(steps.at(-1)).toMatchObject({
        name: 'response: received',
        received: `${failure}: no\\x0aresponse`,
      });
    },
  );

  it.each(['not-http', 'invalid-http'] as const)(
    'returns the verdict blocked after the failure %s',
    async (failure) => {
      const { transport } = server({ kind: 'failure', failure, message: 'it begins with "SSH-2.0"' });
      const { verdict, error, steps } = await diagnose(CALL, transport);
      expect([verdict, error]).toEqual(['blocked', undefined]);
      expect(steps.at(-1)).toMatchObject({
        name: 'response: valid HTTP',
        received: `${failure}: it begins with "SSH-2.0"`,
      });
    },
  );

  it('returns blocked when the preflight failed and the request has no response', async () => {
    const gone: RequestResult = { kind: 'failure', failure: 'timeout', message: '' };
    const { transport } = server(gone, responseWith([], 403));
    expect((await diagnose({ ...CALL, method: 'PUT' }, transport)).verdict).toBe('blocked');
  });
});

describe('steps', () => {
  it('are in the order of a browser and end with the failed one', async () => {
    const preflight = responseWith([
      ['Access-Control-Allow-Origin', 'https://page.example'],
      ['Access-Control-Allow-Credentials', 'true'],
    ]);
    const { steps } = await diagnose(
      { ...CALL, method: 'DELETE', credentials: 'include' },
      server(responseWith([]), preflight).transport,
    );
    expect(steps.slice(-6).map(({ name, passed, received }) => [name, passed, received])).toEqual([
      ['request: to another origin', true, 'yes, https://api.example from https://page.example'],
      ['request: with a preflight', true, 'yes, because of method DELETE'],
      ['preflight: Access-Control-Allow-Origin', true, 'https://page.example'],
      ['preflight: Access-Control-Allow-Credentials', true, 'true'],
      ['preflight: status', true, '200'],
      ['preflight: Access-Control-Allow-Methods', false, 'missing'],
    ]);
  });

  it('list the headers that web pages cannot set', async () => {
    const call = {
      ...CALL,
      headers: [
        ['Cookie', 'a'],
        ['Host', 'b'],
      ] as const,
    };
    const { steps } = await diagnose(call, server(responseWith([ANY])).transport);
    expect(steps.find(({ name }) => name === 'headers: forbidden for web pages')?.received).toBe(
      'dropped: Cookie, Host',
    );
  });

  it('show whether the web page can read each header, without changing the verdict', async () => {
    const headers: Header[] = [
      ANY,
      ['ETag', 'a'],
      ['Content-Type', 'a/b'],
      ['X-Seen', '1'],
      ['Access-Control-Expose-Headers', 'x-seen'],
    ];
    const reads = ['ETag', 'content-type', 'X-Seen', 'X-Absent'];
    const { verdict, steps, exposed } = await diagnose(
      { ...CALL, reads },
      server(responseWith(headers)).transport,
    );
    expect([verdict, exposed]).toEqual(['allowed', ['content-type', 'x-seen']]);
    expect(steps.slice(-4).map(({ passed, received }) => [passed, received])).toEqual([
      [false, 'Access-Control-Expose-Headers: x-seen'],
      [true, 'Access-Control-Expose-Headers: x-seen'],
      [true, 'Access-Control-Expose-Headers: x-seen'],
      [false, 'no X-Absent in the response'],
    ]);
  });
});

it('shows no password of the URL', async () => {
  const diagnosis = await diagnose({ ...CALL, url: 'https://user:secret@api.example/' }, NOTHING_SENT);
  expect(JSON.stringify(diagnosis)).not.toContain('secret');
});

it('follows at most twenty redirects', async () => {
  const { sent, transport } = server(responseWith([ANY, ['Location', '/again']], 302));
  const { verdict, steps } = await diagnose(CALL, transport);
  expect([verdict, sent.length]).toEqual(['blocked', 21]);
  expect(steps.at(-1)).toMatchObject({ name: 'redirect: number', passed: false, received: '21' });
});

it('blocks a redirect from https to http', async () => {
  const { transport } = server(responseWith([ANY, ['Location', 'http://api.example/']], 302));
  const { verdict, error, steps } = await diagnose(CALL, transport);
  expect([verdict, error, steps.at(-1)?.name]).toEqual(['blocked', undefined, 'URL: mixed content']);
});

it('escapes control characters in header values', async () => {
  const { transport } = server(responseWith([['Access-Control-Allow-Origin', 'https://\u001b[31mx\u009b']]));
  const { error, steps } = await diagnose(CALL, transport);
  expect(steps.at(-1)?.received).toBe('https://\\x1b[31mx\\x9b');
  expect(error?.words).toContain("'https://\\u001B[31mx\\u009B'");
});
