/** Applies the fix for node:http to real servers. */
import { createServer, type RequestListener } from 'node:http';
import { runInNewContext } from 'node:vm';
import { listen } from '../../../../test/helpers/listen';
import { applyToServer, examinedServer, fixed, type Start } from './appliedFix';

/** Creates a server whose own code is replaced with the lines of the fix. */
function server(own: RequestListener): Start {
  return async (lines) => {
    const pasted = `(request, response) => { ${lines.join('\n')}\nresponse.end('[]'); }`;
    const handler = lines.length === 0 ? own : (runInNewContext(pasted) as RequestListener);
    const { port, close } = await listen(createServer(handler));
    return { origin: `http://127.0.0.1:${port}`, close };
  };
}

it.each<[cause: string, own: RequestListener, ruleId: string]>([
  ['no CORS', (_request, response) => void response.end('[]'), 'no-cors'],
  [
    'a preflight that needs credentials',
    (_request, response) => void response.writeHead(401).end(),
    'preflight-needs-credentials',
  ],
  [
    'a preflight that is not found',
    (request, response) => {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.writeHead(request.method === 'OPTIONS' ? 404 : 200).end('[]');
    },
    'preflight-not-found',
  ],
])('fixes %s', async (_cause, own, ruleId) => {
  expect(await applyToServer({ start: server(own) })).toEqual(fixed(ruleId));
});

it('does not name node:http if a framework is detected', async () => {
  const start = server((_request, response) => void response.setHeader('X-Powered-By', 'Express').end('[]'));
  expect((await examinedServer(start, [])).platforms).toEqual(['Express']);
});
