/** Responses that the web page can read but cannot use: errors and HTML pages. No I/O. */
import type { Finding } from 'sam-template';
import type { Evidence, Observation } from '../evidence';
import { finding } from '../finding';
import { statusText } from './status';

/** Describes the problem of an allowed response, for the first line of the report. Undefined if it has none. */
export function objectionTo({ call, diagnosis, observations }: Evidence): string | undefined {
  const response = observations.at(-1);
  if (diagnosis.verdict !== 'allowed' || response === undefined) return undefined;
  if (response.status >= 400) return `but the response is an error: ${statusText(response.status)}`;
  return isUnexpectedPage(response, call) ? 'but the response is an HTML page' : undefined;
}

/** Explains the objection. */
export function explainObjection(evidence: Evidence): Finding[] {
  const { call, observations } = evidence;
  const response = observations.at(-1);
  if (response === undefined || objectionTo(evidence) === undefined) return [];
  if (response.status < 400) return [page(response)];
  const [message, fix] = developmentServer(evidence) ?? REASONS[response.status] ?? reasonOf(response.status);
  const excerpt = excerptOf(response);
  return [
    finding(
      `status-${response.status}`,
      'warning',
      `${call.method} ${response.url} returned ${statusText(response.status)}. CORS is right. ${message}${excerpt}`,
      fix,
    ),
  ];
}

function isUnexpectedPage({ contentType, status }: Observation, { headers }: Evidence['call']): boolean {
  const accept = headers.find(([name]) => /^accept$/i.test(name))?.[1] ?? '';
  return contentType === 'text/html' && status !== 204 && !accept.includes('text/html');
}

function page({ url, bodyStart }: Observation): Finding {
  const isVite = bodyStart.includes('/@vite/client');
  return finding(
    'html-instead-of-json',
    'warning',
    `The response is an HTML page, not JSON. ${isVite ? "It comes from Vite's development server: the web page calls itself instead of the API." : 'Servers send their start page or login page for paths that they do not know.'} response.json() fails with "Unexpected token '<'".`,
    isVite
      ? 'Call the URL of the API, or add its path to the proxy in vite.config.js.'
      : `Nothing to change for CORS. The server has no route for ${new URL(url).pathname}: find the right path in the routes of the API, for example with the prefix /api, and call it from the web page. Check host and port too.`,
    isVite ? viteProxy(url, 'http://localhost:3000') : [],
  );
}

/** Lines for `vite.config.js` that forward a path to the API, so that the web page needs no CORS. */
export function viteProxy(url: string, target: string): string[] {
  const path = `/${new URL(url).pathname.split('/')[1] ?? ''}`;
  return ['server: {', `  proxy: { '${path}': { target: '${target}', changeOrigin: true } },`, '},'];
}

type Reason = readonly [message: string, fix: string];

const REASONS: Readonly<Record<number, Reason>> = {
  401: [
    'The server requires credentials.',
    'Send them from the web page: an Authorization header, or cookies with credentials: \'include\'. Test it with --header "Authorization:Bearer TOKEN" or --credentials.',
  ],
  403: [
    'The server denies this request.',
    'Check the permissions of the user, the CSRF protection and the firewall.',
  ],
  404: ['The server has nothing at this path.', 'Correct the path in the URL.'],
  405: [
    'The server does not accept this method at this path.',
    'Use another method, for example --method GET, or correct the path.',
  ],
  413: ['The body is too large.', 'Send a smaller body, or raise the limit of the server.'],
  415: [
    'The server does not accept this Content-Type.',
    'Send the type that the API documents with --header Content-Type:TYPE.',
  ],
  429: ['The server has a rate limit.', 'Wait as long as Retry-After says.'],
  502: [
    'The application behind the proxy is down or not reachable.',
    'Start it, or correct its host and port in the proxy.',
  ],
  503: ['The application is not available.', 'Start it, or wait until it is healthy.'],
  504: [
    'The application behind the proxy does not respond in time.',
    'Start it, or correct its host and port in the proxy.',
  ],
};

function reasonOf(status: number): Reason {
  return status >= 500
    ? ['The code of the server fails.', 'Read the log of the server.']
    : [
        'The server does not accept this request.',
        'Send the body and the parameters that the API expects, for example with --body.',
      ];
}

/** A proxy of a development server, such as that of Vite, returns a 5xx without details if the API is down. */
function developmentServer({ call, observations }: Evidence): Reason | undefined {
  const response = observations.at(-1);
  if (response === undefined || response.status < 500 || response.bodyStart !== '') return undefined;
  if (new URL(response.url).origin !== call.origin) return undefined;
  return [
    'The web page calls its own server, so CORS does not apply.',
    'If a development server such as Vite forwards the request, start the API behind it, or correct its target in the proxy of vite.config.js.',
  ];
}

const MAX_EXCERPT_CHARS = 200;

/** The start of the body, where APIs explain their errors. */
function excerptOf({ contentType, bodyStart, status }: Observation): string {
  const text = bodyStart.replace(/\s+/g, ' ').trim();
  if (text === '' || contentType === 'text/html' || statusText(status).includes(text)) return '';
  const cut = text.length > MAX_EXCERPT_CHARS ? `${text.slice(0, MAX_EXCERPT_CHARS)}…` : text;
  return ` It says: ${cut}`;
}
