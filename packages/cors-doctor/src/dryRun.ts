/** Lists the requests that the doctor would send, without sending them. */
import { escapeControlCharacters } from 'command-line';
import type { PageCall, Received, Sent } from './diagnosis';
import { probesOf, type ProbeOptions } from './probes';
import { shownHeader } from './secrets';
import { diagnose } from './verdict/diagnose';

/** The requests of a call whose responses admit everything, and of its probes. */
export async function plannedRequests(call: PageCall, options: ProbeOptions): Promise<Sent[]> {
  const planned: Sent[] = [];
  const diagnosis = await diagnose(call, (sent) => {
    planned.push(sent);
    return Promise.resolve(admitting(call));
  });
  return [...planned, ...probesOf(call, options, diagnosis).map(({ sent }) => sent)];
}

export function reportPlan(planned: readonly Sent[]): string {
  const lines = planned.flatMap((sent) => [
    '',
    `${sent.purpose}: ${sent.method} ${sent.url}`,
    ...sent.headers.map((header) => `  ${escapeControlCharacters(shownHeader(header))}`),
    ...(sent.body === undefined ? [] : [`  body: ${bodyWords(sent.body)}`]),
  ]);
  return `Nothing is sent. Without --dry-run, the doctor sends at most these ${planned.length} requests:\n${lines.join('\n')}\n`;
}

/** Characters of a body that are shown. */
const LONGEST = 200;

function bodyWords(body: string): string {
  return body.length > LONGEST ? `${body.length} characters` : escapeControlCharacters(body);
}

function admitting({ origin, method, headers }: PageCall): Received {
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
