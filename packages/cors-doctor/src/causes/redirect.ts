/** A redirect that browsers do not follow, or that leads to a response that they block. No I/O. */
import type { Evidence, Observation } from '../evidence';
import type { Cause, Failure } from './cause';

export interface Redirect {
  from: URL;
  status: number;
  /** The URL that the web page can call instead. Undefined if the redirect leads to a login page. */
  target: URL | undefined;
  location: URL;
}

/** Returns the last redirect of the blocked request, or undefined if there was none. */
export function redirectOf({ observations }: Pick<Evidence, 'observations'>): Redirect | undefined {
  const redirected = observations.filter(isRedirect).at(-1);
  if (redirected?.redirectTarget === undefined) return undefined;
  const [from, location] = [new URL(redirected.url), new URL(redirected.redirectTarget)];
  const target = isLogin(from, location) ? undefined : callable(from, location);
  return { from, status: redirected.status, target, location };
}

export function redirectCause({ response }: Failure, evidence: Evidence): Cause | undefined {
  const redirect = redirectOf(evidence);
  if (redirect === undefined) return undefined;
  const { from, location, status, target } = redirect;
  const isPreflight = response.method === 'OPTIONS' && response.purpose === 'preflight';
  const { method } = evidence.call;
  const moved = `The server redirects ${isPreflight ? 'the preflight of ' : ''}${method} ${from.href} to ${location.href} (status ${status}).`;
  if (target === undefined) return login(moved, isPreflight, evidence);
  return {
    ruleId: 'redirect',
    message: `${moved} ${consequence(response, isPreflight, evidence)}`,
    fix: {
      description: `In the web page, change only the URL${differenceOf(from, target)}. Keep the method, the headers and the body.`,
      lines: [`fetch('${target.href}', { method: '${method}' /* … */ })`],
    },
  };
}

function login(moved: string, isPreflight: boolean, { call }: Evidence): Cause {
  const message = `${moved} This looks like a login page: the server requires credentials`;
  if (isPreflight) {
    return {
      ruleId: 'redirect-to-login',
      message: `${message}, which browsers never send with a preflight.`,
      fix: 'allow',
    };
  }
  return {
    ruleId: 'redirect-to-login',
    message: `${message}, and the login page does not allow other origins.`,
    fix: {
      description:
        'Log in first, and send the credentials with fetch: cookies as below, or an Authorization header. On the server, respond to such requests with 401 instead of a redirect.',
      lines: [`fetch('${call.url}', { method: '${call.method}', credentials: 'include' /* … */ })`],
    },
  };
}

function isRedirect({ status, redirectTarget }: Observation): boolean {
  return [301, 302, 303, 307, 308].includes(status) && redirectTarget !== undefined;
}

const LOGIN = /(?:^|[/._-])(?:log-?in|sign-?in|log_in|sign_in|sso|oauth2?|authorize|saml2?)(?:[/._?-]|$)/i;

function isLogin(from: URL, { hostname, pathname }: URL): boolean {
  return LOGIN.test(pathname) || (hostname !== from.hostname && LOGIN.test(hostname));
}

/**
 * Servers behind a proxy often do not know their own scheme and port. If the redirect differs in these only, the web
 * page must keep what it uses.
 */
function callable(from: URL, location: URL): URL {
  const url = new URL(location);
  const losesTls = from.protocol === 'https:' && location.protocol === 'http:';
  const losesPort = from.protocol === location.protocol && from.port !== '' && location.port === '';
  if (from.hostname === location.hostname && (losesTls || losesPort)) {
    url.protocol = from.protocol;
    url.port = from.port;
  }
  url.hash = '';
  return url;
}

function consequence(
  { url, headers, redirectTarget }: Observation,
  isPreflight: boolean,
  { call }: Evidence,
): string {
  if (isPreflight && redirectTarget !== undefined)
    return 'Browsers do not follow the redirect of a preflight.';
  if (redirectTarget !== undefined) {
    const allowed = headers.some(([name]) => /^access-control-allow-origin$/i.test(name));
    return allowed
      ? 'The redirect itself does not allow the origin.'
      : 'The redirect itself has no Access-Control-Allow-Origin, which every response needs.';
  }
  const isForeign = new URL(url).origin !== new URL(call.url).origin;
  return isForeign
    ? 'The response there does not allow the request: after a redirect to another server, the browser sends Origin: null.'
    : 'The response there does not allow the request.';
}

/** Names the difference of the new URL, because a slash is easily overlooked. */
function differenceOf(from: URL, target: URL): string {
  if (from.host === target.host && from.protocol !== target.protocol) return ', with https instead of http';
  if (from.origin !== target.origin) return '';
  if (target.pathname === `${from.pathname}/`) return ', with the slash at the end';
  return from.pathname === `${target.pathname}/` ? ', without the slash at the end' : '';
}
