/** Checks a response's body against the expected one. No I/O. */
import type { BodyExpectation } from './case';
import { canonical, isObject, mask, parseExactly, tryParse } from './exactJson';
import { excerpt } from './excerpt';
import { headerOf, textOf, type Response } from './http';

/**
 * Checks the body. Returns one clause per violation.
 *
 * @param responses all responses of the case, this one last.
 * @throws NotExaminedError
 */
export function checkBody(
  response: Response,
  expectation: BodyExpectation | undefined,
  responses: readonly Response[],
): string[] {
  const text = textOf(response);
  switch (expectation?.kind) {
    case undefined:
      return [];
    case 'empty':
      return text === '' ? [] : [`expected no body, received ${excerpt(text)}`];
    case 'text':
      return text === expectation.text ? [] : [describeDifference(expectation.text, text)];
    case 'json': {
      const { json, opaque = [] } = expectation;
      return compareJson(text, typeof json === 'string' ? json : json(), opaque);
    }
    case 'lines':
      return checkLines(text, expectation.lines);
    case 'problem':
      return checkProblem(response, text, expectation);
    case 'checked':
      return expectation.check(response, responses);
  }
}

function compareJson(text: string, expected: string, opaque: readonly string[]): string[] {
  // The usual case, which avoids parsing megabytes.
  if (text === expected) return [];
  const received = tryParse(text);
  if (received === undefined) return [`expected JSON, received ${excerpt(text)}`];
  const [left, right] = [parseExactly(expected), received].map((json) => canonical(mask(json, opaque)));
  return left === right ? [] : [describeDifference(expected, text)];
}

function checkLines(text: string, lines: readonly string[]): string[] {
  const received = text.split('\n');
  if (received.pop() !== '') return [`expected each line to end with a line feed, received ${excerpt(text)}`];
  if (received.length !== lines.length) {
    return [`expected ${lines.length} lines, received ${received.length}: ${excerpt(text)}`];
  }
  return received.flatMap((line, index) => compareJson(line, lines[index] ?? '', []));
}

/** Checks problem details. https://www.rfc-editor.org/rfc/rfc9457#section-3.1 */
function checkProblem(
  response: Response,
  text: string,
  { code, mentions = [] }: Extract<BodyExpectation, { kind: 'problem' }>,
): string[] {
  const contentType = headerOf(response, 'Content-Type') ?? 'none';
  const violations = /^application\/problem\+json(?:;|$)/.test(contentType)
    ? []
    : [`expected Content-Type application/problem+json, received ${contentType}`];
  const problem = tryParse(text);
  const received = `received ${excerpt(text)}`;
  if (!isObject(problem)) return [...violations, `expected a JSON object with the problem, ${received}`];

  const { $status, $code, $type, $title, $detail, $requestId } = problem;
  if ($status !== String(response.status)) {
    violations.push(`expected the field status to be ${response.status}, ${received}`);
  }
  if ($code !== `$${code}`) violations.push(`expected the field code to be "${code}", ${received}`);
  const texts = { type: $type, title: $title, detail: $detail, requestId: $requestId };
  for (const [name, value] of Object.entries(texts)) {
    // A tagged empty string has one character.
    if (typeof value !== 'string' || value.length < 2) {
      violations.push(`expected the field ${name} to be a non-empty string, ${received}`);
    }
  }
  for (const words of mentions) {
    if (!String($detail).includes(words)) {
      violations.push(`expected the detail to mention ${words}, ${received}`);
    }
  }
  const [internals] = INTERNALS.exec(text.replace(REQUEST_ID, '')) ?? [];
  if (internals !== undefined) {
    violations.push(`expected no internals in the problem, received "${internals}"`);
  }
  return violations;
}

/** Internals that clients must not see: stack frames, ARNs, account numbers, access keys, DynamoDB endpoints. */
const INTERNALS =
  /\bat \S+ \(|node_modules|\barn:aws[^"\s]*|\b\d{12}\b|\bAKIA\w+|\bhttps?:\/\/(?:127\.|localhost|dynamodb)[^"\s]*/;

/** Excluded from the search for internals because a random ID may look like an account number. */
const REQUEST_ID = /"requestId"\s*:\s*"[^"]*"/;

/** Number of equal characters shown before the first difference. */
const CONTEXT_CHARS = 40;

/** Shows both texts from shortly before their first difference. */
function describeDifference(expected: string, received: string): string {
  let at = 0;
  while (at < expected.length && expected[at] === received[at]) at++;
  const from = Math.max(0, at - CONTEXT_CHARS);
  const part = (text: string) => `${from > 0 ? '…' : ''}${excerpt(text.slice(from))}`;
  return `expected the body ${part(expected)}, received ${part(received)}`;
}
