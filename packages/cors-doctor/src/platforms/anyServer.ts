/** Explains a blocked request when no platform was detected, by listing the needed headers. No I/O. */
import { failsAtPreflight, type Evidence } from '../evidence';
import type { Finding } from 'sam-template';
import { finding } from '../finding';
import { responseHeaders, requirementsOf, preflightHeaders } from '../corsRequirements';
import { explainNetworkFailure } from '../networkFailure';

export function anyServer(evidence: Evidence): Finding[] {
  const { diagnosis, call, request } = evidence;
  if (diagnosis.verdict === 'unknown') return explainNetworkFailure(diagnosis);
  if (diagnosis.verdict !== 'blocked') return [];
  const required = requirementsOf(call);
  const step = diagnosis.steps.find(({ passed }) => !passed);
  const atPreflight = failsAtPreflight(evidence);
  const headers = atPreflight ? preflightHeaders(required) : responseHeaders(required);
  const message =
    step === undefined
      ? 'The response does not allow the request.'
      : `${step.name}: received ${step.received}, needed ${step.needed}.`;
  const status =
    request !== undefined && request.status >= 400
      ? ` The web page cannot see that the status was ${request.status}. Fix the cause of that status too.`
      : '';
  return [
    finding(
      'cors-headers',
      'error',
      `${message}${status}`,
      atPreflight
        ? 'Respond to OPTIONS on this path with 200 or 204 and these headers, and do not require credentials.'
        : `Send these headers with every response to ${call.method}, errors included.`,
      headers.map(([name, value]) => `${name}: ${value}`),
    ),
  ];
}
