/** Applies the fixes for Express to real applications. */
import { createServer } from 'node:http';
import { runInNewContext } from 'node:vm';
import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import { listen } from '../../../../test/helpers/listen';
import type { PageCall } from '../../src/diagnosis';
import type { RunningServer } from '../servers/program';
import { applyToServer, applyToWebPage, examinedServer, fixed, ORIGIN, type Start } from './appliedFix';

/** Creates an application whose own CORS code is replaced with the lines of the fix. */
function application(own: (app: Express) => void, after: (app: Express) => void = () => undefined): Start {
  return async (lines): Promise<RunningServer> => {
    const app = express();
    if (lines.length === 0) own(app);
    else runInNewContext(lines.join('\n'), { app, require });
    after(app);
    const items: RequestHandler = (_request, response) => void response.json([]);
    app.route('/items').get(items).post(items).put(items).patch(items).purge(items);
    const { port, close } = await listen(createServer(app));
    return { origin: `http://127.0.0.1:${port}`, close };
  };
}

const withoutCors = application(() => undefined);
const policy = (options: cors.CorsOptions) => application((app) => void app.use(cors(options)));
const header = (name: string, value: string) =>
  application((app) => {
    app.use((request, response, next) => {
      response.set({
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Methods': 'POST',
        'Access-Control-Allow-Headers': 'Content-Type',
        [name]: value,
      });
      if (request.method === 'OPTIONS') response.sendStatus(204);
      else next();
    });
  });

const rejecting = (status: number) => (app: Express) => {
  app.use((_request, response) => void response.sendStatus(status));
};

const INCLUDE = { credentials: 'include' } as const;

type Case = [cause: string, start: Start, ruleId: string, call?: Partial<PageCall>];

it.each<Case>([
  ['no CORS', withoutCors, 'no-cors'],
  ['no CORS for a request without a preflight', withoutCors, 'no-cors', { headers: [], body: undefined }],
  ['authentication before CORS', application(() => undefined, rejecting(401)), 'preflight-needs-credentials'],
  ['a preflight that is forbidden', application(() => undefined, rejecting(403)), 'preflight-forbidden'],
  [
    'a rate limit that counts preflights',
    application(() => undefined, rejecting(429)),
    'preflight-rate-limit',
  ],
  ['an error for OPTIONS', application(() => undefined, rejecting(500)), 'preflight-status'],
  ['a slash after the origin', policy({ origin: `${ORIGIN}/` }), 'origin-slash'],
  ['an origin without a scheme', policy({ origin: 'localhost:5173' }), 'origin-without-scheme'],
  ['a list of origins in one text', policy({ origin: `https://a.example, ${ORIGIN}` }), 'origin-list'],
  ['a pattern in a text', policy({ origin: 'http://localhost:*' }), 'origin-pattern'],
  ['a path after the origin', policy({ origin: `${ORIGIN}/app` }), 'origin-path'],
  ['quotes around the origin', policy({ origin: `"${ORIGIN}"` }), 'origin-quoted'],
  ['another port', policy({ origin: 'http://localhost:3000' }), 'origin-port'],
  ['another scheme', policy({ origin: 'https://localhost:5173' }), 'origin-scheme'],
  ['127.0.0.1 instead of localhost', policy({ origin: 'http://127.0.0.1:5173' }), 'origin-host'],
  ['another host', policy({ origin: 'https://app.example' }), 'origin-not-allowed'],
  ['a list without the origin', policy({ origin: ['https://app.example'] }), 'origin-not-allowed'],
  ['* with credentials', policy({}), 'wildcard-with-credentials', INCLUDE],
  ['no Allow-Credentials', policy({ origin: ORIGIN }), 'credentials-not-allowed', INCLUDE],
  ['a header that is not listed', policy({ allowedHeaders: ['X-Other'] }), 'header-not-allowed'],
  ['a method that is not listed', policy({ methods: ['GET'] }), 'method-not-allowed', { method: 'PUT' }],
  ['a method in lower case', header('Access-Control-Allow-Methods', 'put'), 'method-case', { method: 'PUT' }],
  ['an unusual method', policy({}), 'method-not-allowed', { method: 'PURGE' }],
  ['a list that is not valid', header('Access-Control-Allow-Headers', '"Content-Type"'), 'invalid-list'],
])('fixes %s', async (...[, start, ruleId, call]: Case) => {
  expect(await applyToServer({ start, ...(call && { call }) })).toEqual(fixed(ruleId));
});

it.each<[cause: string, start: Start, ruleId: string, call: Partial<PageCall>]>([
  ['patch in lower case', policy({}), 'method-case', { method: 'patch' }],
  [
    'a method of another mix of cases',
    header('Access-Control-Allow-Methods', 'PURGE'),
    'method-case',
    { method: 'Purge' },
  ],
])('lets the web page fix %s', async (_cause, start, ruleId, call) => {
  expect(await applyToWebPage({ start, call })).toEqual(fixed(ruleId));
});

it.each<[headers: PageCall['headers'], kept: PageCall['headers'], method: string]>([
  [[['Access-Control-Allow-Origin', '*']], [], 'POST'],
  [
    [
      ['X-Mine', '1'],
      ['access-control-allow-headers', '*'],
    ],
    [['X-Mine', '1']],
    'POST',
  ],
  [[['Content-Type', 'application/json']], [], 'GET'],
])('tells the web page to remove the unneeded one of the headers %j', async (headers, kept, method) => {
  const start = policy({ allowedHeaders: ['X-Mine'] });
  const call = { method, body: undefined };
  const { findings } = await examinedServer(start, [], '/items', { ...call, headers });
  expect(findings[0]?.ruleId).toBe('unneeded-request-header');
  const { diagnosis } = await examinedServer(start, [], '/items', { ...call, headers: kept });
  expect(diagnosis.verdict).toBe('allowed');
});

it('keeps the origin that the server allows today', async () => {
  const { findings } = await examinedServer(policy({ origin: 'https://app.example' }), []);
  expect(findings[0]?.fix.lines[1]).toBe(`app.use(cors({ origin: ['https://app.example', '${ORIGIN}'] }));`);
});

it('says in the finding that an allowed response is an error', async () => {
  const { diagnosis, findings } = await examinedServer(policy({}), [], '/no-such-path');
  expect(diagnosis.verdict).toBe('allowed');
  expect(findings[0]).toMatchObject({ ruleId: 'status-404', severity: 'warning' });
});
