/** Runs a case against a base URL: what is wrong, in sentences, and what can be compared. */
import type { Case, CaseRequest, Expected, Step } from './case';
import { checkBody } from './checkBody';
import { checkCors, checkHeaders } from './checkHeaders';
import { NoAnswerError, send, type Answer, type Request, type RequestHeader } from './http';
import { observe, type Observation } from './observation';
import { admits, type Policy } from './policy';

/** The server under test. */
export interface Target {
  /** With the prefix under which the routes are, and without a slash at its end. */
  baseUrl: string;
  policy: Policy;
  /** Calls of Scan that the fixture DynamoDB has had; undefined where the server reads from another. */
  countScans?: (() => Promise<number>) | undefined;
}

export interface CaseResult {
  name: string;
  /** What is wrong, a sentence each; none: the server keeps the contract. */
  findings: string[];
  /** Of each answer, in order. */
  observations: Observation[];
  /** Why the case was not run. */
  skipped?: string;
}

/** Why cases that need a known table are skipped. */
const NO_FIXTURES = 'they need a server that reads from the fixture DynamoDB (--fixtures)';
const NO_ORIGIN = 'the policy has no origin to make theirs from';

/** Runs one case; a server that does not answer is a finding too. */
export async function runCase(given: Case, target: Target): Promise<CaseResult> {
  const { name, link, needsFixtures, then = [] } = given;
  const result: CaseResult = { name, findings: [], observations: [] };
  const steps = [given, ...then];
  if (needsFixtures === true && target.countScans === undefined) return { ...result, skipped: NO_FIXTURES };
  if (steps.some(({ request }) => originOf(request, target.policy) === null)) {
    return { ...result, skipped: NO_ORIGIN };
  }

  const faults: string[] = [];
  try {
    let previous: Answer | undefined;
    for (const [index, step] of steps.entries()) {
      const { answer, faults: inStep } = await runStep(step, target, previous);
      result.observations.push(observe(answer));
      faults.push(...inStep.map((fault) => (index === 0 ? fault : `in request ${index + 1} ${fault}`)));
      // What follows is made from this answer.
      if (inStep.length > 0) break;
      previous = answer;
    }
  } catch (error) {
    if (error instanceof NoAnswerError) faults.push(`expected an answer, received none: ${error.message}`);
    else if (error instanceof NoFollowUpError) faults.push(error.message);
    else throw error;
  }
  result.findings = faults.map((fault) => `${name}: ${fault}. See ${link}`.replace(/\s*\n\s*/g, ' '));
  return result;
}

async function runStep(step: Step, target: Target, previous: Answer | undefined) {
  const { baseUrl, policy, countScans } = target;
  const origin = originOf(step.request, policy) ?? undefined;
  const isRefused = origin !== undefined && !admits(policy, origin);
  const expected = isRefused ? (step.whenRefused ?? step.expected) : step.expected;
  const isCounted = countScans !== undefined && expected.scans !== undefined;

  const before = isCounted ? await countScans() : 0;
  const answer = await send(baseUrl, requestOf(step.request, policy, previous));
  const faults = faultsOf(answer, expected, policy, origin);
  const scans = isCounted ? (await countScans()) - before : undefined;
  if (scans !== expected.scans && scans !== undefined) {
    faults.push(`expected ${expected.scans ?? 0} calls of Scan, counted ${scans}`);
  }
  return { answer, faults };
}

function faultsOf(answer: Answer, expected: Expected, policy: Policy, origin: string | undefined): string[] {
  const { status, headers, body, brokenOff = false } = expected;
  if (answer.status !== status) {
    const received = answer.body.toString('utf8', 0, 300);
    return [
      `expected status ${status}, received ${answer.status}${received === '' ? '' : `: ${received}`}`,
      ...checkCors(answer, { status }, policy, origin),
    ];
  }
  const ending = brokenOff
    ? 'expected the connection to break before the answer is complete, received a well-formed end'
    : 'expected the whole answer, received a part of it before the connection broke';
  return [
    ...checkCors(answer, expected, policy, origin),
    ...checkHeaders(answer, headers),
    ...(answer.brokenOff === brokenOff ? checkBody(answer, body) : [ending]),
  ];
}

function requestOf(request: CaseRequest, policy: Policy, previous: Answer | undefined): Request {
  const { method, path, headers = [], body } = request;
  const origin = originOf(request, policy) ?? undefined;
  const pageHeaders: RequestHeader[] = origin === undefined ? [] : [['Origin', origin]];
  return {
    method,
    path,
    headers: [...pageHeaders, ...headers],
    body: typeof body === 'function' ? followUp(body, previous) : body,
  };
}

/** An answer lacks what the next request is to be made from. */
class NoFollowUpError extends Error {
  override name = 'NoFollowUpError';
}

function followUp(write: (previous: Answer) => string, previous: Answer | undefined): string {
  try {
    if (previous === undefined) throw new Error('there is no answer before');
    return write(previous);
  } catch (cause) {
    const reason = `expected an answer to make the next request from: ${(cause as Error).message}`;
    throw new NoFollowUpError(reason, { cause });
  }
}

/** Null where the policy has nothing to make it from. */
function originOf({ origin }: CaseRequest, policy: Policy): string | null | undefined {
  return typeof origin === 'function' ? (origin(policy) ?? null) : origin;
}
