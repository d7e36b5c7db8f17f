/** Tests `--har`: what a recording shows, and what it does not show. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { runDoctor } from '../src/command';
import { examineHar, type ExaminedHar } from '../src/har/examineHar';
import { readHar } from '../src/har/readHar';
import { harExitCode, harJson, reportHar } from '../src/har/report';
import { readInput } from '../src/input';
import { styleFor } from '../src/terminal';
import { API, entry, har, PAGE, preflight } from './harEntries';

const STAR = [['Access-Control-Allow-Origin', '*']] as const;
const FAILED = 'net::ERR_FAILED';

const examine = (text: string): Promise<ExaminedHar> => examineHar(readHar(text, 'a.har'));
const namesOf = ({ blocked }: ExaminedHar) => blocked.map(({ diagnosis }) => diagnosis.error?.name);
const print = (examined: ExaminedHar) => reportHar('a.har', examined, styleFor(new PassThrough()), true);

describe('a blocked request in a HAR file', () => {
  it.each([
    ['a response without CORS headers', [entry({ error: FAILED })], 'MissingAllowOriginHeader'],
    [
      'a preflight with 403',
      [
        entry({ method: 'PUT', status: 0, error: FAILED }),
        preflight('PUT', '', { status: 403, responseHeaders: STAR }),
      ],
      'PreflightInvalidStatus',
    ],
    [
      'a preflight before its request, as Firefox records it',
      [
        preflight('PUT', '', { status: 200, responseHeaders: STAR }),
        entry({ method: 'PUT', status: 0, type: 'xhr' }),
      ],
      'MethodDisallowedByPreflightResponse',
    ],
    [
      'a header that the preflight does not allow, which a sanitized file does not have',
      [
        preflight('GET', 'authorization', { responseHeaders: STAR }),
        entry({ status: 0, error: FAILED, requestHeaders: [] }),
      ],
      'HeaderDisallowedByPreflightResponse',
    ],
    [
      'an origin that is sent twice, joined with a line feed',
      [entry({ responseHeaders: [['access-control-allow-origin', `${PAGE}\n${PAGE}`]], error: FAILED })],
      'MultipleAllowOriginValues',
    ],
    [
      'a request with cookies',
      [entry({ requestHeaders: [['Cookie', 'id=1']], responseHeaders: STAR, error: FAILED })],
      'WildcardOriginNotAllowed',
    ],
    [
      'a redirect to a URL without CORS headers',
      [
        entry({ status: 302, responseHeaders: [...STAR, ['Location', `${API}/login`]] }),
        entry({ path: '/login', error: FAILED }),
      ],
      'MissingAllowOriginHeader',
    ],
    [
      'headers without a status',
      [entry({ status: 0, responseHeaders: [['Server', 'nginx']], error: FAILED })],
      'MissingAllowOriginHeader',
    ],
  ])('is explained: %s', async (_description, entries, name) => {
    const examined = await examine(har(...entries));
    expect(namesOf(examined)).toEqual([name]);
    expect(examined.unknown).toEqual([]);
    expect(harExitCode(examined)).toBe(1);
    expect(print(examined)).toContain('BLOCKED: ');
  });

  it('is printed once with the number of requests like it', async () => {
    const poll = (at: number) => entry({ path: `/items?at=${at}`, error: FAILED });
    const printed = print(await examine(har(poll(1), poll(2), poll(3))));
    expect(printed).toContain('a.har has 3 requests to other origins: 3 blocked.');
    expect(printed).toContain('The recording has 3 requests like this one.');
    expect(printed.match(/BLOCKED/g)).toHaveLength(1);
  });

  it('is blocked only with credentials, which the report says', async () => {
    const examined = await examine(har(entry({ responseHeaders: STAR, error: FAILED })));
    expect(namesOf(examined)).toEqual(['WildcardOriginNotAllowed']);
    expect(print(examined).replace(/\s+/g, ' ')).toContain(
      "only if the web page calls fetch with credentials: 'include'",
    );
  });
});

describe('a recording of Chromium', () => {
  // Recorded with the DevTools protocol, with the fields that DevTools write. The names are those that Chromium reported.
  it('is explained as Chromium explained it', async () => {
    const examined = await examine(await readFile(join(__dirname, 'chromium.har'), 'utf8'));
    expect(examined.calls).toBe(8);
    expect(
      examined.blocked.map(({ call, diagnosis }) => [new URL(call.url).pathname, diagnosis.error?.name]),
    ).toEqual([
      ['/none', 'MissingAllowOriginHeader'],
      ['/header', 'HeaderDisallowedByPreflightResponse'],
      ['/star', 'WildcardOriginNotAllowed'],
      ['/twice', 'MultipleAllowOriginValues'],
      ['/redirect', 'MissingAllowOriginHeader'],
      ['/pre404', 'PreflightInvalidStatus'],
    ]);
    expect(examined.unreachable.map(({ call }) => call.url)).toEqual(['http://localhost:4999/x']);
    expect(examined.unknown).toEqual([]);
  });
});

describe('a request that a HAR file does not explain', () => {
  it.each([
    [
      'no response',
      entry({ status: 0, error: FAILED }),
      'is not recorded. The browser reported net::ERR_FAILED.',
    ],
    [
      'no preflight',
      entry({ method: 'PUT', status: 0, error: FAILED }),
      `The response to OPTIONS ${API}/items is not recorded.`,
    ],
    [
      'a response that allows it',
      entry({
        responseHeaders: [
          ['Access-Control-Allow-Origin', PAGE],
          ['Access-Control-Allow-Credentials', 'true'],
        ],
        error: 'net::ERR_ABORTED',
      }),
      'The recorded responses allow the request, but it failed. The browser reported net::ERR_ABORTED.',
    ],
    ['an ad blocker', entry({ status: 0, error: 'net::ERR_BLOCKED_BY_CLIENT' }), 'such as an ad blocker'],
    [
      "Safari's reason",
      entry({
        status: 0,
        error: `Origin ${PAGE} is not allowed by Access-Control-Allow-Origin. Status code: 200`,
      }),
      'Add the origin of the web page to the origins that the server allows.',
    ],
  ])('is unknown: %s', async (_description, one, message) => {
    const examined = await examine(har(one));
    expect(examined.blocked).toEqual([]);
    expect(harExitCode(examined)).toBe(2);
    expect(print(examined).replace(/\s+/g, ' ')).toContain(message);
  });

  it('names a network failure', async () => {
    const examined = await examine(har(entry({ status: 0, error: 'net::ERR_CONNECTION_REFUSED' })));
    expect(examined.unreachable).toHaveLength(1);
    expect(print(examined)).toContain(
      'a.har has 1 request to other origins: 0 blocked, 1 without a response.',
    );
  });
});

describe('a HAR file without blocked requests', () => {
  it('believes a browser that names the errors of failed requests', async () => {
    const examined = await examine(har(entry({ responseHeaders: [] })));
    expect(examined).toEqual({ calls: 1, blocked: [], unreachable: [], unknown: [] });
  });

  it('returns 0 if every response allows its request, although the preflight is not recorded', async () => {
    const examined = await examine(har(entry({ method: 'PUT', responseHeaders: STAR })));
    expect(examined).toEqual({ calls: 1, blocked: [], unreachable: [], unknown: [] });
    expect(harExitCode(examined)).toBe(0);
  });

  it('returns 2 if there are no requests to other origins', async () => {
    const sameOrigin = {
      request: { method: 'GET', url: `${PAGE}/a`, headers: [] },
      response: { status: 200 },
    };
    const navigation = entry({ type: 'document' });
    const image = entry({ type: 'image', requestHeaders: [['Sec-Fetch-Mode', 'no-cors']] });
    const examined = await examine(har(sameOrigin, navigation, image));
    expect(examined.calls).toBe(0);
    expect(harExitCode(examined)).toBe(2);
  });
});

describe('the command', () => {
  const run = async (args: readonly string[], input: string) => {
    let output = '';
    const code = await runDoctor(args, {
      transport: () => Promise.reject(new Error('nothing must be sent')),
      readFile: (path) =>
        path === 'missing.har' ? Promise.reject(new Error('ENOENT')) : Promise.resolve(input),
      write: (text) => (output += text),
      style: styleFor(new PassThrough()),
    });
    return { code, output };
  };

  it('reads a file and sends nothing', async () => {
    const { code, output } = await run(['--har', 'a.har'], har(entry({ error: FAILED })));
    expect(code).toBe(1);
    expect(output).toContain('a.har has 1 request to other origins: 1 blocked.');
    expect(output).toContain('Recorded 1 request.');
  });

  it('reads standard input', async () => {
    expect((await run(['--har', '-'], har())).output).toContain('Standard input has no requests');
  });

  it.each([
    [['--har', 'missing.har'], 'Cannot read missing.har: ENOENT.'],
    [['--har', 'a.har'], 'a.har is not a HAR file'],
    [['--har', 'a.har', '--console', 'b'], '--har and --console exclude each other.'],
    [['--har', 'a.har', 'http://a.example'], '--har and --console take no URL.'],
    [['--console', 'b', '--method', 'GET'], '--method does not apply to a recording.'],
  ])('rejects %j', async (args, message) => {
    const { code, output } = await run(args, 'not JSON');
    expect(code).toBe(2);
    expect(output).toContain(message);
  });

  it('rejects an input that is too large', async () => {
    await expect(readInput('-', Readable.from(['ab', 'cd']), 3)).rejects.toThrow(
      'Standard input is larger than 0 MB',
    );
  });
});

describe('secrets', () => {
  it('are not in the output', async () => {
    const secrets = entry({
      path: '/items?key=s3cr3t-query&a',
      requestHeaders: [
        ['Authorization', 'Bearer s3cr3t-token'],
        ['Cookie', 'session=s3cr3t-cookie'],
        ['X-Api-Key', 's3cr3t-key'],
      ],
      responseHeaders: [
        ['Set-Cookie', 'session=s3cr3t-new'],
        ['Location', '/login?token=s3cr3t-location'],
        ['Access-Control-Allow-Origin', 'https://other.example/?s3cr3t-origin'],
      ],
      status: 302,
      error: FAILED,
    });
    const examined = await examine(har(secrets));
    expect(examined.blocked).toHaveLength(1);
    for (const output of [print(examined), harJson(examined)]) expect(output).not.toContain('s3cr3t');
  });
});

describe('readHar', () => {
  it.each([
    ['not JSON', 'it is not valid JSON'],
    ['{}', 'it has no "log" with "entries"'],
    ['[]', 'it has no "log" with "entries"'],
    ['null', 'it has no "log" with "entries"'],
  ])('rejects %s', (text, message) => {
    expect(() => readHar(text, 'a.har')).toThrow(message);
  });

  it('leaves out entries that are not valid, pseudo headers and fragments', () => {
    const odd = [
      null,
      1,
      {},
      { request: { url: 'x', method: 'GET' } },
      {
        request: {
          url: `${API}/#a`,
          method: 'GET',
          headers: [{ name: ':path', value: '/' }, { name: 'A' }, null],
        },
      },
    ];
    expect(readHar(`\ufeff${JSON.stringify({ log: { entries: odd } })}`, 'a.har')).toMatchObject([
      { url: `${API}/`, requestHeaders: [], status: 0 },
    ]);
  });
});
