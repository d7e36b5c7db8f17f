/** Prints the blocked requests of a recording, with the report of each. No I/O. */
import { escapeControlCharacters } from 'command-line';
import { toJson } from '../json';
import { paragraph } from '../layout';
import { findingLines, report } from '../report';
import { hideQueries, hideSecrets } from '../secrets';
import type { Style } from '../terminal';
import type { ExaminedCall, ExaminedHar } from './examineHar';

/** Returns the exit code: 1 if a request is blocked, 2 if a request failed otherwise or none is recorded, 0 if none failed. */
export function harExitCode({ calls, blocked, unreachable, unknown }: ExaminedHar): 0 | 1 | 2 {
  if (blocked.length > 0) return 1;
  return unreachable.length > 0 || unknown.length > 0 || calls === 0 ? 2 : 0;
}

export function harJson(examined: ExaminedHar): string {
  const secrets = [...examined.blocked, ...examined.unreachable, ...examined.unknown].flatMap(
    ({ call, diagnosis }) => [...call.headers, ...diagnosis.exchanges.flatMap(({ sent }) => sent.headers)],
  );
  return hideQueries(toJson(examined, secrets));
}

export function reportHar(file: string, examined: ExaminedHar, style: Style, verbose: boolean): string {
  const { calls, blocked, unreachable, unknown } = examined;
  const counts = [
    `${countOf(blocked)} blocked`,
    ...(unreachable.length > 0 ? [`${countOf(unreachable)} without a response`] : []),
    ...(unknown.length > 0 ? [`${countOf(unknown)} failed for a reason that the file does not show`] : []),
  ];
  const summary =
    calls === 0
      ? `${file} has no requests of a web page to another origin.`
      : `${file} has ${calls} ${calls === 1 ? 'request' : 'requests'} to other origins: ${counts.join(', ')}.`;
  const texts = [
    ...paragraph('', escapeControlCharacters(summary), 0, style.columns).map((line) => `${line}\n`),
    ...blocked.map(
      (one) => `\n${hideSecrets(report(one, style, verbose), one.call.headers)}${repeated(one)}`,
    ),
    ...unknown.map((one) => `\n${hideSecrets(unknownText(one, style), one.call.headers)}${repeated(one)}`),
  ];
  return hideQueries(texts.join(''));
}

function unknownText({ call, findings }: ExaminedCall, style: Style): string {
  const headline = `UNKNOWN: ${call.method} ${call.url} from ${call.origin} failed.`;
  const lines = [
    ...paragraph('', escapeControlCharacters(headline), 0, style.columns).map((line) =>
      style.strong(style.bad(line)),
    ),
    ...findings.flatMap((one) => findingLines(one, style)),
  ];
  return `${lines.join('\n')}\n`;
}

function repeated({ count }: ExaminedCall): string {
  return count === 1 ? '' : `The recording has ${count} requests like this one.\n`;
}

function countOf(calls: readonly ExaminedCall[]): number {
  return calls.reduce((sum, { count }) => sum + count, 0);
}
