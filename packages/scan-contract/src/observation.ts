/** What can be compared of an answer: two deployments of one backend are to differ in none of it. No I/O. */
import { createHash } from 'node:crypto';
import { canonical, mask, parseExactly } from './exactJson';
import { headerOf, textOf, tokensOf, type Answer } from './http';

/** The comparable part of one answer, each part by its name. */
export interface Observation {
  status: number;
  /** By names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** JSON in one order of its members; of a long body its SHA-256; undefined of one that broke off. */
  body: string | undefined;
  brokenOff: boolean;
}

/** One part in which two observations differ. */
export interface Difference {
  /** `status`, `body`, `brokenOff`, or the name of a header in lower case. */
  name: string;
  left: string;
  right: string;
}

/** Headers whose value is a list in which neither order nor case means anything. */
const LISTS = [
  'vary',
  'allow',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-expose-headers',
];

/** Headers whose value says something that is the same each time. */
const VALUES = [
  'content-type',
  'retry-after',
  'content-disposition',
  'content-encoding',
  'x-last-evaluated-key',
  'x-consumed-capacity-units',
];

/** Headers of which only their being there can be compared. */
const PRESENCES = ['x-next-token', 'x-request-id'];

/** Members of JSON answers that differ each time, or from one implementation to another. */
const OPAQUE = ['requestId', 'NextToken'];

/** Characters of the longest body that is kept as it is. */
const LONGEST = 4096;

/** Takes from an answer what can be compared. */
export function observe(answer: Answer): Observation {
  const { status, brokenOff } = answer;
  return {
    status,
    headers: observedHeaders(answer),
    body: brokenOff ? undefined : observedBody(answer),
    brokenOff,
  };
}

/** Lists what differs, by name; nothing where the two answers mean the same. */
export function compare(one: Observation, other: Observation): Difference[] {
  const left = named(one);
  const right = named(other);
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((name) => left[name] !== right[name])
    .map((name) => ({ name, left: left[name] ?? '(absent)', right: right[name] ?? '(absent)' }));
}

function named({ status, headers, body, brokenOff }: Observation): Record<string, string> {
  return {
    status: String(status),
    ...headers,
    body: body ?? '(not compared)',
    brokenOff: String(brokenOff),
  };
}

function observedHeaders(answer: Answer): Record<string, string> {
  const names = new Set(answer.headers.map(([name]) => name.toLowerCase()));
  const observed = [...names].sort().flatMap((name): [string, string][] => {
    const value = headerOf(answer, name) ?? '';
    if (LISTS.includes(name)) return [[name, tokensOf(value).join(', ')]];
    if (PRESENCES.includes(name)) return [[name, '(present)']];
    return VALUES.includes(name) || name.startsWith('access-control-') ? [[name, value]] : [];
  });
  return Object.fromEntries(observed);
}

function observedBody(answer: Answer): string {
  const text = comparableText(answer);
  return text.length > LONGEST ? `sha256 ${createHash('sha256').update(text).digest('hex')}` : text;
}

function comparableText(answer: Answer): string {
  const text = textOf(answer);
  if (!/json\b/.test(headerOf(answer, 'Content-Type') ?? '')) return text;
  try {
    return canonical(mask(parseExactly(text), OPAQUE));
  } catch {
    // NDJSON, or what should be JSON and is not.
    return text;
  }
}
