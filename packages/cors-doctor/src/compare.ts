/** Two examinations of the same call, side by side: only what differs. No I/O. */
import type { Exchange } from './diagnosis';
import type { Examination } from './examine';
import { escapeControls, type Style } from './terminal';

export interface Difference {
  what: string;
  /** At the first URL and at the second; undefined where it is not there. */
  values: readonly [string | undefined, string | undefined];
}

export function differences(left: Examination, right: Examination): Difference[] {
  const [first, second] = [rowsOf(left), rowsOf(right)];
  return [...new Set([...first.keys(), ...second.keys()])]
    .map((what): Difference => ({ what, values: [first.get(what), second.get(what)] }))
    .filter(({ values: [one, other] }) => one !== other)
    .filter(({ what, values }) => isTelling(what, values, [first, second]));
}

type Rows = ReadonlyMap<string, string>;

/** Where one side has stopped before, what follows at the other is told by its status alone. */
function isTelling(what: string, values: Difference['values'], sides: readonly [Rows, Rows]): boolean {
  if (!values.includes(undefined)) return true;
  if (what.startsWith('step: ')) return values.includes('FAIL');
  const status = what.replace(/: [a-z-]+$/, ': status');
  return status === what || sides.every((rows) => rows.has(status));
}

/** What is compared, each under a name that both have. */
function rowsOf({ diagnosis, probed, platforms }: Examination): Rows {
  const { verdict, error, steps, exchanges } = diagnosis;
  return new Map([
    ['verdict', error === undefined ? verdict : `${verdict}: ${error.name}`] as const,
    ['answered by', platforms.join(', ') || 'unknown'] as const,
    ...steps.map(({ name, passed }) => [`step: ${name}`, passed ? 'pass' : 'FAIL'] as const),
    ...exchanges.flatMap((exchange) => exchangeRows(exchange.sent.purpose, exchange)),
    ...probed.flatMap((exchange) => exchangeRows(`probe ${exchange.name}`, exchange)),
  ]);
}

function exchangeRows(name: string, { received }: Exchange): (readonly [string, string])[] {
  if (received.kind === 'failure') return [[`${name}: status`, received.failure]];
  return [
    [`${name}: status`, String(received.status)],
    ...received.headers
      .filter(([header]) => /^(?:access-control-|vary$)/i.test(header))
      .map(([header, value]) => [`${name}: ${header.toLowerCase()}`, value] as const),
  ];
}

export function reportDifferences(left: Examination, right: Examination, style: Style): string {
  const found = differences(left, right);
  const [first, second] = [left.call.url, right.call.url];
  if (found.length === 0) {
    return `Nothing differs between ${first} and ${second}: ${left.diagnosis.verdict} at both.\n`;
  }
  const agree = left.diagnosis.verdict === right.diagnosis.verdict;
  const lines = [
    style.strong(
      agree
        ? `The verdict is the same at both, ${left.diagnosis.verdict}; these differ.`
        : style.bad('The verdicts differ.'),
    ),
    `1  ${first}`,
    `2  ${second}`,
    ...found.flatMap(({ what, values: [one, other] }) => [
      '',
      escapeControls(what),
      `  1  ${escapeControls(one ?? '(none)')}`,
      `  2  ${escapeControls(other ?? '(none)')}`,
    ]),
  ];
  return `${lines.join('\n')}\n`;
}
