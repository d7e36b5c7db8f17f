/** An examination for people: the verdict first, every step, what else was seen, and the mend last. No I/O. */
import type { Diagnosis, Exchange, Step } from './diagnosis';
import type { Examination } from './examine';
import type { Finding } from './finding';
import { paragraph } from './layout';
import { escapeControls, type Style } from './terminal';

export function report(examination: Examination, style: Style): string {
  const { call, diagnosis, probed, platforms, findings } = examination;
  const errors = findings.filter(({ severity }) => severity === 'error');
  const others = findings.filter(({ severity }) => severity !== 'error');
  const requests = diagnosis.exchanges.length + probed.length;
  const lines = [
    ...verdictLines(diagnosis, style),
    ...paragraph('', `${call.method} ${call.url} from a page of ${call.origin}`),
    '',
    ...diagnosis.steps.flatMap((step) => stepLines(step, style)),
    ...diagnosis.exchanges.flatMap((exchange) => exchangeLines(exchange, style)),
    ...paragraph(
      '',
      `${requests} ${requests === 1 ? 'request' : 'requests'} sent.${requests === 0 ? '' : ` Answered by: ${platforms.join(', ') || 'a server that does not say what it is'}.`}`,
    ),
    ...others.flatMap((finding) => ['', ...findingLines(finding, style)]),
    ...errors.flatMap((finding) => ['', ...findingLines(finding, style)]),
  ];
  return `${lines.join('\n')}\n`;
}

const VERDICTS: Readonly<Record<Diagnosis['verdict'], string>> = {
  allowed: 'ALLOWED: a browser lets the page make this call and read the answer.',
  refused: 'REFUSED: a browser does not let the page have the answer.',
  unknown: 'UNKNOWN: whether a browser allows it could not be found out.',
};

function verdictLines({ verdict, error, exchanges }: Diagnosis, style: Style): string[] {
  const paint = verdict === 'allowed' ? style.good : style.bad;
  const failures = exchanges.flatMap(({ sent, received }) =>
    received.kind === 'failure' ? [`${sent.method} ${sent.url}: ${received.message}`] : [],
  );
  return [
    style.strong(paint(VERDICTS[verdict])),
    ...(error === undefined ? [] : paragraph('', escapeControls(`${error.name}: ${error.words}`))),
    ...failures.flatMap((failure) => paragraph('', escapeControls(failure))),
  ];
}

function stepLines({ name, passed, received, needed, link }: Step, style: Style): string[] {
  if (passed) return [`  ${style.good('pass')}  ${cut(escapeControls(`${name}: ${received}`))}`];
  return [
    `  ${style.bad('FAIL')}  ${escapeControls(name)}`,
    ...paragraph('        received  ', escapeControls(received)),
    ...paragraph('        needed    ', escapeControls(needed)),
    `        ${style.faint(link)}`,
  ];
}

/** Characters of a step that has passed, which is not what one looks for. */
const STEP_WIDTH = 92;

function cut(text: string): string {
  return text.length > STEP_WIDTH ? `${text.slice(0, STEP_WIDTH - 1)}…` : text;
}

function exchangeLines({ sent, received }: Exchange, style: Style): string[] {
  if (received.kind === 'failure') return [];
  const cors = received.headers
    .filter(([name]) => /^(?:access-control-|vary$)/i.test(name))
    .map(([name, value]) => `${name}: ${value}`);
  const told = `${sent.method} was answered with ${received.status}, ${cors.length === 0 ? 'without CORS headers' : `and ${cors.join('; ')}`}`;
  return paragraph('  ', escapeControls(told)).map((line) => style.faint(line));
}

const LEADS: Readonly<Record<Finding['severity'] | 'mend', string>> = {
  error: 'Cause    ',
  warning: 'Warning  ',
  note: 'Note     ',
  mend: 'Mend     ',
};

/** A cause, what ends it, and the lines to write, one below the other to be copied. */
export function findingLines({ severity, cause, mend }: Finding, style: Style): string[] {
  const lead = LEADS[severity];
  const paint = severity === 'error' ? style.bad : style.strong;
  return [
    ...paragraph(paint(lead), escapeControls(cause), lead.length),
    ...paragraph(style.good(LEADS.mend), escapeControls(mend.words), LEADS.mend.length),
    ...mend.lines.map((line) => `    ${escapeControls(line)}`),
  ];
}
