/** Prints the results by topic: equal violations together, then the cases that did not run, the verdict last. No I/O. */
import type { CaseResult } from './check';

/** 0: no case failed and none is missing, 1: a case failed, 2: only a part was checked. */
export function exitCodeOf(results: readonly CaseResult[]): 0 | 1 | 2 {
  if (results.some(isFailed)) return 1;
  return results.some(({ skipped }) => skipped?.isGap === true) ? 2 : 0;
}

/**
 * @param verbose names all cases, with all their violations.
 */
export function report(results: readonly CaseResult[], baseUrl: string, verbose: boolean): string {
  const topics = [...new Set(results.map(({ topic }) => topic))];
  const lines = [
    ...topics.flatMap((topic) =>
      topicLines(
        topic,
        results.filter((result) => result.topic === topic),
        verbose,
      ),
    ),
    ...skippedLines(results),
    verdict(results, baseUrl),
  ];
  // Topics and groups are separated by one empty line each.
  return `${lines
    .map(escapeControlCharacters)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')}\n`;
}

function topicLines(topic: string, results: readonly CaseResult[], verbose: boolean): string[] {
  const ran = results.filter(isExamined);
  if (ran.length === 0) return [];
  const failed = ran.filter(isFailed);
  const counts = [
    `${ran.length - failed.length} passed`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
  ];
  return [`${topic}: ${counts.join(', ')}`, ...(verbose ? failed.flatMap(allLines) : groupLines(failed))];
}

function allLines({ name, link, findings }: CaseResult): string[] {
  return ['', `  ${name}`, ...findings.map((finding) => `    ${finding}`), `    ${link}`];
}

const MAX_NAMES = 3;

/** The violations of one kind. */
interface Group {
  finding: string;
  link: string;
  /** The cases, with the origin of the violation if they have several. */
  cases: Map<string, string>;
}

/** Prints each violation once, with the first cases that have it. */
function groupLines(failed: readonly CaseResult[]): string[] {
  const groups = new Map<string, Group>();
  for (const { name, link, findings } of failed) {
    for (const text of findings) {
      const { origin = '', finding = text } = WITH_ORIGIN.exec(text)?.groups ?? {};
      const key = finding.replace(VARIABLE_PARTS, '…');
      const group = groups.get(key) ?? { finding, link, cases: new Map<string, string>() };
      if (!group.cases.has(name)) group.cases.set(name, origin);
      groups.set(key, group);
    }
  }
  return [...[...groups.values()].flatMap(linesOfGroup), ...(groups.size > 0 ? [''] : [])];
}

function linesOfGroup({ finding, link, cases }: Group): string[] {
  const names = [...cases].slice(0, MAX_NAMES).map(([name, origin]) => {
    return origin === '' ? `    ${name}` : `    ${name} (${origin})`;
  });
  const more = cases.size - names.length;
  return [
    '',
    `  ${finding}`,
    ...names,
    ...(more > 0
      ? [`    and ${more} more ${more === 1 ? 'case' : 'cases'} like this (--verbose lists them)`]
      : []),
    `    ${link}`,
  ];
}

/** The beginning of a violation in a case that runs with several origins. */
const WITH_ORIGIN = /^with Origin (?<origin>.*?): (?<finding>(?:expected|in request).*)$/;

/** Parts that differ between violations of one kind: the number of a request, the body of an error, and origins. */
const VARIABLE_PARTS = /^in request \d+ |(?<=received \d{3}): .*|\b[a-z][a-z0-9+.-]*:\/\/[^\s",]+/g;

function skippedLines(results: readonly CaseResult[]): string[] {
  return [true, false].flatMap((isGap) => {
    const reasons = results.flatMap(({ skipped }) => (skipped?.isGap === isGap ? skipped.reason : []));
    if (reasons.length === 0) return [];
    const lines = [...new Set(reasons)].map((reason) => {
      const count = reasons.filter((other) => other === reason).length;
      return `  ${count} ${count === 1 ? 'case' : 'cases'}, because ${reason}`;
    });
    return ['', isGap ? 'Not checked:' : 'Not applicable:', ...lines];
  });
}

const VERDICTS = ['keeps the contract', 'breaks the contract', 'is partly checked'] as const;

function verdict(results: readonly CaseResult[], baseUrl: string): string {
  const failed = results.filter(isFailed).length;
  const passed = results.filter(isExamined).length - failed;
  const missing = results.filter((result) => !isFailed(result) && result.skipped?.isGap === true).length;
  const counts = [`${passed} passed`, `${failed} failed`, `${missing} not checked`];
  return `\n${baseUrl} ${VERDICTS[exitCodeOf(results)]}: ${counts.join(', ')}.`;
}

function isFailed({ findings }: CaseResult): boolean {
  return findings.length > 0;
}

function isExamined(result: CaseResult): boolean {
  return isFailed(result) || result.skipped === undefined;
}

/** Responses can contain characters that control the terminal. The package shares no code, so this is its own. */
function escapeControlCharacters(text: string): string {
  return text.replace(/(?!\n)\p{Cc}|[\u2028-\u202e\u2066-\u2069]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
