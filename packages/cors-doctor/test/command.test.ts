/** cors-doctor as a process: its output, its exit code, and the requests that it sends. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { runDoctor } from '../src/command';
import { styleFor } from '../src/terminal';
import { pageOf, repositoryOf, testApp } from '../../../test/helpers/servedApp';
import { allowEverything, doctor, serve, type TestServer } from './doctorProcess';

let server: TestServer;

afterEach(async () => {
  await server.close();
});

describe('cors-doctor on a server that requires an API key', () => {
  const key = 'the key of the front end';
  const digest = createHash('sha256').update(key).digest('hex');

  beforeEach(async () => {
    const { app } = testApp(repositoryOf(pageOf('{"id":"a"}')), {
      AUTH: 'key',
      API_KEYS: `front-end:${digest}`,
    });
    server = await serve(app);
  });

  it('says that the web page can read the 401, and how to send a key', async () => {
    const { code, stdout } = await doctor(server.url);
    expect(stdout).toMatch(/^ALLOWED: /);
    expect(stdout).toContain('The server requires credentials: an API key or a token.');
    expect(stdout).toContain('--api-key KEY');
    expect(code).toBe(0);
  });

  it('sends the key of --api-key and does not print it', async () => {
    const { code, stdout } = await doctor(server.url, '--api-key', key, '--json');
    expect(code).toBe(0);
    expect(stdout).toContain('"status": 200');
    expect(stdout).not.toContain(key);
    expect(stdout).not.toContain('requires credentials');
  });
});

describe('cors-doctor', () => {
  it('exits with 0 when a browser allows the request', async () => {
    server = await serve(allowEverything);
    const { code, stdout } = await doctor(server.url);
    expect(stdout).toMatch(/^ALLOWED: /);
    expect(stdout).not.toContain('\u001b');
    expect(code).toBe(0);
    expect(server.requests.length).toBeLessThanOrEqual(8);
    expect(server.requests[1]?.headers).toMatchObject({
      origin: 'http://localhost:5173',
      'content-type': 'application/json',
    });
  });

  it('exits with 1 when a browser blocks the request, and prints the verdict, the cause and the fix first', async () => {
    server = await serve((_request, response) => response.end('{}'));
    const { code, stdout } = await doctor(server.url);
    expect(stdout).toMatch(
      /^BLOCKED: the browser will not let http:\/\/localhost:5173 read .*\n(?:http.*\n)?Cause /,
    );
    const [cause = '', steps = ''] = stdout.split('FAIL     preflight: Access-Control-Allow-Origin');
    expect(cause).toContain(
      [
        '',
        "    response.setHeader('Access-Control-Allow-Origin', 'http://localhost:5173');",
        "    response.setHeader('Access-Control-Allow-Methods', 'POST,OPTIONS');",
        "    response.setHeader('Access-Control-Allow-Headers', 'Content-Type');",
        "    if (request.method === 'OPTIONS') {",
      ].join('\n'),
    );
    expect(steps).toContain('console  PreflightMissingAllowOriginHeader: Access to fetch at');
    expect(stdout.split('\n').length).toBeLessThan(45);
    expect(code).toBe(1);
    // As a browser, the doctor does not send the request after such a preflight.
    expect(server.requests.map(({ method }) => method)).not.toContain('POST');
  });

  it('exits with 2 when no server listens', async () => {
    server = await serve(allowEverything);
    await server.close();
    const { code, stdout } = await doctor(server.url);
    expect(stdout).toMatch(/^UNKNOWN: /);
    expect(stdout).toContain('Connection refused: no server listens on this host and port.');
    expect(code).toBe(2);
  });

  it.each([
    [[], 'Missing URL or template'],
    [['ftp://a.example/'], '"ftp://a.example/" is not a valid http(s) URL'],
    [['http://a.example', 'http://b.example'], 'Expected one URL or template, but received 2'],
    [['http://u:p@a.example'], 'The URL contains a user name or a password'],
    [['http://a.example', '--origin', 'http://a.example/path'], 'Did you mean http://a.example?'],
    [['http://a.example', '--method', 'PO ST'], '"PO ST" is not a valid HTTP method'],
    [['http://a.example', '--method', 'TRACE'], 'fetch rejects this method'],
    [['http://a.example', '--method', 'GET', '--body', 'x'], 'fetch rejects a body with GET'],
    [['http://a.example', '--header', 'Cookie: a=b'], 'only the browser can set this header'],
    [['http://a.example', '--header', 'a b: c'], 'before the colon is not a valid header name'],
    [['http://a.example', '--compare', 'x'], '"x" is not a valid http(s) URL'],
    [['http://a.example', '--parameter', 'A=1'], '--parameter applies to a template'],
    [['template.yaml', '--parameter', 'A'], '--parameter takes NAME=VALUE'],
    [['template.yaml', '--origin', 'http://a.example'], '--origin applies to a URL'],
    [['none.yaml'], 'Cannot read none.yaml'],
    [['http://a.example', '--unknown'], 'Unknown option "--unknown"'],
  ])('exits with 2 and a message for the arguments %j', async (args, message) => {
    server = await serve(allowEverything);
    let output = '';
    const code = await runDoctor(args, {
      transport: () => Promise.reject(new Error('nothing must be sent')),
      readFile: (path) => readFile(path, 'utf8'),
      write: (text) => (output += text),
      style: styleFor(new PassThrough()),
    });
    expect(output).toContain(message);
    expect(code).toBe(2);
  });

  it('prints no stack trace for invalid arguments', async () => {
    server = await serve(allowEverything);
    const { code, stdout, stderr } = await doctor('--unknown');
    expect(stdout).toContain('Unknown option "--unknown"');
    expect(stderr).toBe('');
    expect(code).toBe(2);
  });

  it('prints all results as JSON', async () => {
    server = await serve((_request, response) => response.end('{}'));
    const { stdout } = await doctor(server.url, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      diagnosis: { verdict: 'blocked', error: { name: 'PreflightMissingAllowOriginHeader' } },
      findings: expect.arrayContaining([expect.objectContaining({ severity: 'error' })]) as unknown,
    });
  });

  it('shows the requests with --dry-run without sending them', async () => {
    server = await serve(allowEverything);
    const { code, stdout } = await doctor(server.url, '--dry-run');
    expect(stdout).toContain('Nothing is sent.');
    expect(stdout).toContain(`preflight: OPTIONS ${server.url}`);
    expect(stdout).toContain('body: {"Limit":1}');
    expect(server.requests).toEqual([]);
    expect(code).toBe(0);
  });

  it('escapes control characters from the server', async () => {
    server = await serve((_request, response) => {
      // Node.js rejects control characters in headers, so this writes to the socket.
      const header = 'Access-Control-Allow-Origin: \u001b]0;owned\u0007\u009b31m';
      response.socket?.end(
        Buffer.from(`HTTP/1.1 200 OK\r\n${header}\r\nContent-Length: 0\r\n\r\n`, 'latin1'),
      );
    });
    for (const options of [[], ['--json']]) {
      const { stdout, stderr } = await doctor(server.url, '--method', 'GET', ...options);
      // eslint-disable-next-line no-control-regex
      expect(`${stdout}${stderr}`).not.toMatch(/[\0-\u0009\u000b-\u001f\u007f-\u009f]/);
    }
  });

  it.each([[[]], [['--json']], [['--dry-run']], [['--dry-run', '--json']]])(
    'hides secrets with the options %j, even when the server repeats them',
    async (options) => {
      server = await serve((request, response) => {
        response.setHeader('Access-Control-Allow-Origin', request.headers.authorization ?? '*');
        response.setHeader('Access-Control-Allow-Headers', 'Authorization,X-Api-Key');
        response.setHeader('Set-Cookie', 'session=cookie-secret');
        response.end(`you sent ${String(request.headers.authorization)}`);
      });
      const secrets = ['--header', 'Authorization: Bearer hush-hush', '--header', 'X-Api-Key: key-secret'];
      const { stdout, stderr } = await doctor(server.url, ...secrets, ...options);
      expect(stdout).not.toBe('');
      expect(`${stdout}${stderr}`).not.toMatch(/hush-hush|key-secret|cookie-secret/);
    },
  );

  it('hides secrets that are given without quotes or without a colon', async () => {
    server = await serve(allowEverything);
    for (const args of [
      ['--header', 'Authorization:', 'Bearer', 'hush'],
      ['--header', 'Authorization hush'],
    ]) {
      const { code, stdout, stderr } = await doctor(server.url, ...args);
      expect(`${stdout}${stderr}`).not.toContain('hush');
      expect(code).toBe(2);
    }
  });

  it('examines a template', async () => {
    server = await serve(allowEverything);
    const { code, stdout } = await doctor(join(__dirname, '../../../template.yaml'));
    expect(stdout).toContain('OPTIONS /prod/scanRecords\n          deployed   200, allows *');
    expect(code).toBe(0);
  });
});

describe('--compare', () => {
  it('shows the differences, and exits with 1 when the verdicts differ', async () => {
    server = await serve(allowEverything);
    const other = await serve((_request, response) => response.end());
    try {
      const { code, stdout } = await doctor(server.url, '--compare', new URL(other.url).origin);
      expect(stdout).toContain('The verdicts differ.');
      expect(stdout).toContain('verdict\n  1  allowed\n  2  blocked: PreflightMissingAllowOriginHeader');
      expect(stdout).not.toContain('platform');
      expect(code).toBe(1);
    } finally {
      await other.close();
    }
  });

  it('exits with 0 when there are no differences', async () => {
    server = await serve(allowEverything);
    const { code, stdout } = await doctor(server.url, '--compare', server.url);
    expect(stdout).toMatch(/^No differences/);
    expect(code).toBe(0);
  });
});

describe('probes', () => {
  async function namesOf(...args: string[]): Promise<string[]> {
    const { stdout } = await doctor(server.url, '--json', ...args);
    return (JSON.parse(stdout) as { findings: { ruleId: string }[] }).findings.map(({ ruleId }) => ruleId);
  }

  it('find a server that allows any origin and does not list Origin in Vary', async () => {
    server = await serve((request, response) => {
      response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '');
      response.setHeader('Access-Control-Allow-Headers', 'content-type');
      response.end();
    });
    expect(await namesOf()).toEqual(expect.arrayContaining(['reflects-any-origin', 'vary-missing']));
  });

  it('find errors without CORS headers', async () => {
    server = await serve((request, response) => {
      if (request.url !== '/scanRecords') response.writeHead(404).end();
      else allowEverything(request, response);
    });
    expect(await namesOf()).toEqual(['unknown-path-without-cors']);
  });

  it('find a large body whose error a web page cannot read', async () => {
    server = await serve((request, response) => {
      if (Number(request.headers['content-length'] ?? 0) > 1e6) response.writeHead(413).end();
      else allowEverything(request, response);
    });
    expect(await namesOf('--oversized')).toEqual(['oversized-body-without-cors']);
  });

  it('find a header that the web page cannot read', async () => {
    server = await serve(allowEverything);
    expect(await namesOf('--read', 'X-Total')).toEqual(['header-not-exposed']);
  });
});
