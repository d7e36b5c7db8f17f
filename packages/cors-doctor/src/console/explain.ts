/** Explains a console message: the cause and the fix, from what the message holds. No I/O. */
import type { Finding } from 'sam-template';
import { finding } from '../finding';
import type { ConsoleMessage, Problem } from './message';

/** The cause, the fix, and lines to write. */
type Explanation = readonly [message: string, description: string, lines?: readonly string[]];

/** Stands for an origin that the message does not name. */
const ANY_ORIGIN = 'ORIGIN-OF-THE-WEB-PAGE';

/** Returns the cause and the fix as a finding. */
export function explainMessage(message: ConsoleMessage): Finding {
  const [cause, description, lines = []] = EXPLANATIONS[message.problem](message);
  const { status, atPreflight } = message;
  const note =
    status !== undefined && status >= 400
      ? ` The status of the ${atPreflight === true ? 'preflight' : 'response'} was ${status}. Fix its cause too.`
      : '';
  return finding(message.problem, 'error', `${cause}${note}`, description, lines);
}

const shown = (value: string | undefined) => (value === undefined || value === '' ? 'empty' : `"${value}"`);

const origin = ({ origin: own }: ConsoleMessage) => `Access-Control-Allow-Origin: ${own ?? ANY_ORIGIN}`;

const ALLOW_CREDENTIALS = 'Access-Control-Allow-Credentials: true';

/** Names the response whose headers are wrong. */
function place({ atPreflight }: ConsoleMessage): string {
  if (atPreflight === undefined) return 'the response, or the response to the preflight (OPTIONS)';
  return atPreflight ? 'the response to the preflight (OPTIONS)' : 'the response';
}

const EVERYWHERE =
  'Send this header with every response on this path: to OPTIONS, to the request itself, and with errors.';

const EXPLANATIONS: Readonly<Record<Problem, (message: ConsoleMessage) => Explanation>> = {
  'missing-origin': (message) => [
    `No Access-Control-Allow-Origin in ${place(message)}. Either the server has no CORS configuration for this path, or something before it, such as a proxy or an authorizer, sent the response.`,
    EVERYWHERE,
    [origin(message)],
  ],
  'origin-mismatch': (message) => [
    message.value === undefined
      ? `Access-Control-Allow-Origin in ${place(message)} is missing or has another value than the origin of the web page.`
      : `Access-Control-Allow-Origin in ${place(message)} is ${shown(message.value)}, not the origin of the web page. Every character counts: scheme, host, port, and no slash at the end.`,
    'Add the origin of the web page to the origins that the server allows.',
    [origin(message)],
  ],
  'invalid-origin': (message) => [
    `Access-Control-Allow-Origin in ${place(message)} is ${shown(message.value)}, which is not a valid origin.`,
    'Send the origin of the web page: scheme, host and port, without a path and without quotes.',
    [origin(message)],
  ],
  'multiple-origins': (message) => [
    `Access-Control-Allow-Origin in ${place(message)} has several values${message.value === undefined ? '' : `: ${message.value}`}. Usually two places set it, for example the application and a proxy.`,
    'Set the header in one place only, to one origin. A list of origins is not allowed: the server must compare, and send the matching one.',
    [origin(message)],
  ],
  'wildcard-with-credentials': (message) => [
    `The web page sends credentials, and Access-Control-Allow-Origin in ${place(message)} is *. Browsers do not accept * with credentials.`,
    "Send the origin of the web page in place of *. Or, if the server needs no cookies, call fetch without credentials: 'include'.",
    [origin(message), ALLOW_CREDENTIALS],
  ],
  credentials: (message) => [
    `The web page sends credentials, but Access-Control-Allow-Credentials in ${place(message)} is not true.`,
    "Send this header, in lower case. Or, if the server needs no cookies, call fetch without credentials: 'include'.",
    [ALLOW_CREDENTIALS],
  ],
  'preflight-status': () => [
    'The server does not respond to the preflight (OPTIONS) with a status from 200 to 299. Often it has no route for OPTIONS, or an authentication check comes before it: a preflight never has credentials.',
    'Respond to OPTIONS on this path with 200 or 204, before any check of credentials.',
  ],
  'preflight-redirect': () => [
    'The server redirects the preflight (OPTIONS). Browsers do not follow redirects of preflights. Common reasons are http in place of https, a slash at the end of the path, and a login page.',
    'Call the URL to which the server redirects.',
  ],
  'methods-unreadable': () => [
    'Access-Control-Allow-Methods in the response to the preflight (OPTIONS) is not a valid list.',
    'Separate the methods with commas.',
    ['Access-Control-Allow-Methods: GET,POST'],
  ],
  'headers-unreadable': () => [
    'Access-Control-Allow-Headers in the response to the preflight (OPTIONS) is not a valid list.',
    'Separate the names with commas.',
    ['Access-Control-Allow-Headers: Content-Type,Authorization'],
  ],
  method: ({ value }) => [
    `The response to the preflight (OPTIONS) does not allow ${value === undefined ? 'the method of the request' : `the method ${value}`}.`,
    value !== undefined && value !== value.toUpperCase()
      ? `Methods are case-sensitive: write ${value.toUpperCase()} in the web page.`
      : 'Add the method to Access-Control-Allow-Methods.',
    value !== undefined && value !== value.toUpperCase()
      ? [`method: '${value.toUpperCase()}'`]
      : [`Access-Control-Allow-Methods: ${value ?? 'METHOD'}`],
  ],
  header: ({ value = '' }) =>
    /^access-control-/i.test(value)
      ? [
          `The web page sends the header ${value}, which only servers send.`,
          'Remove it from the request in the web page.',
        ]
      : [
          `The response to the preflight (OPTIONS) does not allow the request header ${value}.`,
          'Add the header to Access-Control-Allow-Headers, or do not send it.',
          [`Access-Control-Allow-Headers: ${value}`],
        ],
  'authorization-wildcard': () => [
    'Access-Control-Allow-Headers: * does not cover Authorization.',
    'List Authorization by name.',
    ['Access-Control-Allow-Headers: *,Authorization'],
  ],
  'redirect-with-password': () => [
    'The server redirects to a URL with a user name and a password, which browsers do not follow to another origin.',
    'Redirect to a URL without them, or call that URL directly.',
  ],
  'redirect-elsewhere': () => [
    'The server redirects to another origin, where the browser does not follow.',
    'Call the URL to which the server redirects.',
  ],
  scheme: () => [
    'The URL is not http or https.',
    'Serve the API over http or https, and write the whole URL. For a file of the web page, use a web server on localhost.',
  ],
  'request-mode': () => [
    'The web page requests another origin in a mode that does not allow it.',
    "Remove mode: 'same-origin' or 'no-cors' from the call of fetch.",
  ],
  'cors-disabled': () => [
    'CORS is turned off in the settings of this Firefox.',
    'Open about:config, and set content.cors.disable to false.',
  ],
  'origin-not-sent': () => [
    'Firefox could not add the header Origin to the request, for example because an extension changes requests.',
    'Try again in a private window without extensions.',
  ],
  'invalid-response': () => [
    'The browser could not use the response.',
    'Send the request with the doctor, and check the log of the server.',
  ],
  'local-network': ({ value }) => [
    `The server is in a more private network than the web page${value === undefined ? '' : ` (${value})`}. Chromium asks the user for permission, and only for web pages over https. No CORS header changes that.`,
    'During development, open the web page from localhost too. Otherwise serve it over https and allow the access, or give the server a public address.',
  ],
  'private-network-header': () => [
    'This version of Chromium asks servers in a private network for permission in the preflight (OPTIONS).',
    'Send this header with the response to the preflight. Newer versions ask the user.',
    ['Access-Control-Allow-Private-Network: true'],
  ],
  'mixed-content': () => [
    'The web page uses https, the server http. Browsers block this, and no CORS header changes it.',
    'Serve the API over https. During development, you can open the web page from http://localhost.',
  ],
  'content-security-policy': ({ value }) => [
    `The Content-Security-Policy of the web page does not allow the request${value === undefined ? '' : `: ${value}`}. The server of the API is not the cause.`,
    'Add the origin of the API to connect-src in the policy of the web page.',
  ],
  network: ({ value }) => NETWORK_ERRORS.find(([pattern]) => pattern.test(value ?? ''))?.[1] ?? NO_RESPONSE,
  unspecified: ({ browser }) => [
    'The message does not say why the browser blocked the request.',
    browser === 'Safari'
      ? 'Copy the lines before it from the console too. Or run the doctor.'
      : 'Copy the whole message from the console, beginning with "Access to fetch". Or run the doctor.',
  ],
};

const NO_RESPONSE: Explanation = [
  'There was no response: the connection failed, or the browser did not send the request. This is not about CORS headers.',
  'Run the doctor, which says why. If it gets a response, an extension of the browser, such as an ad blocker, may block the request.',
];

const NETWORK_ERRORS: readonly [pattern: RegExp, explanation: Explanation][] = [
  [
    /ERR_CONNECTION_REFUSED/,
    ['Nothing listens on this host and port.', 'Start the server, or correct the port in the URL.'],
  ],
  [
    /NAME_NOT_RESOLVED/,
    ['The host name does not exist, or its DNS lookup failed.', 'Correct the host in the URL.'],
  ],
  [
    /CERT/,
    [
      'The browser does not trust the TLS certificate of the server.',
      'Open the URL in a tab to see why. Use a certificate that browsers trust. For a server on this machine, you can use http.',
    ],
  ],
  [/SSL/, ['The TLS connection failed.', 'Check whether this port uses https: the server may speak http.']],
  [
    /TIMED_OUT/,
    ['The server did not respond in time.', 'Check the log of the server: did the request arrive?'],
  ],
  [
    /BLOCKED_BY_CLIENT/,
    [
      'An extension of the browser, such as an ad blocker, blocked the request.',
      'Turn the extension off for this web page, or use another path: words such as "ads" or "track" are often blocked.',
    ],
  ],
  [
    /EMPTY_RESPONSE|CONNECTION_(?:RESET|CLOSED)/,
    ['The server closed the connection without a response.', 'Check the log of the server for a crash.'],
  ],
  [
    /ABORTED/,
    [
      'The web page aborted the request, or the user left the page.',
      'Nothing needs to be fixed on the server.',
    ],
  ],
];
