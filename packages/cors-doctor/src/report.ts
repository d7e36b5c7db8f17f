/** Prints an examination for people: the verdict, its cause and the fix first, then the steps and the notes. No I/O. */
import { escapeControlCharacters } from 'command-line';
import type { Finding } from 'sam-template';
import { objectionTo } from './causes/readable';
import type { Diagnosis, Exchange, Step } from './diagnosis';
import { evidenceOf } from './evidence';
import type { Examination } from './examine';
import { paragraph } from './layout';
import type { Style } from './terminal';
import { PREFLIGHT_NOTE } from './verdict/diagnose';

/** @param verbose also prints the passed steps one by one, the CORS headers, and the sections of the standard. */
export function report(examination: Examination, style: Style, verbose = false): string {
  const { diagnosis, findings } = examination;
  const causes = causesOf(examination);
  const others = findings.filter((finding) => !causes.includes(finding));
  const lines = [
    ...verdictLines(examination, style),
    ...causes.flatMap((finding, at) => [
      ...(at === 0 ? [] : ['']),
      ...findingLines({ ...finding, severity: 'error' }, style),
    ]),
    '',
    ...(verbose ? diagnosis.steps.flatMap((step) => stepLines(step, style)) : summaryLines(diagnosis, style)),
    ...consoleLines(diagnosis, style),
    ...(verbose ? diagnosis.exchanges.flatMap((exchange) => exchangeLines(exchange, style)) : []),
    ...others.flatMap((finding) => ['', ...findingLines(finding, style)]),
    '',
    ...paragraph('', footer(examination, verbose), 0, style.columns).map(style.faint),
  ];
  return `${lines.join('\n')}\n`;
}

/** The findings that explain the first line. A readable response can have one too, for example a status of 404. */
function causesOf({ call, diagnosis, findings }: Examination): readonly Finding[] {
  if (diagnosis.verdict !== 'allowed') return findings.filter(({ severity }) => severity === 'error');
  return objectionTo(evidenceOf(call, diagnosis)) === undefined ? [] : findings.slice(0, 1);
}

function verdictLines({ call, diagnosis }: Examination, style: Style): string[] {
  const { verdict } = diagnosis;
  const objection = objectionTo(evidenceOf(call, diagnosis));
  const paint = verdict === 'allowed' && objection === undefined ? style.good : style.bad;
  const sentence = escapeControlCharacters(
    verdict === 'allowed'
      ? `ALLOWED: the browser lets ${call.origin} read the response of ${call.method} ${call.url}${objection === undefined ? '' : `, ${objection}`}.`
      : verdict === 'blocked'
        ? `BLOCKED: the browser will not let ${call.origin} read the response of ${call.method} ${call.url}.`
        : `UNKNOWN: there was no response to ${call.method} ${call.url} from ${call.origin}, so the browser's decision cannot be predicted.`,
  );
  return paragraph('', sentence, 0, style.columns).map((line) => style.strong(paint(line)));
}

/** The passed steps in one line, and the failed ones in full. */
function summaryLines({ steps }: Diagnosis, style: Style): string[] {
  const passed = steps.filter((step) => step.passed);
  const failed = steps.filter((step) => !step.passed);
  const summary = `${failed.length === 0 ? 'all ' : ''}${passed.length === 1 ? '1 step' : `${passed.length} steps`}${preflightNote(steps)}`;
  return [
    ...(passed.length === 0
      ? []
      : paragraph(style.good('pass     '), escapeControlCharacters(summary), LABEL_CHARS, style.columns)),
    ...failed.flatMap((step) => stepLines(step, style)),
  ];
}

/** Whether the browser sends a preflight, which only developers who know CORS can tell from the request. */
function preflightNote(steps: readonly Step[]): string {
  const note = steps.find(({ name }) => name === PREFLIGHT_NOTE);
  if (note === undefined) return '';
  return note.received === 'no'
    ? ', without a preflight'
    : ', with a preflight: the browser sends OPTIONS first';
}

function stepLines({ name, passed, received, needed, link }: Step, style: Style): string[] {
  const wrapped = (lead: string, text: string) =>
    paragraph(lead, escapeControlCharacters(text), lead.length, style.columns);
  if (passed) {
    const [first = '', ...more] = wrapped('pass     ', `${name}: ${received}`);
    return [style.good('pass') + first.slice('pass'.length), ...more];
  }
  return [
    ...paragraph(style.bad('FAIL     '), escapeControlCharacters(name), LABEL_CHARS, style.columns),
    ...wrapped('         received  ', received),
    ...wrapped('         needed    ', needed),
    `         ${style.faint(link)}`,
  ];
}

/** The message of the browser's console, so that users recognize theirs. */
function consoleLines({ error, exchanges }: Diagnosis, style: Style): string[] {
  const received = exchanges.at(-1)?.received;
  const words =
    error === undefined
      ? received?.kind === 'failure'
        ? `${received.netError === undefined ? '' : `net::${received.netError} `}(${received.message})`
        : undefined
      : `${error.name}: ${error.words}`;
  return words === undefined
    ? []
    : paragraph(style.faint('console  '), escapeControlCharacters(words), LABEL_CHARS, style.columns);
}

function exchangeLines({ sent, received }: Exchange, style: Style): string[] {
  if (received.kind === 'failure') return [];
  const cors = received.headers
    .filter(([name]) => /^(?:access-control-|vary$|location$)/i.test(name))
    .map(([name, value]) => `${name}: ${value}`);
  const headers = cors.length === 0 ? 'without CORS headers.' : `with ${cors.join('; ')}`;
  const line = escapeControlCharacters(`${sent.method} ${sent.url} returned ${received.status} ${headers}`);
  return paragraph('         ', line, LABEL_CHARS, style.columns).map((one) => style.faint(one));
}

function footer(examination: Examination, verbose: boolean): string {
  const { diagnosis, probed, redirected, platforms, isRecorded } = examination;
  const own = diagnosis.exchanges.length;
  const count = own + probed.length + (redirected?.exchanges.length ?? 0);
  if (count === 0) return 'Sent no requests.';
  return [
    `${isRecorded ? 'Recorded' : 'Sent'} ${count} ${count === 1 ? 'request' : 'requests'}${own === count ? '' : `: ${own} as the browser does, and ${count - own} to find the cause and other problems`}.`,
    `Platform: ${platforms.join(', ') || 'not detected'}.`,
    ...(verbose ? [] : ['--verbose shows every step and the headers.']),
  ].join(' ');
}

const LABEL_CHARS = 9;

const LABELS: Readonly<Record<Finding['severity'] | 'fix', string>> = {
  error: 'Cause    ',
  warning: 'Warning  ',
  note: 'Note     ',
  fix: 'Fix      ',
};

/** Prints what is wrong, how to fix it, and the lines to copy. */
export function findingLines({ severity, message, fix }: Finding, style: Style): string[] {
  const paint = severity === 'error' ? style.bad : style.strong;
  const labeled = (label: string, text: string) =>
    paragraph(label, escapeControlCharacters(text), LABEL_CHARS, style.columns);
  return [
    ...labeled(paint(LABELS[severity]), message),
    ...labeled(style.good(LABELS.fix), fix.description),
    ...(fix.lines.length > 0 ? ['', ...fix.lines.map((line) => `    ${escapeLine(line)}`.trimEnd())] : []),
  ];
}

/** Keeps tabs, which Go programs are indented with. */
function escapeLine(line: string): string {
  return line.split('\t').map(escapeControlCharacters).join('\t');
}
