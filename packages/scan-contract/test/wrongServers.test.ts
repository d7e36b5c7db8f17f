/** The kit itself can fail: each fault of a server is found by a named case, in a sentence. */
import { CASES } from '../src/cases';
import { runCase, type CaseResult, type Target } from '../src/check';
import type { Policy } from '../src/policy';
import { startWrongServer, type Said, type Wrong } from './wrongServer';

const POLICY: Policy = { origins: ['https://app.example.com'], credentials: true };

const PREFLIGHT = 'A preflight is answered with 200, no body, and what the policy allows';
const NO_TYPE = 'A body without Content-Type is 415 and costs no read';
const GET = 'GET on the path of the records is 405 and says what the path takes';
const EMPTY = 'An empty table is an answer without records, and no error';
const BROKEN = 'A scan whose second page is refused ends in a broken connection, as application/json';

async function runAgainst(wrong: Wrong, name: string, target: Partial<Target> = {}): Promise<CaseResult> {
  const one = CASES.find((candidate) => candidate.name === name);
  if (one === undefined) throw new Error(`there is no case "${name}"`);
  const server = await startWrongServer(wrong);
  try {
    let scans = 0;
    // One call of Scan between two counts, as for a scan of one page.
    const countScans = () => Promise.resolve(scans++);
    return await runCase(one, { baseUrl: server.url, policy: POLICY, countScans, ...target });
  } finally {
    await server.close();
  }
}

const none = { countScans: () => Promise.resolve(0) };

function withHeaders(headers: Record<string, string>): Wrong {
  return (said) => ({ ...said, headers: { ...said.headers, ...headers } });
}

function without(header: string): Wrong {
  return (said) => ({
    ...said,
    headers: Object.fromEntries(Object.entries(said.headers).filter(([name]) => name !== header)),
  });
}

function saying(change: Partial<Said>): Wrong {
  return (said) => ({ ...said, ...change });
}

function problemWith(members: object): Wrong {
  return (said) => ({ ...said, body: JSON.stringify({ ...(JSON.parse(said.body) as object), ...members }) });
}

describe('a server that keeps the contract', () => {
  test.each([PREFLIGHT, NO_TYPE, GET])('is not blamed: %s', async (name) => {
    expect((await runAgainst((said) => said, name, none)).findings).toEqual([]);
  });

  it('is not blamed for the order of members or for a read that a scan needs', async () => {
    expect((await runAgainst((said) => said, EMPTY)).findings).toEqual([]);
  });
});

describe('a server that breaks the contract', () => {
  const faults: [what: string, name: string, wrong: Wrong, sentence: string][] = [
    [
      'another Allow-Origin',
      PREFLIGHT,
      withHeaders({ 'Access-Control-Allow-Origin': '*' }),
      'expected Access-Control-Allow-Origin "https://app.example.com", received "*"',
    ],
    ['no Allow-Origin', PREFLIGHT, without('Access-Control-Allow-Origin'), 'received none'],
    ['no Vary', PREFLIGHT, without('Vary'), 'expected Vary to list Origin, received none'],
    [
      'a Vary that lists something else',
      PREFLIGHT,
      withHeaders({ Vary: 'Accept' }),
      'expected Vary to list Origin, received "Accept"',
    ],
    [
      'no Allow-Credentials',
      PREFLIGHT,
      without('Access-Control-Allow-Credentials'),
      'expected Access-Control-Allow-Credentials "true"',
    ],
    ['a preflight with 403', PREFLIGHT, saying({ status: 403 }), 'expected status 200, received 403'],
    ['a preflight with 204', PREFLIGHT, saying({ status: 204 }), 'expected status 200, received 204'],
    [
      'a preflight that lists more methods',
      PREFLIGHT,
      withHeaders({ 'Access-Control-Allow-Methods': 'POST,OPTIONS,GET' }),
      'expected Access-Control-Allow-Methods to list POST, OPTIONS and nothing else',
    ],
    [
      'a preflight that lacks a header',
      PREFLIGHT,
      withHeaders({ 'Access-Control-Allow-Headers': 'content-type' }),
      'expected Access-Control-Allow-Headers to list',
    ],
    [
      'another max age',
      PREFLIGHT,
      withHeaders({ 'Access-Control-Max-Age': '5' }),
      'expected Access-Control-Max-Age "7200", received "5"',
    ],
    [
      'an error without CORS headers',
      NO_TYPE,
      without('Access-Control-Allow-Origin'),
      'expected Access-Control-Allow-Origin',
    ],
    [
      'an error as HTML',
      NO_TYPE,
      withHeaders({ 'Content-Type': 'text/html' }),
      'expected Content-Type application/problem+json, received text/html',
    ],
    [
      'an error with another code',
      NO_TYPE,
      problemWith({ code: 'Oops' }),
      'expected the member code to be "UnsupportedMediaType"',
    ],
    [
      'an error that says another status',
      NO_TYPE,
      problemWith({ status: 400 }),
      'expected the member status to be 415',
    ],
    [
      'an error without a requestId',
      NO_TYPE,
      problemWith({ requestId: undefined }),
      'expected the member requestId to say something',
    ],
    [
      'an error that does not say what to do',
      NO_TYPE,
      problemWith({ detail: 'No.' }),
      'expected the detail to name application/json',
    ],
    [
      'an error with a stack',
      NO_TYPE,
      problemWith({ stack: 'at scan (/app/scan.js:1:1)' }),
      'expected no internals in the problem, received "at scan ("',
    ],
    [
      'an error with an ARN',
      NO_TYPE,
      problemWith({ title: 'arn:aws:iam::123456789012:user/a' }),
      'received "arn:aws:iam::123456789012:user/a"',
    ],
    [
      'no Allow',
      GET,
      without('Allow'),
      'expected Allow to list OPTIONS, POST and nothing else, received none',
    ],
    ['a lost member', EMPTY, saying({ body: '{"Items":[],"Count":0}' }), 'expected the body'],
    ['no JSON', EMPTY, saying({ body: '' }), 'expected JSON, received nothing'],
    [
      'a short answer that ends well-formed',
      BROKEN,
      (said) => said,
      'expected the connection to break before the answer is complete',
    ],
  ];

  test.each(faults)('is found out: %s', async (_what, name, wrong, sentence) => {
    const { findings } = await runAgainst(wrong, name, name === EMPTY ? {} : none);
    const finding = findings.find((one) => one.includes(sentence));
    expect(finding).toBeDefined();
    expect(finding?.startsWith(`${name}: `)).toBe(true);
    expect(finding).toMatch(/\. See https:\/\/\S+$/);
  });

  it('is found out: rounded digits', async () => {
    const name = 'Numbers keep all their digits';
    const { findings } = await runAgainst(
      saying({
        body: '{"Items":[{"id":"numbers","large":12345678901234567000}],"Count":1,"ScannedCount":1}',
      }),
      name,
    );
    expect(findings.join()).toContain('12345678901234567890123456789012345678');
  });

  it('is found out: a whole answer that breaks off', async () => {
    const breaksOff: Wrong = (said, response) => {
      response.writeHead(200, { ...said.headers, 'Content-Length': '1000' });
      response.write('{"Items":[', () => response.destroy());
      return undefined;
    };
    const { findings, observations } = await runAgainst(breaksOff, EMPTY);
    expect(findings.join()).toContain('received a part of it before the connection broke');
    expect(observations[0]).toMatchObject({ brokenOff: true, body: undefined });
  });

  it('is found out: no answer', async () => {
    const hangsUp: Wrong = (_said, response) => {
      response.destroy();
      return undefined;
    };
    const { findings } = await runAgainst(hangsUp, PREFLIGHT);
    expect(findings.join()).toContain('expected an answer, received none');
  });

  it('is found out: an answer that does not say where to go on', async () => {
    const { findings } = await runAgainst((said) => said, 'A NextToken that lost its end on the way is 400');
    expect(findings.join()).toContain('expected an answer to make the next request from');
  });

  it('is found out: a read for a request that is refused', async () => {
    const { findings } = await runAgainst((said) => said, NO_TYPE);
    expect(findings.join()).toContain('expected 0 calls of Scan, counted 1');
  });
});
