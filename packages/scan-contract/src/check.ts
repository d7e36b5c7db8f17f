/** Runs one case against a server and returns findings and comparable observations. */
import { NotExaminedError, type Case, type Step } from './case';
import { NoResponseError, type Response } from './http';
import { observe, type Observation } from './observation';
import { NoFollowUpError, originsOf, runStep, type Target } from './step';

export type { Target };

export interface CaseResult {
  name: string;
  topic: string;
  /** URL of the specification that requires the behavior. */
  link: string;
  /** One clause per violation of the contract. */
  findings: string[];
  /** One per response, in order. */
  observations: Observation[];
  /** Why the case did not run, or could not decide. */
  skipped?: Skipped;
  /** The reason why the server sent no complete response, if that is a reason to expect the same of other cases. */
  outage?: 'timeout' | 'unreachable';
}

interface Skipped {
  reason: string;
  /** Whether the behavior applies to the server, so that it remains unchecked. */
  isGap: boolean;
}

const NO_FIXTURES: Skipped = {
  reason: 'they need a server that reads from the fixture DynamoDB (--fixtures)',
  isGap: true,
};
const NOT_DIRECT: Skipped = {
  reason: 'they need a server without API Gateway in front of it (--direct)',
  isGap: false,
};
const NO_ORIGIN: Skipped = { reason: 'the policy has no entry of the kind that they test', isGap: false };

/** Runs one case. A missing response is a finding, not an exception. */
export async function runCase(contractCase: Case, target: Target): Promise<CaseResult> {
  const { name, topic = '', link, request } = contractCase;
  const result: CaseResult = { name, topic, link, findings: [], observations: [] };
  const origins = originsOf(request, target.policy);
  const skipped = skippedBefore(contractCase, target, origins);
  if (skipped !== undefined) return { ...result, skipped };
  for (const origin of origins) {
    const prefix = origins.length > 1 ? `with Origin ${origin ?? ''}: ` : '';
    for (const finding of await runSteps(contractCase, origin, target, result)) {
      result.findings.push(`${prefix}${finding}`.replace(/\s*\n\s*/g, ' '));
    }
    if (result.outage !== undefined) break;
  }
  return result;
}

function skippedBefore(
  { needsFixtures, needsDirectConnection }: Case,
  { countScans, isDirect }: Target,
  origins: readonly unknown[],
): Skipped | undefined {
  if (needsFixtures === true && countScans === undefined) return NO_FIXTURES;
  if (needsDirectConnection === true && isDirect !== true) return NOT_DIRECT;
  return origins.length === 0 ? NO_ORIGIN : undefined;
}

/** Sends the requests of a case until one gets a wrong response. Adds to the result and returns the findings. */
async function runSteps(
  contractCase: Case,
  origin: string | undefined,
  target: Target,
  result: CaseResult,
): Promise<string[]> {
  const responses: Response[] = [];
  const steps: readonly [Step, ...Step[]] = [contractCase, ...(contractCase.then ?? [])];
  try {
    for (const [index, step] of steps.entries()) {
      if (step.isNeeded?.(responses) === false) continue;
      const stepOrigin = index === 0 ? origin : originsOf(step.request, target.policy)[0];
      const { response, violations } = await runStep(step, stepOrigin, target, responses);
      result.observations.push(observe(response));
      // The next request depends on this response.
      if (violations.length > 0) {
        if (response.cutOff === 'timeout') result.outage = 'timeout';
        return violations.map((text) => (index === 0 ? text : `in request ${index + 1} ${text}`));
      }
    }
    return [];
  } catch (error) {
    if (error instanceof NoResponseError) {
      if (error.reason !== 'closed') result.outage = error.reason;
      return [`expected a response, received none: ${error.message}`];
    }
    if (error instanceof NoFollowUpError) return [error.message];
    if (!(error instanceof NotExaminedError)) throw error;
    result.skipped = { reason: error.message, isGap: true };
    return [];
  }
}
