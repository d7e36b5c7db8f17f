/** Compares two examinations of the same request and keeps only the differences. No I/O. */
import { escapeControlCharacters } from 'command-line';
import type { Exchange } from './diagnosis';
import type { Examination } from './examine';
import type { Style } from './terminal';

export interface Difference {
  /** What was compared, for example `preflight: status`. */
  name: string;
  /** At the first URL and at the second; undefined if there is none. */
  values: readonly [string | undefined, string | undefined];
}

export function differences(left: Examination, right: Examination): Difference[] {
  const [first, second] = [rowsOf(left), rowsOf(right)];
  return [...new Set([...first.keys(), ...second.keys()])]
    .map((name): Difference => ({ name, values: [first.get(name), second.get(name)] }))
    .filter(({ values: [one, other] }) => one !== other)
    .filter(({ name, values }) => isInformative(name, values, [first, second]));
}

type Rows = ReadonlyMap<string, string>;

/** Keeps only statuses and failed steps of requests that one side did not reach. */
function isInformative(name: string, values: Difference['values'], sides: readonly [Rows, Rows]): boolean {
  if (!values.includes(undefined)) return true;
  if (name.startsWith('step: ')) return values.includes('FAIL');
  const status = name.replace(/: [a-z-]+$/, ': status');
  return status === name || sides.every((rows) => rows.has(status));
}

/** Everything that is compared, by name. */
function rowsOf({ diagnosis, probed, platforms }: Examination): Rows {
  const { verdict, error, steps, exchanges } = diagnosis;
  return new Map([
    ['verdict', error === undefined ? verdict : `${verdict}: ${error.name}`] as const,
    ['platform', platforms.join(', ') || 'not detected'] as const,
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
    return `No differences between ${first} and ${second}. Both verdicts: ${left.diagnosis.verdict.toUpperCase()}.\n`;
  }
  const agree = left.diagnosis.verdict === right.diagnosis.verdict;
  const lines = [
    style.strong(
      agree
        ? `Both verdicts: ${left.diagnosis.verdict.toUpperCase()}. Differences:`
        : style.bad('The verdicts differ.'),
    ),
    `1  ${first}`,
    `2  ${second}`,
    ...found.flatMap(({ name, values: [one, other] }) => [
      '',
      escapeControlCharacters(name),
      `  1  ${escapeControlCharacters(one ?? '(none)')}`,
      `  2  ${escapeControlCharacters(other ?? '(none)')}`,
    ]),
  ];
  return `${lines.join('\n')}\n`;
}
