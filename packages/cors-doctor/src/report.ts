/** Prints an examination for people: the verdict first, then each step, other findings, and the fix last. No I/O. */
import { escapeControlCharacters } from 'command-line';
import type { Diagnosis, Exchange, PageCall, Step } from './diagnosis';
import type { Examination } from './examine';
import type { Finding } from 'sam-template';
import { paragraph } from './layout';
import type { Style } from './terminal';

export function report(examination: Examination, style: Style): string {
  const { call, diagnosis, probed, platforms, findings } = examination;
  const errors = findings.filter(({ severity }) => severity === 'error');
  const others = findings.filter(({ severity }) => severity !== 'error');
  const requests = diagnosis.exchanges.length + probed.length;
  const lines = [
    ...verdictLines(call, diagnosis, style),
    ...paragraph('', `${call.method} ${call.url} from a web page of ${call.origin}`),
    '',
    ...diagnosis.steps.flatMap((step) => stepLines(step, style)),
    ...diagnosis.exchanges.flatMap((exchange) => exchangeLines(exchange, style)),
    ...paragraph('', requestCount(requests, platforms)),
    ...others.flatMap((finding) => ['', ...findingLines(finding, style)]),
    ...errors.flatMap((finding) => ['', ...findingLines(finding, style)]),
  ];
  return `${lines.join('\n')}\n`;
}

function requestCount(count: number, platforms: readonly string[]): string {
  const sent = `Sent ${count} ${count === 1 ? 'request' : 'requests'}.`;
  return count === 0 ? sent : `${sent} Platform: ${platforms.join(', ') || 'not detected'}.`;
}

const VERDICTS: Readonly<Record<Diagnosis['verdict'], (origin: string) => string>> = {
  allowed: (origin) => `ALLOWED: the browser lets ${origin} read this response.`,
  blocked: (origin) => `BLOCKED: the browser will not let ${origin} read this response.`,
  unknown: () => "UNKNOWN: there was no response, so the browser's decision cannot be predicted.",
};

function verdictLines({ origin }: PageCall, { verdict, error, exchanges }: Diagnosis, style: Style) {
  const paint = verdict === 'allowed' ? style.good : style.bad;
  const failures = exchanges.flatMap(({ sent, received }) =>
    received.kind === 'failure' ? [`${sent.method} ${sent.url}: ${received.message}`] : [],
  );
  return [
    style.strong(paint(VERDICTS[verdict](origin))),
    ...(error === undefined ? [] : paragraph('', escapeControlCharacters(`${error.name}: ${error.words}`))),
    ...failures.flatMap((failure) => paragraph('', escapeControlCharacters(failure))),
  ];
}

function stepLines({ name, passed, received, needed, link }: Step, style: Style): string[] {
  if (passed) return [`  ${style.good('pass')}  ${cut(escapeControlCharacters(`${name}: ${received}`))}`];
  return [
    `  ${style.bad('FAIL')}  ${escapeControlCharacters(name)}`,
    ...paragraph('        received  ', escapeControlCharacters(received)),
    ...paragraph('        needed    ', escapeControlCharacters(needed)),
    `        ${style.faint(link)}`,
  ];
}

/** Passed steps are shortened because readers look for the failed one. */
const MAX_STEP_CHARS = 92;

function cut(text: string): string {
  return text.length > MAX_STEP_CHARS ? `${text.slice(0, MAX_STEP_CHARS - 1)}…` : text;
}

function exchangeLines({ sent, received }: Exchange, style: Style): string[] {
  if (received.kind === 'failure') return [];
  const cors = received.headers
    .filter(([name]) => /^(?:access-control-|vary$)/i.test(name))
    .map(([name, value]) => `${name}: ${value}`);
  const headers = cors.length === 0 ? 'without CORS headers.' : `with ${cors.join('; ')}`;
  const line = `${sent.method} returned ${received.status} ${headers}`;
  return paragraph('  ', escapeControlCharacters(line)).map((one) => style.faint(one));
}

const LABELS: Readonly<Record<Finding['severity'] | 'fix', string>> = {
  error: 'Cause    ',
  warning: 'Warning  ',
  note: 'Note     ',
  fix: 'Fix      ',
};

/** Prints what is wrong, how to fix it, and the lines to copy. */
export function findingLines({ severity, message, fix }: Finding, style: Style): string[] {
  const label = LABELS[severity];
  const paint = severity === 'error' ? style.bad : style.strong;
  return [
    ...paragraph(paint(label), escapeControlCharacters(message), label.length),
    ...paragraph(style.good(LABELS.fix), escapeControlCharacters(fix.description), LABELS.fix.length),
    ...fix.lines.map((line) => `    ${escapeControlCharacters(line)}`),
  ];
}
