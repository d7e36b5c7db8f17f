/** This project's own server, whose settings have names. */
import { jsonMember } from '../evidence';
import { finding, type Finding } from '../finding';
import { headerOf, listContains, type HttpResponse } from '../headers';
import { needsOf } from '../needs';
import type { Platform } from './platform';

export const thisServer: Platform = {
  name: 'this server',
  matches: isThisServer,
  explain({ call, diagnosis, preflight, request }) {
    if (diagnosis.verdict !== 'blocked') return [];
    const answer = preflight ?? request;
    if (answer === undefined) return [];
    const needs = needsOf(call);
    const lines = [
      ...originLines(answer, needs.origin, needs.credentials),
      ...headerLines(preflight, needs.headers),
    ];
    if (lines.length === 0) return methodFinding(needs.method);
    return [
      finding(
        'cors-setting',
        'error',
        'The policy of this server does not admit the call; its log says the same.',
        'Write these lines in the .env file beside those that are there (lists go on with commas), and start the server again. Deployed, they are the parameters CorsAllowOrigins and CorsAllowCredentials.',
        lines,
      ),
    ];
  },
};

/** Its request ids alone would be those of many; with them the headers that it has on every answer. */
function isThisServer(answer: HttpResponse): boolean {
  if (headerOf(answer, 'x-request-id') === undefined) return false;
  const isProblem = (headerOf(answer, 'content-type') ?? '').startsWith('application/problem+json');
  if (isProblem && jsonMember(answer, 'requestId') !== undefined) return true;
  return (
    headerOf(answer, 'content-security-policy') === "default-src 'none';frame-ancestors 'none'" &&
    headerOf(answer, 'cross-origin-resource-policy') === 'cross-origin'
  );
}

function originLines(answer: HttpResponse, origin: string, credentials: boolean): string[] {
  const allowed = headerOf(answer, 'access-control-allow-origin');
  const admits = allowed === origin || (allowed === '*' && !credentials);
  const sendsCredentials = headerOf(answer, 'access-control-allow-credentials') === 'true';
  return [
    ...(admits ? [] : [`CORS_ALLOW_ORIGINS=${origin}`]),
    ...(credentials && !sendsCredentials ? ['CORS_ALLOW_CREDENTIALS=true'] : []),
  ];
}

/** Where the origin is refused, the list of headers is not sent, and nothing can be said of it. */
function headerLines(preflight: HttpResponse | undefined, names: readonly string[]): string[] {
  const allowed = preflight && headerOf(preflight, 'access-control-allow-headers');
  if (allowed === undefined) return [];
  const missing = names.filter((name) => !listContains(allowed, name));
  return missing.length === 0 ? [] : [`CORS_ALLOW_HEADERS=${[allowed, ...missing].join(',')}`];
}

function methodFinding(method: string): Finding[] {
  const cause = `This server takes POST for records and GET for its state, and no ${method}.`;
  return [finding('method-not-taken', 'error', cause, 'Call it with POST.')];
}
