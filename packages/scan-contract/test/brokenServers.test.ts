/** Tests the kit itself: a named case reports each bug of a server in one sentence. */
import { CASES } from '../src/cases';
import { runCase, type CaseResult, type Target } from '../src/check';
import type { Policy } from '../src/policy';
import { noBug, startBrokenServer, type Bug, type SimpleResponse } from './brokenServer';

const POLICY: Policy = { origins: ['https://app.example.com'], credentials: true };

const PREFLIGHT = 'A preflight returns 200 without a body and with the policy in its headers';
const NO_TYPE = 'Returns 415 for a body without Content-Type and does not read from DynamoDB';
const PUT = 'PUT /scanRecords returns 405 with the allowed methods';
const EMPTY = 'Returns 200 without items for an empty table';
const RESET = 'Resets the connection if the second page fails, with Accept: application/json';

async function runAgainst(bug: Bug, name: string, target: Partial<Target> = {}): Promise<CaseResult> {
  const contractCase = CASES.find((candidate) => candidate.name === name);
  if (contractCase === undefined) throw new Error(`there is no case "${name}"`);
  const server = await startBrokenServer(bug);
  try {
    let scans = 0;
    // Counts one Scan request per case, as for a table of one page.
    const countScans = () => Promise.resolve(scans++);
    return await runCase(contractCase, { baseUrl: server.url, policy: POLICY, countScans, ...target });
  } finally {
    await server.close();
  }
}

const NO_SCANS = { countScans: () => Promise.resolve(0) };

function withHeaders(headers: Record<string, string>): Bug {
  return (correct) => ({ ...correct, headers: { ...correct.headers, ...headers } });
}

function withoutHeader(header: string): Bug {
  return (correct) => ({
    ...correct,
    headers: Object.fromEntries(Object.entries(correct.headers).filter(([name]) => name !== header)),
  });
}

function withResponse(change: Partial<SimpleResponse>): Bug {
  return (correct) => ({ ...correct, ...change });
}

function withProblem(fields: object): Bug {
  return (correct) => ({
    ...correct,
    body: JSON.stringify({ ...(JSON.parse(correct.body) as object), ...fields }),
  });
}

describe('a server that keeps the contract', () => {
  it.each([PREFLIGHT, NO_TYPE, PUT])('has no findings in: %s', async (name) => {
    expect((await runAgainst(noBug, name, NO_SCANS)).findings).toEqual([]);
  });

  it('has no findings for the order of properties or for a necessary Scan request', async () => {
    expect((await runAgainst(noBug, EMPTY)).findings).toEqual([]);
  });
});

describe('a server that breaks the contract', () => {
  const bugs: [description: string, name: string, bug: Bug, message: string][] = [
    [
      'a different Access-Control-Allow-Origin',
      PREFLIGHT,
      withHeaders({ 'Access-Control-Allow-Origin': '*' }),
      'expected Access-Control-Allow-Origin "https://app.example.com", received "*"',
    ],
    [
      'a missing Access-Control-Allow-Origin',
      PREFLIGHT,
      withoutHeader('Access-Control-Allow-Origin'),
      'received none',
    ],
    ['a missing Vary', PREFLIGHT, withoutHeader('Vary'), 'expected Vary to list Origin, received none'],
    [
      'a Vary without Origin',
      PREFLIGHT,
      withHeaders({ Vary: 'Accept' }),
      'expected Vary to list Origin, received "Accept"',
    ],
    [
      'a missing Access-Control-Allow-Credentials',
      PREFLIGHT,
      withoutHeader('Access-Control-Allow-Credentials'),
      'expected Access-Control-Allow-Credentials "true"',
    ],
    ['a preflight with 403', PREFLIGHT, withResponse({ status: 403 }), 'expected status 200, received 403'],
    ['a preflight with 204', PREFLIGHT, withResponse({ status: 204 }), 'expected status 200, received 204'],
    [
      'a preflight that lists too many methods',
      PREFLIGHT,
      withHeaders({ 'Access-Control-Allow-Methods': 'POST,OPTIONS,GET' }),
      'expected Access-Control-Allow-Methods to list POST, OPTIONS and nothing else',
    ],
    [
      'a preflight that does not list an allowed header',
      PREFLIGHT,
      withHeaders({ 'Access-Control-Allow-Headers': 'content-type' }),
      'expected Access-Control-Allow-Headers to list',
    ],
    [
      'a different Access-Control-Max-Age',
      PREFLIGHT,
      withHeaders({ 'Access-Control-Max-Age': '5' }),
      'expected Access-Control-Max-Age "7200", received "5"',
    ],
    [
      'an error without CORS headers',
      NO_TYPE,
      withoutHeader('Access-Control-Allow-Origin'),
      'expected Access-Control-Allow-Origin',
    ],
    [
      'an error as HTML',
      NO_TYPE,
      withHeaders({ 'Content-Type': 'text/html' }),
      'expected Content-Type application/problem+json, received text/html',
    ],
    [
      'an error with a different code',
      NO_TYPE,
      withProblem({ code: 'Oops' }),
      'expected the field code to be "UnsupportedMediaType"',
    ],
    [
      'an error with a different status field',
      NO_TYPE,
      withProblem({ status: 400 }),
      'expected the field status to be 415',
    ],
    [
      'an error without a requestId',
      NO_TYPE,
      withProblem({ requestId: undefined }),
      'expected the field requestId to be a non-empty string',
    ],
    [
      'an error without a fix in its detail',
      NO_TYPE,
      withProblem({ detail: 'No.' }),
      'expected the detail to mention application/json',
    ],
    [
      'an error with a stack trace',
      NO_TYPE,
      withProblem({ stack: 'at scan (/app/scan.js:1:1)' }),
      'expected no internals in the problem, received "at scan ("',
    ],
    [
      'an error with an ARN',
      NO_TYPE,
      withProblem({ title: 'arn:aws:iam::123456789012:user/a' }),
      'received "arn:aws:iam::123456789012:user/a"',
    ],
    [
      'a missing Allow',
      PUT,
      withoutHeader('Allow'),
      'expected Allow to list GET, HEAD, OPTIONS, POST and nothing else, received none',
    ],
    ['a missing property', EMPTY, withResponse({ body: '{"Items":[],"Count":0}' }), 'expected the body'],
    ['an empty body instead of JSON', EMPTY, withResponse({ body: '' }), 'expected JSON, received nothing'],
    [
      'a short response that looks complete',
      RESET,
      noBug,
      'expected the connection to be reset before the response is complete',
    ],
  ];

  it.each(bugs)('gets a finding for %s', async (_description, name, bug, message) => {
    const { findings } = await runAgainst(bug, name, name === EMPTY ? {} : NO_SCANS);
    const finding = findings.find((text) => text.includes(message));
    expect(finding).toBeDefined();
  });

  it('gets a finding for rounded numbers', async () => {
    const name = 'Returns numbers with all their digits';
    const { findings } = await runAgainst(
      withResponse({
        body: '{"Items":[{"id":"numbers","large":12345678901234567000}],"Count":1,"ScannedCount":1}',
      }),
      name,
    );
    expect(findings.join()).toContain('12345678901234567890123456789012345678');
  });

  it('gets a finding for an incomplete response', async () => {
    const reset: Bug = (correct, response) => {
      response.writeHead(200, { ...correct.headers, 'Content-Length': '1000' });
      response.write('{"Items":[', () => response.destroy());
      return undefined;
    };
    const { findings, observations } = await runAgainst(reset, EMPTY);
    expect(findings.join()).toContain('but the connection was reset before its end');
    expect(observations[0]).toMatchObject({ incomplete: true, body: undefined });
  });

  it('gets a finding for a missing response', async () => {
    const closeConnection: Bug = (_correct, response) => {
      response.destroy();
      return undefined;
    };
    const { findings } = await runAgainst(closeConnection, PREFLIGHT);
    expect(findings.join()).toContain('expected a response, received none');
  });

  it('gets a finding for a response without NextToken', async () => {
    const { findings } = await runAgainst(noBug, 'Returns 400 for a truncated NextToken');
    expect(findings.join()).toContain('expected a response from which to build the next request');
  });

  it('gets a finding for a Scan request after a rejected request', async () => {
    const { findings } = await runAgainst(noBug, NO_TYPE);
    expect(findings.join()).toContain('expected 0 Scan requests, counted 1');
  });
});
