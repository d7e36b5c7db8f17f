/** Explains a blocked request when no platform was detected, by listing the needed headers. No I/O. */
import type { Diagnosis, RequestResult } from '../diagnosis';
import { failsAtPreflight, type Evidence } from '../evidence';
import type { Finding } from 'sam-template';
import { finding } from '../finding';
import { responseHeaders, requirementsOf, preflightHeaders } from '../corsRequirements';

export function anyServer(evidence: Evidence): Finding[] {
  const { diagnosis, call, request } = evidence;
  if (diagnosis.verdict === 'unknown') return noResponse(diagnosis);
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

type Failure = Extract<RequestResult, { kind: 'failure' }>['failure'];

/** `fetch` rejects with the same `TypeError: Failed to fetch` as for CORS errors. Only the console shows net::ERR_…. */
const NO_RESPONSE: Readonly<Record<Failure, readonly [message: string, description: string]>> = {
  dns: ['The host name does not exist, or its DNS lookup failed.', 'Correct the host in the URL.'],
  refused: [
    'Connection refused: no server listens on this host and port.',
    'Start the server, or correct the port in the URL.',
  ],
  tls: [
    'The TLS connection failed, for example because the certificate is not trusted.',
    'Use a certificate that browsers trust. For a server on this machine, you can use http.',
  ],
  timeout: ['The response did not arrive in time.', 'Check the server log: did the request arrive?'],
  broken: [
    'The connection closed before a response arrived.',
    'Check the server log. Check whether the port uses http or https.',
  ],
};

function noResponse({ exchanges }: Diagnosis): Finding[] {
  const received = exchanges.at(-1)?.received;
  if (received?.kind !== 'failure') return [];
  const [message, description] = NO_RESPONSE[received.failure];
  return [finding(`no-response-${received.failure}`, 'error', message, description)];
}
