/** Whether an answer's body is the one expected. No I/O. */
import type { BodyExpectation } from './case';
import { canonical, isMembers, mask, parseExactly } from './exactJson';
import { headerOf, textOf, type Answer } from './http';

/** Says what is wrong with the body, in a clause each. */
export function checkBody(answer: Answer, expectation: BodyExpectation | undefined): string[] {
  const text = textOf(answer);
  switch (expectation?.kind) {
    case undefined:
      return [];
    case 'empty':
      return text === '' ? [] : [`expected no body, received ${shown(text)}`];
    case 'text':
      return text === expectation.text ? [] : [differs(expectation.text, text)];
    case 'json': {
      const { json, opaque = [] } = expectation;
      return compareJson(text, typeof json === 'string' ? json : json(), opaque);
    }
    case 'lines':
      return checkLines(text, expectation.lines);
    case 'problem':
      return checkProblem(answer, text, expectation);
  }
}

function compareJson(text: string, expected: string, opaque: readonly string[]): string[] {
  // Most often so, and then there is no need to parse megabytes.
  if (text === expected) return [];
  const received = jsonOf(text);
  if (received === undefined) return [`expected JSON, received ${shown(text)}`];
  const [left, right] = [parseExactly(expected), received].map((json) => canonical(mask(json, opaque)));
  return left === right ? [] : [differs(expected, text)];
}

function checkLines(text: string, lines: readonly string[]): string[] {
  const received = text.split('\n');
  if (received.pop() !== '') return [`expected each line to end with a line feed, received ${shown(text)}`];
  if (received.length !== lines.length) {
    return [`expected ${lines.length} lines, received ${received.length}: ${shown(text)}`];
  }
  return received.flatMap((line, index) => compareJson(line, lines[index] ?? '', []));
}

/** https://www.rfc-editor.org/rfc/rfc9457#section-3.1 */
function checkProblem(
  answer: Answer,
  text: string,
  { code, says = [] }: Extract<BodyExpectation, { kind: 'problem' }>,
): string[] {
  const type = headerOf(answer, 'Content-Type') ?? 'none';
  const faults = /^application\/problem\+json(?:;|$)/.test(type)
    ? []
    : [`expected Content-Type application/problem+json, received ${type}`];
  const problem = jsonOf(text);
  if (!isMembers(problem))
    return [...faults, `expected a JSON object with the problem, received ${shown(text)}`];
  const { $status, $code, $type, $title, $detail, $requestId } = problem;
  if ($status !== String(answer.status)) {
    faults.push(`expected the member status to be ${answer.status}, received ${shown(text)}`);
  }
  if ($code !== `$${code}`) faults.push(`expected the member code to be "${code}", received ${shown(text)}`);
  for (const [name, value] of Object.entries({
    type: $type,
    title: $title,
    detail: $detail,
    requestId: $requestId,
  })) {
    if (typeof value !== 'string' || value.length < 2) {
      faults.push(`expected the member ${name} to say something, received ${shown(text)}`);
    }
  }
  for (const words of says) {
    if (!String($detail).includes(words))
      faults.push(`expected the detail to name ${words}, received ${shown(text)}`);
  }
  const [internals] = INTERNALS.exec(text.replace(REQUEST_ID, '')) ?? [];
  if (internals !== undefined) faults.push(`expected no internals in the problem, received "${internals}"`);
  return faults;
}

/** What no client is to see: a stack, an ARN with its account, an access key, an endpoint. */
const INTERNALS =
  /\bat \S+ \(|node_modules|\barn:aws[^"\s]*|\b\d{12}\b|\bAKIA\w+|\bhttps?:\/\/(?:127\.|localhost|dynamodb)[^"\s]*/;

/** Random, it may look like an account. */
const REQUEST_ID = /"requestId"\s*:\s*"[^"]*"/;

function jsonOf(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}

/** Both texts from a little before the place where they part. */
function differs(expected: string, received: string): string {
  let at = 0;
  while (at < expected.length && expected[at] === received[at]) at++;
  const from = Math.max(0, at - 40);
  const part = (text: string) => `${from > 0 ? '…' : ''}${shown(text.slice(from))}`;
  return `expected the body ${part(expected)}, received ${part(received)}`;
}

/** Characters of a body that a sentence repeats. */
const LONGEST = 300;

function shown(text: string): string {
  if (text === '') return 'nothing';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
