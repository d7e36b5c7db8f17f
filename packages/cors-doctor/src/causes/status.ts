/** A status that makes a preflight fail, or an error response without CORS headers. No I/O. */
import type { Evidence } from '../evidence';
import type { Cause, Failure } from './cause';

/**
 * Returns undefined if the status is not the cause.
 *
 * @param proxy the name of the server that responds instead of the application.
 */
export function statusCause(
  { response, step }: Failure,
  { call }: Evidence,
  proxy = 'this server',
): Cause | undefined {
  const { status, purpose } = response;
  const isPreflight = purpose === 'preflight';
  const isMissing = step.name.endsWith('Access-Control-Allow-Origin') && step.received === 'missing';
  if (step.name !== 'preflight: status' && !(isMissing && (status < 200 || status > 299))) return undefined;
  if (isUnavailable(status)) return unavailable(status, isPreflight ? 'OPTIONS' : call.method, proxy);
  return isPreflight
    ? { ...PREFLIGHT(status), fix: 'allow' }
    : {
        ruleId: 'error-without-cors',
        message: `The server returned ${statusText(status)}, and this response has no Access-Control-Allow-Origin. The web page sees a CORS error instead of the status. ${REQUEST_REASONS[status] ?? 'Fix the cause of the status too.'}`,
        fix: 'allow',
      };
}

/** The statuses of proxies and load balancers, and those of Cloudflare, whose server behind them does not respond. */
function isUnavailable(status: number): boolean {
  return [502, 503, 504].includes(status) || (status >= 520 && status <= 527);
}

function unavailable(status: number, method: string, proxy: string): Cause {
  return {
    ruleId: 'server-unavailable',
    message: `${method} returned ${statusText(status)}: the application behind ${proxy} is down, does not respond, or is not reachable. CORS is not the cause: the error page has no CORS headers, because the application does not send it.`,
    fix: {
      description:
        'Compare the host and port in the configuration of the proxy (in nginx: proxy_pass) with those on which the application listens. If they are equal, start the application. The error log of the proxy (often /var/log/nginx/error.log) names the address that it tried. Then ask the doctor again.',
      lines: [],
    },
  };
}

const PREFLIGHT = (status: number): Pick<Cause, 'ruleId' | 'message'> => {
  const returned = `OPTIONS returned ${statusText(status)}`;
  switch (status) {
    case 401:
    case 407:
      return {
        ruleId: 'preflight-needs-credentials',
        message: `${returned}: the server requires credentials before it looks at the method. Browsers never send credentials with a preflight.`,
      };
    case 403:
      return {
        ruleId: 'preflight-forbidden',
        message: `${returned}: the server rejects the preflight, because it requires credentials, or because a firewall or a policy denies it. Browsers never send credentials with a preflight.`,
      };
    case 404:
      return {
        ruleId: 'preflight-not-found',
        message: `${returned}: the server has nothing at this path, or no route for OPTIONS. Check the path in the URL first.`,
      };
    case 405:
    case 501:
      return {
        ruleId: 'preflight-method',
        message: `${returned}: the server does not accept OPTIONS at this path, so CORS is not configured for it.`,
      };
    case 429:
      return {
        ruleId: 'preflight-rate-limit',
        message: `${returned}: the rate limit counts preflights. The CORS configuration must come before it.`,
      };
    default:
      return {
        ruleId: 'preflight-status',
        message: `${returned}. Browsers accept only 200 to 299 for a preflight.${status >= 500 ? ' The log of the server says why it fails.' : ''}`,
      };
  }
};

const REQUEST_REASONS: Readonly<Record<number, string>> = {
  401: 'It requires credentials.',
  404: 'Check the path in the URL.',
  405: 'Check the method.',
  429: 'It has a rate limit.',
  500: 'The log of the server says why it fails.',
};

const NAMES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** Returns for example `404 Not Found`. */
export function statusText(status: number): string {
  return [status, NAMES[status]].filter(Boolean).join(' ');
}
