/** Sends one request of a case and checks the response. */
import { NotExaminedError, type CaseRequest, type Expected, type Step } from './case';
import { checkBody } from './checkBody';
import { checkCors, checkHeaders } from './checkHeaders';
import { DEFAULT_LIMITS, send, type Request, type RequestHeader, type Response } from './http';
import { allowsOrigin, type Policy } from './policy';

/** The server under test. */
export interface Target {
  /** Includes the prefix of the routes; no trailing slash. */
  baseUrl: string;
  policy: Policy;
  /** Headers with credentials that the server accepts, sent with every request. */
  credentials?: readonly RequestHeader[];
  /** Whether the server is on a loopback address, without API Gateway in front of it. */
  isDirect?: boolean;
  /** Counts the Scan requests at the fixture DynamoDB; undefined if the server reads from another one. */
  countScans?: (() => Promise<number>) | undefined;
  /** Time limit for a complete response; default: a minute. */
  timeoutMs?: number;
}

/** The response lacks a value that the next request needs. */
export class NoFollowUpError extends Error {
  override name = 'NoFollowUpError';
}

/** Returns the origins with which a request is sent: none if it has an origin that the policy does not provide. */
export function originsOf({ origin }: CaseRequest, policy: Policy): readonly (string | undefined)[] {
  return typeof origin === 'function' ? origin(policy) : [origin];
}

/**
 * Sends the request of a step. Adds the response to `responses`, those of the case so far.
 *
 * @throws NoResponseError, NoFollowUpError, NotExaminedError
 */
export async function runStep(
  step: Step,
  origin: string | undefined,
  target: Target,
  responses: Response[],
): Promise<{ response: Response; violations: string[] }> {
  const { baseUrl, policy, credentials = [], countScans, timeoutMs = DEFAULT_LIMITS.timeoutMs } = target;
  const isOriginRejected = origin !== undefined && !allowsOrigin(policy, origin);
  const expected = isOriginRejected ? (step.whenOriginRejected ?? step.expected) : step.expected;
  const isCounted = countScans !== undefined && expected.scans !== undefined;
  const { maxBodyBytes = DEFAULT_LIMITS.maxBodyBytes } = step.request;
  const request = withCredentials(buildRequest(step.request, origin, responses), step.request, credentials);

  const scansBefore = isCounted ? await countScans() : 0;
  const response = await send(baseUrl, request, { timeoutMs, maxBodyBytes });
  responses.push(response);
  const violations = violationsOf(response, responses, expected, target, origin);
  const scans = isCounted ? (await countScans()) - scansBefore : undefined;
  if (scans !== expected.scans && scans !== undefined) {
    violations.push(`expected ${expected.scans ?? 0} Scan requests, counted ${scans}`);
  }
  return { response, violations };
}

/** Error pages can be long. */
const MAX_EXCERPT_CHARS = 120;

function violationsOf(
  response: Response,
  responses: readonly Response[],
  expected: Expected,
  { policy, timeoutMs = DEFAULT_LIMITS.timeoutMs }: Target,
  origin: string | undefined,
): string[] {
  const { status, headers, body, incomplete = false } = expected;
  if (response.status !== status) {
    const received = response.body.toString('utf8', 0, MAX_EXCERPT_CHARS);
    return [
      `expected status ${status}, received ${response.status}${received === '' ? '' : `: ${received}`}`,
      ...checkCors(response, { status }, policy, origin),
    ];
  }
  const isPart = response.cutOff !== undefined;
  const isReadable = isPart
    ? body?.kind === 'checked' && body.acceptsPart === true
    : response.incomplete === incomplete;
  return [
    ...checkCors(response, expected, policy, origin),
    ...checkHeaders(response, headers),
    ...(isReadable ? checkBody(response, body, responses) : [wrongEnd(response, incomplete, timeoutMs)]),
  ];
}

function wrongEnd({ cutOff, body, incomplete }: Response, expectReset: boolean, timeoutMs: number): string {
  const expected = expectReset
    ? 'expected the connection to be reset before the response is complete'
    : 'expected a complete response';
  if (cutOff === 'timeout')
    return `${expected}, but its body had not ended after ${timeoutMs / 1000} seconds`;
  if (cutOff === 'size') return `${expected}, but its body was longer than ${body.byteLength} bytes`;
  return incomplete
    ? `${expected}, but the connection was reset before its end`
    : `${expected}, received a complete response`;
}

function buildRequest(
  request: CaseRequest,
  origin: string | undefined,
  responses: readonly Response[],
): Request {
  const { method, path, headers = [], body } = request;
  const originHeaders: RequestHeader[] = origin === undefined ? [] : [['Origin', origin]];
  return {
    method,
    path,
    headers: [...originHeaders, ...headers],
    body: typeof body === 'function' ? buildFollowUp(body, responses) : body,
  };
}

/** Browsers never send credentials with a preflight. */
function withCredentials(
  request: Request,
  { credentials }: CaseRequest,
  accepted: readonly RequestHeader[],
): Request {
  if (request.method === 'OPTIONS' || credentials === 'none') return request;
  const sent = credentials === 'invalid' ? accepted.map(invalidate) : accepted;
  return { ...request, headers: [...request.headers, ...sent] };
}

function invalidate([name]: RequestHeader): RequestHeader {
  return [name, name.toLowerCase() === 'authorization' ? 'Bearer invalid' : 'invalid'];
}

function buildFollowUp(
  build: Exclude<CaseRequest['body'], string | Buffer | undefined>,
  responses: readonly Response[],
): string {
  const previous = responses.at(-1);
  try {
    if (previous === undefined) throw new Error('the first step cannot use a previous response');
    return build(previous, responses);
  } catch (cause) {
    if (cause instanceof NotExaminedError) throw cause;
    const reason = `expected a response from which to build the next request: ${(cause as Error).message}`;
    throw new NoFollowUpError(reason, { cause });
  }
}
