/** Lists the requests that the doctor would send, without sending them. */
import { escapeControlCharacters } from 'command-line';
import type { PageCall, RequestResult, OutgoingRequest } from './diagnosis';
import { probesOf, type ProbeOptions } from './probes';
import { shownHeader } from './secrets';
import { diagnose } from './verdict/diagnose';

/** Returns the requests that a server would receive if it allowed everything, and the probes. */
export async function plannedRequests(call: PageCall, options: ProbeOptions): Promise<OutgoingRequest[]> {
  const planned: OutgoingRequest[] = [];
  const diagnosis = await diagnose(call, (sent) => {
    planned.push(sent);
    return Promise.resolve(allowingResponse(call));
  });
  if (planned.length === 0) return [];
  return [...planned, ...probesOf(call, options, diagnosis).map(({ sent }) => sent)];
}

export function reportPlan(planned: readonly OutgoingRequest[]): string {
  const lines = planned.flatMap((sent) => [
    '',
    `${sent.purpose}: ${sent.method} ${sent.url}`,
    ...sent.headers.map((header) => `  ${escapeControlCharacters(shownHeader(header))}`),
    ...(sent.body === undefined ? [] : [`  body: ${describeBody(sent.body)}`]),
  ]);
  return `Nothing is sent. Without --dry-run, the doctor sends at most these ${planned.length} requests:\n${lines.join('\n')}\n`;
}

/** A longer body is replaced with its length. */
const MAX_BODY_CHARS = 200;

function describeBody(body: string): string {
  return body.length > MAX_BODY_CHARS ? `${body.length} characters` : escapeControlCharacters(body);
}

function allowingResponse({ origin, method, headers }: PageCall): RequestResult {
  return {
    kind: 'response',
    status: 200,
    headers: [
      ['Access-Control-Allow-Origin', origin],
      ['Access-Control-Allow-Credentials', 'true'],
      ['Access-Control-Allow-Methods', method],
      ['Access-Control-Allow-Headers', headers.map(([name]) => name).join(',')],
    ],
    body: '',
  };
}
