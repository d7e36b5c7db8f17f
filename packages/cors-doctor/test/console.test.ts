/** Tests `--console`: messages of each browser, and the command that finds out more. */
import { chromiumMessages, PROBLEMS } from '../src/console/chromium';
import { explainConsole, reportConsole } from '../src/console/report';
import { corsErrorWords, REASONS, type CorsErrorName } from '../src/corsErrors';
import { styleFor } from '../src/terminal';
import { PassThrough } from 'node:stream';

const URL = 'https://api.example.com/items';
const ORIGIN = 'http://localhost:5173';
const NAMES = Object.keys(REASONS) as CorsErrorName[];

/** The messages of the table are compared with those of the real Chromium in chromium.test.ts. */
const words = (name: CorsErrorName, hint = 'x-value') =>
  corsErrorWords({ name, url: URL, firstUrl: URL, origin: ORIGIN, hint });

describe("Chromium's messages", () => {
  it.each(NAMES)('explains %s', (name) => {
    const [message, ...others] = chromiumMessages(words(name));
    expect(others).toEqual([]);
    expect(message).toMatchObject({ problem: PROBLEMS[name], url: URL, origin: ORIGIN });
    const [explained] = explainConsole(words(name));
    expect(explained?.finding.fix.description).not.toBe('');
  });

  it.each([
    ['AllowOriginMismatch', 'https://other.example'],
    ['MethodDisallowedByPreflightResponse', 'patch'],
    ['HeaderDisallowedByPreflightResponse', 'x-tenant'],
    ['InvalidAllowOriginValue', "it's, odd"],
    ['InsecureLocalNetwork', 'loopback'],
  ] as const)('takes the value from %s', (name, hint) => {
    expect(chromiumMessages(words(name, hint))[0]?.value).toBe(hint);
  });

  it.each(NAMES.filter((name) => name.includes('Preflight')))(
    'knows that %s is about the preflight',
    (name) => {
      expect(chromiumMessages(words(name))[0]?.atPreflight).toBe(true);
    },
  );

  it.each([
    [
      "No 'Access-Control-Allow-Origin' header is present on the requested resource. If an opaque response serves your needs, set the request's mode to 'no-cors' to fetch the resource with CORS disabled.",
      'missing-origin',
    ],
    [
      "The 'Access-Control-Allow-Origin' header has a value 'https://a.example' that is not equal to the supplied origin. Have the server send the header with a valid value, or, if an opaque response serves your needs, set the request's mode to 'no-cors' to fetch the resource with CORS disabled.",
      'origin-mismatch',
    ],
    [
      'Cross origin requests are only supported for protocol schemes: http, data, chrome, chrome-extension, https.',
      'scheme',
    ],
    [
      'The request client is not a secure context and the resource is in more-private address space `private`.',
      'local-network',
    ],
    ['Permission was denied for this request to access the `loopback` address space.', 'local-network'],
    [
      "Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Private-Network' header was present in the preflight response for this private network request targeting the `local` address space.",
      'private-network-header',
    ],
    ['Some reason of a later version.', 'unspecified'],
  ])('knows the wording of other versions: %s', (reason, problem) => {
    const text = `Access to XMLHttpRequest at '${URL}' from origin '${ORIGIN}' has been blocked by CORS policy: ${reason}`;
    expect(chromiumMessages(text)).toMatchObject([{ problem, url: URL }]);
  });

  it('takes the method and the status from the line after the message', () => {
    const text = `app.js:1 ${words('MissingAllowOriginHeader')}\napp.js:2  PUT ${URL} net::ERR_FAILED 502 (Bad Gateway)`;
    const explained = explainConsole(text);
    expect(explained).toHaveLength(1);
    expect(explained[0]).toMatchObject({ message: { method: 'PUT', status: 502 } });
    expect(explained[0]?.finding.message).toContain('The status of the response was 502.');
  });

  it('explains a message that was wrapped when it was copied', () => {
    const wrapped = words('PreflightInvalidStatus').replaceAll(' ', '\n  ');
    expect(explainConsole(wrapped)).toMatchObject([{ message: { problem: 'preflight-status', url: URL } }]);
  });

  it('names the first URL of a redirected request in the command', () => {
    const text = corsErrorWords({
      name: 'MissingAllowOriginHeader',
      url: 'https://login.example.com/',
      firstUrl: URL,
      origin: ORIGIN,
      hint: '',
    });
    expect(explainConsole(text)[0]?.command).toBe(`cors-doctor ${URL} --origin ${ORIGIN}`);
  });

  it.each([
    ['GET http://localhost:3000/ net::ERR_CONNECTION_REFUSED', 'Nothing listens on this host and port.'],
    ['GET https://ads.example/track net::ERR_BLOCKED_BY_CLIENT', 'ad blocker'],
    ['POST https://localhost:3000/ net::ERR_SSL_PROTOCOL_ERROR', 'The TLS connection failed.'],
    [
      "Mixed Content: The page at 'https://app.example/a' was loaded over HTTPS, but requested an insecure resource 'http://api.example/b'. This request has been blocked; the content must be served over HTTPS.",
      'The web page uses https, the server http.',
    ],
    [
      `Connecting to 'https://api.example/' violates the following Content Security Policy directive: "connect-src 'self'". The action has been blocked.`,
      "connect-src 'self'",
    ],
  ])('explains failures without CORS: %s', (text, message) => {
    expect(
      explainConsole(text)
        .map(({ finding }) => finding.message)
        .join(),
    ).toContain(message);
  });
});

describe("Firefox's messages", () => {
  it.each([
    ['CORS disabled', 'cors-disabled'],
    ['CORS request did not succeed', 'network'],
    ['CORS header ‘Origin’ cannot be added', 'origin-not-sent'],
    ['CORS request external redirect not allowed', 'redirect-elsewhere'],
    ['CORS request not http', 'scheme'],
    ['CORS header ‘Access-Control-Allow-Origin’ missing', 'missing-origin'],
    ['Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed', 'multiple-origins'],
    ['CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://a.example’', 'origin-mismatch'],
    [
      'Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’',
      'wildcard-with-credentials',
    ],
    ['Did not find method in CORS header ‘Access-Control-Allow-Methods’', 'method'],
    ['expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’', 'credentials'],
    ['CORS preflight response did not succeed', 'preflight-status'],
    ['invalid token ‘a b’ in CORS header ‘Access-Control-Allow-Methods’', 'methods-unreadable'],
    ['invalid token ‘a b’ in CORS header ‘Access-Control-Allow-Headers’', 'headers-unreadable'],
    [
      'header ‘x-tenant’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response',
      'header',
    ],
  ])('explains "%s"', (reason, problem) => {
    const text = `Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ${URL}. (Reason: ${reason}).`;
    expect(explainConsole(text)).toMatchObject([{ message: { browser: 'Firefox', problem, url: URL } }]);
  });

  it('takes the value and the status', () => {
    const prefix = `Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ‘${URL}’. (Reason: `;
    expect(
      explainConsole(`${prefix}CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 404.`),
    ).toMatchObject([{ message: { status: 404, url: URL } }]);
    expect(
      explainConsole(`${prefix}CORS header ‘Access-Control-Allow-Origin’ does not match ‘${ORIGIN}/’).`),
    ).toMatchObject([{ message: { value: `${ORIGIN}/` } }]);
  });
});

describe("Safari's messages", () => {
  const END = `\n[Error] Fetch API cannot load ${URL} due to access control checks.`;

  it.each([
    [`Origin ${ORIGIN} is not allowed by Access-Control-Allow-Origin. Status code: 200`, 'origin-mismatch'],
    [
      'Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.',
      'wildcard-with-credentials',
    ],
    ['Access-Control-Allow-Origin cannot contain more than one origin.', 'multiple-origins'],
    ['Credentials flag is true, but Access-Control-Allow-Credentials is not "true".', 'credentials'],
    ['Preflight response is not successful. Status code: 404', 'preflight-status'],
    ['Method PUT is not allowed by Access-Control-Allow-Methods.', 'method'],
    ['Request header field X-Tenant is not allowed by Access-Control-Allow-Headers.', 'header'],
  ])('explains "%s"', (reason, problem) => {
    expect(explainConsole(`[Error] ${reason}${END}`)).toMatchObject([
      { message: { browser: 'Safari', problem, url: URL } },
    ]);
  });

  it('asks for the lines before the one that does not say why', () => {
    const [explained] = explainConsole(END);
    expect(explained?.message.problem).toBe('unspecified');
    expect(explained?.finding.fix.description).toContain('Copy the lines before it');
  });
});

describe('the report of a console message', () => {
  const style = styleFor(new PassThrough());

  it('fills the command with what the message holds', () => {
    const command = (name: CorsErrorName, hint: string) => explainConsole(words(name, hint))[0]?.command;
    const start = `cors-doctor ${URL} --origin ${ORIGIN}`;
    expect(command('HeaderDisallowedByPreflightResponse', 'x-tenant')).toBe(`${start} --header x-tenant`);
    expect(command('MethodDisallowedByPreflightResponse', 'PATCH')).toBe(`${start} --method PATCH`);
    expect(command('InvalidAllowCredentials', '')).toBe(`${start} --credentials`);
  });

  it('hides query strings and passwords', () => {
    const text = words('MissingAllowOriginHeader').replaceAll(
      URL,
      'https://me:pass@api.example.com/items?key=s3cr3t',
    );
    const printed = reportConsole(explainConsole(text), style);
    expect(printed).not.toMatch(/s3cr3t|pass@/);
    expect(printed).toContain('cors-doctor https://api.example.com/items --origin');
  });

  it('quotes what a shell would interpret, and escapes what a terminal would', () => {
    const text = words('MissingAllowOriginHeader')
      .replaceAll(URL, 'https://api.example.com/$(id)')
      .replaceAll(ORIGIN, 'http://a\u001b[2J');
    const printed = reportConsole(explainConsole(text), style);
    expect(printed).toContain("'https://api.example.com/$(id)'");
    expect(printed).not.toContain('\u001b');
  });

  it('prints one of several equal messages', () => {
    expect(explainConsole(`${words('InvalidResponse')}\n${words('InvalidResponse')}`)).toHaveLength(1);
  });

  it('rejects a text without a message that it knows', () => {
    expect(() => explainConsole('TypeError: Failed to fetch')).toThrow('the lines above it say why');
  });
});
