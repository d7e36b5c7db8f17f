/** This project's own server. The fix is a setting in its .env file. */
import { jsonField, type Evidence } from '../evidence';
import type { Finding } from 'sam-template';
import { finding } from '../finding';
import { headerOf, listContains, type HttpResponse } from '../headers';
import { requirementsOf } from '../corsRequirements';
import type { Platform } from './platform';

export const thisServer: Platform = {
  name: 'this server',
  detect: (response) => (isThisServer(response) ? 'certain' : undefined),
  allow: (evidence) => ({ description: WHERE, lines: settings(evidence) }),
  explain(evidence) {
    const { call, diagnosis, request, preflight } = evidence;
    if (diagnosis.verdict !== 'blocked') return protectionFindings(request);
    if ((preflight ?? request) === undefined) return [];
    const lines = settings(evidence);
    if (lines.length === 0) return methodFinding(call.method);
    return [
      finding(
        'cors-setting',
        'error',
        'The CORS policy of this server does not allow the request. The server log says the same.',
        WHERE,
        lines,
      ),
    ];
  },
};

const WHERE =
  'Add these settings to the .env file (extend lists with commas), and restart the server. For a deployed server, set the template parameters CorsAllowOrigins and CorsAllowCredentials.';

/** The settings that do not allow the request yet. */
function settings({ call, preflight, request }: Evidence): string[] {
  const response = preflight ?? request;
  const required = requirementsOf(call);
  return response === undefined
    ? []
    : [
        ...originLines(response, required.origin, required.credentials),
        ...headerLines(preflight, required.headers),
      ];
}

/** What protects the server, by the code of its response. The web page can read these responses. */
const PROTECTIONS: Readonly<Record<string, readonly [message: string, fix: string]>> = {
  MissingCredentials: [
    'The server requires credentials: an API key or a token.',
    'Send X-Api-Key or Authorization: Bearer from the web page. Test it with --api-key KEY or --header "Authorization:Bearer TOKEN"',
  ],
  InvalidCredentials: [
    'The server does not accept these credentials.',
    'Use a key whose digest is in API_KEYS, or a new token of JWT_ISSUER',
  ],
  InsufficientScope: [
    'The token does not have the scope that the server requires.',
    'Request a token with the scope in JWT_REQUIRED_SCOPE',
  ],
  MissingClaim: ['The credentials have no claim that ITEM_FILTER needs.', 'Request a token with this claim'],
  HostNotAllowed: [
    'The server does not serve the host name of this URL.',
    'Use localhost or an IP address, or add the name to ALLOWED_HOSTS',
  ],
  TooManyRequests: [
    'The client has reached the rate limit.',
    'Wait as long as Retry-After says, or raise RATE_LIMIT_PER_MINUTE',
  ],
};

function protectionFindings(response: HttpResponse | undefined): Finding[] {
  const code = String(response && jsonField(response, 'code'));
  const protection = Object.hasOwn(PROTECTIONS, code) ? PROTECTIONS[code] : undefined;
  return protection === undefined ? [] : [finding('protected', 'warning', ...protection)];
}

/** Many servers send X-Request-Id, so the headers that this server always sends are checked too. */
function isThisServer(response: HttpResponse): boolean {
  if (headerOf(response, 'x-request-id') === undefined) return false;
  const isProblem = (headerOf(response, 'content-type') ?? '').startsWith('application/problem+json');
  if (isProblem && jsonField(response, 'requestId') !== undefined) return true;
  return (
    headerOf(response, 'content-security-policy') === "default-src 'none';frame-ancestors 'none'" &&
    headerOf(response, 'cross-origin-resource-policy') === 'cross-origin'
  );
}

function originLines(response: HttpResponse, origin: string, credentials: boolean): string[] {
  const allowed = headerOf(response, 'access-control-allow-origin');
  const isAllowed = allowed === origin || (allowed === '*' && !credentials);
  const sendsCredentials = headerOf(response, 'access-control-allow-credentials') === 'true';
  return [
    ...(isAllowed ? [] : [`CORS_ALLOW_ORIGINS=${origin}`]),
    ...(credentials && !sendsCredentials ? ['CORS_ALLOW_CREDENTIALS=true'] : []),
  ];
}

/** The server does not send the list of allowed headers if it does not allow the origin. */
function headerLines(preflight: HttpResponse | undefined, names: readonly string[]): string[] {
  const allowed = preflight && headerOf(preflight, 'access-control-allow-headers');
  if (allowed === undefined) return [];
  const missing = names.filter((name) => !listContains(allowed, name));
  return missing.length === 0 ? [] : [`CORS_ALLOW_HEADERS=${[allowed, ...missing].join(',')}`];
}

function methodFinding(method: string): Finding[] {
  const message = `This server accepts POST for items and GET for its status, but not ${method}.`;
  return [finding('method-not-supported', 'error', message, 'Use POST.')];
}
