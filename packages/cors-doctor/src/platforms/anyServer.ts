/** What ends a refusal where nobody knows the server: the headers themselves. No I/O. */
import type { Diagnosis, Received } from '../diagnosis';
import { failsAtPreflight, type Evidence } from '../evidence';
import { finding, type Finding } from '../finding';
import { responseHeaders, needsOf, preflightHeaders } from '../needs';

export function anyServer(evidence: Evidence): Finding[] {
  const { diagnosis, call, request } = evidence;
  if (diagnosis.verdict === 'unknown') return noAnswer(diagnosis);
  if (diagnosis.verdict !== 'blocked') return [];
  const needs = needsOf(call);
  const step = diagnosis.steps.find(({ passed }) => !passed);
  const atPreflight = failsAtPreflight(evidence);
  const headers = atPreflight ? preflightHeaders(needs) : responseHeaders(needs);
  const cause =
    step === undefined
      ? 'The answer does not admit the call.'
      : `It received ${step.received}; needed was ${step.needed}.`;
  const status =
    request !== undefined && request.status >= 400
      ? ` The page cannot see that the status was ${request.status}; that is to be mended as well.`
      : '';
  return [
    finding(
      'cors-headers',
      'error',
      `${cause}${status}`,
      atPreflight
        ? 'HttpResponse OPTIONS on this path with 200 or 204, without asking for credentials, and with these headers.'
        : `Send these headers with the answer to ${call.method}, whatever its status.`,
      headers.map(([name, value]) => `${name}: ${value}`),
    ),
  ];
}

type Failure = Extract<Received, { kind: 'failure' }>['failure'];

/** What a browser's console calls net::ERR_…, and a page `TypeError: Failed to fetch`, as with CORS. */
const NO_ANSWER: Readonly<Record<Failure, readonly [cause: string, mend: string]>> = {
  dns: ['The name of the host is not known.', 'Correct the host in the URL.'],
  refused: ['Nothing listens there.', 'Start the server, or correct the port in the URL.'],
  tls: [
    'The certificate, or TLS itself, is not accepted.',
    'Take a certificate that browsers trust; or, for a server on this machine, http.',
  ],
  timeout: ['No answer came in time.', 'Look at the log of the server: has the request arrived?'],
  broken: [
    'The connection broke before an answer was there.',
    'Look at the log of the server; is it http that is spoken on this port, or https?',
  ],
};

function noAnswer({ exchanges }: Diagnosis): Finding[] {
  const received = exchanges.at(-1)?.received;
  if (received?.kind !== 'failure') return [];
  const [cause, words] = NO_ANSWER[received.failure];
  return [finding(`no-answer-${received.failure}`, 'error', cause, words)];
}
