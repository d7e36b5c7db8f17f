/** Applies the fixes for nginx to a real nginx, alone and in front of an application. */
import { createServer, type RequestListener } from 'node:http';
import cors from 'cors';
import express from 'express';
import { listen, type Listening } from '../../../../test/helpers/listen';
import { describeWithNginx, startNginx } from '../servers/nginx';
import { applyToServer, examinedServer, fixed, ORIGIN, type Start } from './appliedFix';

let backend: Listening | undefined;

afterEach(async () => {
  await backend?.close();
  backend = undefined;
});

/** nginx in front of an application. The lines of the fix replace its own lines. */
async function inFrontOf(application: RequestListener, own = '', outside = ''): Promise<Start> {
  backend = await listen(createServer(application));
  const proxy = `proxy_pass http://127.0.0.1:${backend.port};`;
  return (lines) =>
    startNginx(`${outside} location / { ${proxy}\n${lines.length === 0 ? own : lines.join('\n')}\n}`);
}

/** The headers of nginx itself remain, and the lines of the fix are added. */
async function withOwnHeaders(application: RequestListener, own: string): Promise<Start> {
  backend = await listen(createServer(application));
  const proxy = `proxy_pass http://127.0.0.1:${backend.port};`;
  return (lines) => startNginx(`location / { ${proxy}\n${own}\n${lines.join('\n')} }`);
}

const plain: RequestListener = (_request, response) => response.end('[]');
const allowing = (options: cors.CorsOptions) =>
  express()
    .use(cors(options))
    .post('/items', (_request, response) => void response.json([])) as RequestListener;

describeWithNginx('nginx (needs /usr/sbin/nginx)', () => {
  it('fixes an application without CORS', async () => {
    expect(await applyToServer({ start: await inFrontOf(plain) })).toEqual(fixed('no-cors'));
  });

  it('fixes static files, which do not accept OPTIONS', async () => {
    const start: Start = (lines) => startNginx(`location / { ${lines.join('\n')} }`);
    expect(await applyToServer({ start })).toEqual(fixed('preflight-method'));
  });

  it('fixes a password that the preflight does not have', async () => {
    const guarded = "auth_basic 'Members'; auth_basic_user_file none;";
    expect(await applyToServer({ start: await inFrontOf(plain, '', guarded) })).toEqual(
      fixed('preflight-needs-credentials'),
    );
  });

  it('fixes add_header without always', async () => {
    const own = [
      'if ($request_method = OPTIONS) {',
      '  add_header Access-Control-Allow-Origin *;',
      '  add_header Access-Control-Allow-Headers Content-Type;',
      '  return 204;',
      '}',
      'add_header Access-Control-Allow-Origin *;',
    ];
    const start: Start = (lines) =>
      startNginx(
        `location / { ${(lines.length === 0 ? own : lines).join('\n')} if ($request_method = POST) { return 404; } }`,
      );
    expect(await applyToServer({ start })).toEqual(fixed('nginx-always'));
  });

  it('removes the second header if both values are right', async () => {
    const start = await withOwnHeaders(allowing({}), "add_header Access-Control-Allow-Origin '*' always;");
    const { findings, platforms } = await examinedServer(start, []);
    expect(platforms).toEqual(['Express', 'nginx']);
    expect(findings[0]?.message).toContain('Express behind nginx');
    expect(await applyToServer({ start })).toEqual(fixed('sent-twice'));
  });

  const different =
    "add_header Access-Control-Allow-Origin '*' always; add_header Access-Control-Allow-Credentials true always;";
  const application = allowing({ origin: ORIGIN, credentials: true });

  it('keeps the origin of the application if nginx would allow every web page', async () => {
    const start = await inFrontOf(application, different);
    expect(await applyToServer({ start })).toEqual(fixed('sent-twice'));
  });

  it('replaces all headers if a browser accepts only one of the values', async () => {
    const start = await inFrontOf(application, different);
    const call = { credentials: 'include' } as const;
    expect(await applyToServer({ start, call })).toEqual(fixed('sent-twice'));
  });

  it('says that the application behind nginx is down, and gives no CORS headers', async () => {
    const start = await inFrontOf(plain);
    await backend?.close();
    backend = undefined;
    const { diagnosis, findings } = await examinedServer(start, []);
    expect(diagnosis.verdict).toBe('blocked');
    expect(findings[0]).toMatchObject({ ruleId: 'server-unavailable', fix: { lines: [] } });
    expect(findings[0]?.message).toMatch(
      /^OPTIONS returned 502 Bad Gateway: the application behind nginx is down/,
    );
  });

  it('never calls a response of 502 simply allowed', async () => {
    const start = await inFrontOf(
      plain,
      "add_header Access-Control-Allow-Origin '*' always; if ($request_method = OPTIONS) { add_header Access-Control-Allow-Origin '*'; add_header Access-Control-Allow-Headers '*'; return 204; }",
    );
    await backend?.close();
    backend = undefined;
    const { diagnosis, findings } = await examinedServer(start, []);
    expect(diagnosis.verdict).toBe('allowed');
    expect(findings[0]).toMatchObject({ ruleId: 'status-502', severity: 'warning' });
  });
});
