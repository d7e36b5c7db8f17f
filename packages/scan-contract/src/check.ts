/** Runs one case against a server and returns findings and comparable observations. */
import type { Case, CaseRequest, Expected, Step } from './case';
import { checkBody } from './checkBody';
import { checkCors, checkHeaders } from './checkHeaders';
import { NoResponseError, send, type Request, type RequestHeader, type Response } from './http';
import { observe, type Observation } from './observation';
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
}

export interface CaseResult {
  name: string;
  /** One sentence per violation of the contract. */
  findings: string[];
  /** One per response, in order. */
  observations: Observation[];
  /** Why the case did not run. */
  skipped?: string;
}

const NO_FIXTURES = 'they need a server that reads from the fixture DynamoDB (--fixtures)';
const NOT_DIRECT = 'they need a server without API Gateway in front of it (--direct)';
const NO_ORIGIN = 'the policy has no entry from which to derive their origin';

/** Runs one case. A missing response is a finding, not an exception. */
export async function runCase(contractCase: Case, target: Target): Promise<CaseResult> {
  const { name, link, needsFixtures, needsDirectConnection, then = [] } = contractCase;
  const result: CaseResult = { name, findings: [], observations: [] };
  const steps = [contractCase, ...then];
  if (needsFixtures === true && target.countScans === undefined) return { ...result, skipped: NO_FIXTURES };
  if (needsDirectConnection === true && target.isDirect !== true) return { ...result, skipped: NOT_DIRECT };
  if (steps.some(({ request }) => originOf(request, target.policy) === null)) {
    return { ...result, skipped: NO_ORIGIN };
  }

  const violations: string[] = [];
  try {
    let previous: Response | undefined;
    for (const [index, step] of steps.entries()) {
      const { response, violations: found } = await runStep(step, target, previous);
      result.observations.push(observe(response));
      violations.push(...found.map((text) => (index === 0 ? text : `in request ${index + 1} ${text}`)));
      // The next request depends on this response.
      if (found.length > 0) break;
      previous = response;
    }
  } catch (error) {
    if (error instanceof NoResponseError) {
      violations.push(`expected a response, received none: ${error.message}`);
    } else if (error instanceof NoFollowUpError) violations.push(error.message);
    else throw error;
  }
  result.findings = violations.map((text) => `${name}: ${text}. See ${link}`.replace(/\s*\n\s*/g, ' '));
  return result;
}

async function runStep(step: Step, target: Target, previous: Response | undefined) {
  const { baseUrl, policy, credentials = [], countScans } = target;
  const origin = originOf(step.request, policy) ?? undefined;
  const isOriginRejected = origin !== undefined && !allowsOrigin(policy, origin);
  const expected = isOriginRejected ? (step.whenOriginRejected ?? step.expected) : step.expected;
  const isCounted = countScans !== undefined && expected.scans !== undefined;

  const scansBefore = isCounted ? await countScans() : 0;
  const response = await send(
    baseUrl,
    withCredentials(buildRequest(step.request, policy, previous), step.request, credentials),
  );
  const violations = violationsOf(response, expected, policy, origin);
  const scans = isCounted ? (await countScans()) - scansBefore : undefined;
  if (scans !== expected.scans && scans !== undefined) {
    violations.push(`expected ${expected.scans ?? 0} Scan requests, counted ${scans}`);
  }
  return { response, violations };
}

function violationsOf(
  response: Response,
  expected: Expected,
  policy: Policy,
  origin: string | undefined,
): string[] {
  const { status, headers, body, incomplete = false } = expected;
  if (response.status !== status) {
    const received = response.body.toString('utf8', 0, 300);
    return [
      `expected status ${status}, received ${response.status}${received === '' ? '' : `: ${received}`}`,
      ...checkCors(response, { status }, policy, origin),
    ];
  }
  const wrongEnd = incomplete
    ? 'expected the connection to be reset before the response is complete, received a complete response'
    : 'expected a complete response, but the connection was reset before its end';
  return [
    ...checkCors(response, expected, policy, origin),
    ...checkHeaders(response, headers),
    ...(response.incomplete === incomplete ? checkBody(response, body) : [wrongEnd]),
  ];
}

function buildRequest(request: CaseRequest, policy: Policy, previous: Response | undefined): Request {
  const { method, path, headers = [], body } = request;
  const origin = originOf(request, policy) ?? undefined;
  const originHeaders: RequestHeader[] = origin === undefined ? [] : [['Origin', origin]];
  return {
    method,
    path,
    headers: [...originHeaders, ...headers],
    body: typeof body === 'function' ? buildFollowUp(body, previous) : body,
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

/** The response lacks a value that the next request needs. */
class NoFollowUpError extends Error {
  override name = 'NoFollowUpError';
}

function buildFollowUp(build: (previous: Response) => string, previous: Response | undefined): string {
  try {
    if (previous === undefined) throw new Error('there is no previous response');
    return build(previous);
  } catch (cause) {
    const reason = `expected a response from which to build the next request: ${(cause as Error).message}`;
    throw new NoFollowUpError(reason, { cause });
  }
}

/** Returns the request's origin, undefined if it has none, or null if it cannot be derived from the policy. */
function originOf({ origin }: CaseRequest, policy: Policy): string | null | undefined {
  return typeof origin === 'function' ? (origin(policy) ?? null) : origin;
}
