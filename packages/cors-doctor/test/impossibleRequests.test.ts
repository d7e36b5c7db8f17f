/** Tests errors that no CORS header can fix. */
import { examine } from '../src/examine';
import type { PageCall, RequestResult } from '../src/diagnosis';

const CALL: PageCall = {
  url: 'http://api.example.com/',
  origin: 'http://app.example.com',
  method: 'POST',
  headers: [],
  body: undefined,
  credentials: 'omit',
  reads: [],
};

/** Allows the request, but redirects to a scheme that browsers do not follow. */
const REDIRECT: RequestResult = {
  kind: 'response',
  status: 302,
  headers: [
    ['Access-Control-Allow-Origin', '*'],
    ['Location', 'ftp://api.example.com/'],
  ],
  body: '',
};

it.each<[name: string, call: Partial<PageCall>, words: string]>([
  ['a port that browsers block', { url: 'http://api.example.com:6000/' }, 'another port'],
  ['http from a web page on https', { origin: 'https://app.example.com' }, 'over https'],
  ['a method that web pages cannot send', { method: 'TRACE' }, 'such as POST'],
  ['a body with GET', { method: 'GET', body: '{}' }, 'Leave the body out'],
  ['a redirect that leads to ftp', {}, 'http or https'],
])('suggests a different request instead of a header for %s', async (_name, call, words) => {
  const { diagnosis, findings } = await examine({ ...CALL, ...call }, () => Promise.resolve(REDIRECT), {
    oversized: false,
  });
  expect(diagnosis.verdict).toBe('blocked');
  const errors = findings.filter(({ severity }) => severity === 'error');
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({ ruleId: 'no-header-helps', fix: { lines: [] } });
  expect(errors[0]?.fix.description).toContain(words);
});
