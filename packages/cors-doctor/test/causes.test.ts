/** Tests causes that need no particular server: redirects, statuses, and headers that the web page must not send. */
import type { Header, PageCall, RequestResult } from '../src/diagnosis';
import { examine, type Examination } from '../src/examine';

const CALL: PageCall = {
  url: 'https://api.example.com/items',
  origin: 'https://app.example.com',
  method: 'POST',
  headers: [['Content-Type', 'application/json']],
  body: '{}',
  credentials: 'same-origin',
  reads: [],
};

const GET = { method: 'GET', headers: [], body: undefined } as const;

const CORS: Header[] = [
  ['Access-Control-Allow-Origin', '*'],
  ['Access-Control-Allow-Headers', 'Content-Type'],
];

/** Redirects one URL, and responds with CORS headers at all others. */
function redirecting(location: string, headers: readonly Header[] = [], call: Partial<PageCall> = {}) {
  const redirected = { ...CALL, ...call };
  return examined(redirected, (url) =>
    url === redirected.url ? response(307, [['Location', location], ...headers]) : response(200, CORS),
  );
}

function examined(
  call: PageCall,
  respond: (url: string, method: string) => RequestResult,
): Promise<Examination> {
  return examine(call, ({ url, method }) => Promise.resolve(respond(url, method)), { oversized: false });
}

function response(status: number, headers: readonly Header[], body = ''): RequestResult {
  return { kind: 'response', status, headers, body };
}

it.each([
  ['a slash', 'https://api.example.com/items', '/items/', 'https://api.example.com/items/'],
  ['no slash', 'https://api.example.com/items/', '/items', 'https://api.example.com/items'],
  ['https', 'http://localhost:8080/items', 'https://localhost:8443/items', 'https://localhost:8443/items'],
  [
    'another host',
    'https://api.example.com/items',
    'https://www.example.com/items',
    'https://www.example.com/items',
  ],
  [
    'the same host without TLS',
    'https://api.example.com/items',
    'http://api.example.com/items/',
    'https://api.example.com/items/',
  ],
  [
    'the same host without its port',
    'http://localhost:8080/items',
    'http://localhost/items/',
    'http://localhost:8080/items/',
  ],
])('calls the URL of a redirect that leads to %s', async (_place, url, location, target) => {
  const { findings } = await redirecting(location, [], { url, origin: 'http://localhost:5173' });
  expect(findings[0]).toMatchObject({ ruleId: 'redirect' });
  expect(findings[0]?.fix.lines).toEqual([`fetch('${target}', { method: 'POST' /* … */ })`]);
});

it('calls the URL of a redirect that has no CORS headers, for a request without a preflight', async () => {
  const { findings } = await redirecting('/items/', [], GET);
  expect(findings[0]).toMatchObject({
    ruleId: 'redirect',
    message: expect.stringContaining('The redirect itself has no Access-Control-Allow-Origin') as unknown,
  });
});

it('says that the browser sends Origin: null after a redirect to another server', async () => {
  const { findings } = await examined({ ...CALL, ...GET }, (url) =>
    url === CALL.url
      ? response(302, [...CORS, ['Location', 'https://cdn.example.net/items']])
      : response(200, [['Access-Control-Allow-Origin', CALL.origin]]),
  );
  expect(findings[0]).toMatchObject({
    ruleId: 'redirect',
    message: expect.stringContaining('Origin: null') as unknown,
    fix: { lines: [expect.stringContaining('https://cdn.example.net/items') as unknown] },
  });
});

it.each(['/accounts/login/?next=/items', 'https://login.example.com/oauth2/authorize', '/users/sign_in'])(
  'does not suggest to call the login page %s',
  async (location) => {
    const { findings, redirected } = await redirecting(location);
    expect(findings[0]).toMatchObject({ ruleId: 'redirect-to-login' });
    expect(findings[0]?.fix.lines.join('\n')).not.toContain('fetch');
    expect(redirected).toBeUndefined();
  },
);

it('sends credentials if a request without a preflight is redirected to a login page', async () => {
  const { findings } = await redirecting('/login', [], GET);
  expect(findings[0]).toMatchObject({ ruleId: 'redirect-to-login' });
  expect(findings[0]?.fix.lines.join('\n')).toContain("credentials: 'include'");
});

it('examines the URL of the redirect only on the same host', async () => {
  const same = await redirecting('/items/');
  expect(same.redirected?.verdict).toBe('allowed');
  const other = await redirecting('https://www.example.net/items');
  expect(other.redirected).toBeUndefined();
});

it.each([502, 503, 504, 521])(
  'blames the application behind the proxy for a status of %s',
  async (status) => {
    const { findings } = await examined(CALL, () => response(status, []));
    expect(findings[0]).toMatchObject({ ruleId: 'server-unavailable', fix: { lines: [] } });
  },
);

it('blames the API behind a development server for an empty 500 of the same origin', async () => {
  const { diagnosis, findings } = await examined({ ...CALL, origin: 'https://api.example.com' }, () =>
    response(500, []),
  );
  expect(diagnosis.verdict).toBe('allowed');
  expect(findings[0]?.fix.description).toContain('vite.config.js');
});

it('repeats the start of an error that says what the API expects', async () => {
  const { findings } = await examined(CALL, (_url, method) =>
    method === 'OPTIONS'
      ? response(200, CORS)
      : response(422, [...CORS, ['Content-Type', 'application/json']], '{"detail":"name is missing"}'),
  );
  expect(findings[0]).toMatchObject({ ruleId: 'status-422', severity: 'warning' });
  expect(findings[0]?.message).toContain('It says: {"detail":"name is missing"}');
});

it('warns about a response header in the request even if another cause blocks it', async () => {
  const headers = [...CALL.headers, ['Access-Control-Allow-Origin', '*']] as const;
  const { findings } = await examined({ ...CALL, headers }, () => response(200, []));
  expect(findings.map(({ ruleId }) => ruleId)).toEqual(['no-cors', 'response-header-in-request']);
  expect(findings[0]?.fix.lines).toContain('Access-Control-Allow-Headers: Content-Type');
});

it('removes the headers of the function if a function URL sends them too', async () => {
  const call = { ...CALL, url: 'https://abc123.lambda-url.us-east-1.on.aws/' };
  const { findings } = await examined(call, () =>
    response(200, [...CORS, ['Access-Control-Allow-Origin', '*']]),
  );
  expect(findings[0]).toMatchObject({ ruleId: 'sent-twice' });
  expect(findings[0]?.fix.description).toContain(
    'Delete all Access-Control-… headers from the results of the function',
  );
});

it('counts different values of a header that is sent twice', async () => {
  const { findings } = await examined({ ...CALL, ...GET }, () =>
    response(200, [
      ['Access-Control-Allow-Origin', '*'],
      ['access-control-allow-origin', CALL.origin],
    ]),
  );
  expect(findings[0]?.message).toContain(`is sent twice, with the values * and ${CALL.origin}.`);
});
