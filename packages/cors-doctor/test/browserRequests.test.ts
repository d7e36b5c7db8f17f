/** Servers that look at more than CORS headers, and the number of requests that the doctor sends them. */
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { runDoctor } from '../src/command';
import { createTransport } from '../src/http';
import { styleFor } from '../src/terminal';
import { allowEverything, serve, type TestServer } from './doctorProcess';

let server: TestServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Runs the command in this process against a new server. */
async function doctor(listener: RequestListener, ...args: string[]) {
  server = await serve(listener);
  let output = '';
  const code = await runDoctor([server.url, ...args], {
    transport: createTransport(),
    readFile: () => Promise.reject(new Error('nothing must be read')),
    write: (text) => (output += text),
    style: styleFor(new PassThrough()),
  });
  return { code, output, requests: server.requests };
}

describe('a firewall', () => {
  const rejectsRequestsWithout = (missing: (request: IncomingMessage) => boolean): RequestListener => {
    return (request, response) => {
      if (missing(request))
        response.writeHead(403, { 'Content-Type': 'text/html' }).end('<h1>Forbidden</h1>');
      else allowEverything(request, response);
    };
  };

  it.each([
    'user-agent',
    'referer',
    'accept',
    'accept-language',
    'accept-encoding',
    'sec-fetch-site',
    'sec-fetch-mode',
    'sec-fetch-dest',
    'connection',
  ])('that rejects requests without %s lets the doctor pass', async (name) => {
    const listener = rejectsRequestsWithout(({ headers }) => headers[name] === undefined);
    expect(await doctor(listener)).toMatchObject({ code: 0 });
  });

  it.each(['chromium', 'firefox', 'safari'])(
    'that knows browsers takes the doctor for %s',
    async (browser) => {
      const marks = { chromium: / Chrome\/\d/, firefox: / Firefox\/\d/, safari: / Version\/\d.* Safari\// };
      const { code } = await doctor(
        rejectsRequestsWithout(({ headers }) => {
          return !marks[browser as keyof typeof marks].test(headers['user-agent'] ?? '');
        }),
        '--browser',
        browser,
      );
      expect(code).toBe(0);
    },
  );

  it('that rejects requests without client hints lets the doctor pass after the preflight', async () => {
    const listener = rejectsRequestsWithout(
      ({ headers, method }) => method !== 'OPTIONS' && headers['sec-ch-ua'] === undefined,
    );
    expect(await doctor(listener)).toMatchObject({ code: 0 });
  });

  it('that accepts only the own site sees a web page of another site', async () => {
    const listener = rejectsRequestsWithout(({ headers }) => headers['sec-fetch-site'] === 'cross-site');
    expect(await doctor(listener)).toMatchObject({ code: 1 });
  });
});

describe('a server that never ends a body', () => {
  /** Sends headers and the start of a body. Resolves `closed` when the client closes the connection. */
  const endless = (headers: Record<string, string>, closed: Promise<unknown>[] = []): RequestListener => {
    return (request, response: ServerResponse) => {
      closed.push(once(response, 'close'));
      response.writeHead(200, {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Headers': 'Content-Type',
        ...headers,
      });
      response.write('data: 1\n\n');
    };
  };

  it.each([
    ['an event stream', { 'Content-Type': 'text/event-stream' }],
    ['an event stream with parameters', { 'Content-Type': 'text/event-stream; charset=utf-8' }],
    ['lines of JSON', { 'Content-Type': 'application/x-ndjson' }],
    ['a length that it does not send', { 'Content-Type': 'application/json', 'Content-Length': '1000' }],
    ['no type', {}],
  ])('gets the verdict ALLOWED, with %s, and a closed connection', async (_, headers) => {
    const closed: Promise<unknown>[] = [];
    const { code, output } = await doctor(endless(headers, closed), '--method', 'GET');
    expect(output).toMatch(/^ALLOWED: /);
    expect(code).toBe(0);
    await Promise.all(closed);
  });

  it('gets its verdict with a preflight too', async () => {
    expect(await doctor(endless({}), '--method', 'PUT', '--no-body')).toMatchObject({ code: 1 });
  });
});

describe('the number of requests', () => {
  it.each([
    [['--method', 'GET'], 3],
    [[], 5],
    [['--oversized'], 6],
    [['--method', 'DELETE', '--credentials'], 3],
  ])('with the options %j is at most %d', async (options, count) => {
    const { requests } = await doctor(allowEverything, ...options);
    expect(requests.length).toBeLessThanOrEqual(count);
  });

  it('is at most 46 when every request is redirected', async () => {
    const { requests } = await doctor((request, response) => {
      response.writeHead(request.method === 'OPTIONS' ? 200 : 307, {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Headers': 'Content-Type',
        Location: request.url ?? '',
      });
      response.end();
    }, '--oversized');
    expect(requests.length).toBe(46);
  });

  it('is 0 when the web page cannot send the request', async () => {
    const { code, requests } = await doctor(allowEverything, '--origin', 'https://app.example.com');
    expect([code, requests.length]).toEqual([1, 0]);
  });

  it('is not 0 when the user has allowed the local network', async () => {
    const options = ['--origin', 'https://app.example.com', '--allow-local-network'];
    expect(await doctor(allowEverything, ...options)).toMatchObject({ code: 0 });
  });
});

describe('the origin of an app or an extension', () => {
  const allowing = (origin: string): RequestListener => {
    return (request, response) => {
      const { origin: given } = request.headers;
      response.setHeader('Vary', 'Origin');
      if (given === origin) response.setHeader('Access-Control-Allow-Origin', given);
      response.setHeader('Access-Control-Allow-Headers', 'Content-Type');
      response.end('{}');
    };
  };

  it.each([
    'capacitor://localhost',
    'ionic://localhost',
    'tauri://localhost',
    'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
    'moz-extension://0c5a9b7e-6f0d-4d56-8d6c-0a1b2c3d4e5f',
    'safari-web-extension://0C5A9B7E-6F0D-4D56-8D6C-0A1B2C3D4E5F'.toLowerCase(),
    'app://obsidian.md',
    'vscode-webview://1a2b3c',
    'http://tauri.localhost',
    'http://localhost',
    'https://localhost',
    'null',
  ])('%s is examined like any other', async (origin) => {
    expect(await doctor(allowing(origin), '--origin', origin)).toMatchObject({ code: 0 });
    await server?.close();
    expect(await doctor(allowing('http://localhost:5173'), '--origin', origin)).toMatchObject({ code: 1 });
  });

  it.each([
    ['capacitor://localhost/', 'Did you mean capacitor://localhost?'],
    ['capacitor://localhost/index.html', 'Did you mean capacitor://localhost?'],
    ['file:///index.html', 'Local files have the origin null.'],
    ['capacitor:localhost', 'Use scheme, host and optional port'],
    ['localhost:5173', 'Use scheme, host and optional port'],
  ])('%s is rejected with a hint', async (origin, hint) => {
    const { code, output } = await doctor(allowEverything, '--origin', origin);
    expect(output).toContain(hint);
    expect(code).toBe(2);
  });
});

describe('a method', () => {
  const METHODS = 'GET,POST,PUT,PATCH,DELETE';
  const allowing: RequestListener = (_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Methods', METHODS);
    response.setHeader('Access-Control-Allow-Headers', 'Content-Type');
    response.end('{}');
  };

  it('in lower case must be written in upper case if fetch does not convert it', async () => {
    const { code, output } = await doctor(allowing, '--method', 'patch');
    expect(output.replace(/\s+/g, ' ')).toContain('the web page must write PATCH');
    expect(code).toBe(1);
  });

  it.each(['PATCH', 'put', 'delete', 'Post'])('%s is allowed', async (method) => {
    expect(await doctor(allowing, '--method', method)).toMatchObject({ code: 0 });
  });

  it('is not corrected if the server allows no such method', async () => {
    const { code, output } = await doctor(allowing, '--method', 'query');
    expect(output).not.toContain('must write');
    expect(code).toBe(1);
  });
});

describe('Authorization that is allowed by *', () => {
  const allowing: RequestListener = (_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', '*');
    response.end('{}');
  };

  it('is allowed by Chromium, with a warning', async () => {
    const { code, output } = await doctor(allowing, '--header', 'Authorization:Bearer a');
    expect(output).toContain('does not cover Authorization');
    expect(code).toBe(0);
  });

  it('is blocked in the standard, which Safari follows', async () => {
    const options = ['--header', 'Authorization:Bearer a', '--browser', 'safari'];
    expect(await doctor(allowing, ...options)).toMatchObject({ code: 1 });
  });
});
