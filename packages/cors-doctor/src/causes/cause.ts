/** Why a browser blocks a request, and the response and the step that show it. No I/O. */
import type { Fix } from 'sam-template';
import type { Step } from '../diagnosis';
import type { Evidence, Observation } from '../evidence';

export interface Cause {
  ruleId: string;
  /** What is wrong, in one or two sentences. */
  message: string;
  /**
   * The change that ends the failure. `allow`: the server must allow the request. `deduplicate`: one of two places that
   * send the header must stop. For both, the platform knows the lines.
   */
  fix: Fix | 'allow' | 'deduplicate';
}

/** The response for which the browser blocks the request, and the check that it fails. */
export interface Failure {
  response: Observation;
  step: Step;
}

/** Returns undefined if the browser does not block the request because of a response. */
export function failureOf({ diagnosis, observations }: Evidence): Failure | undefined {
  const response = observations.at(-1);
  const step = diagnosis.steps.find(({ passed }) => !passed);
  const hasResponse = diagnosis.exchanges.at(-1)?.received.kind === 'response';
  if (diagnosis.verdict !== 'blocked' || !hasResponse) return undefined;
  return response === undefined || step === undefined ? undefined : { response, step };
}
