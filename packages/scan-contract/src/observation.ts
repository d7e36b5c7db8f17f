/** Reduces responses to the parts that must be equal in all deployments of one server. No I/O. */
import { createHash } from 'node:crypto';
import { canonical, mask, parseExactly } from './exactJson';
import { headerOf, textOf, tokensOf, type Response } from './http';

/** The comparable parts of one response. */
export interface Observation {
  status: number;
  /** Keyed by name in lower case. */
  headers: Readonly<Record<string, string>>;
  /** JSON with sorted names, or the SHA-256 of a long body, or undefined if the body is incomplete. */
  body: string | undefined;
  incomplete: boolean;
}

/** One part in which two observations differ. */
export interface Difference {
  /** `status`, `body`, `incomplete`, or the name of a header in lower case. */
  name: string;
  left: string;
  right: string;
}

/** List headers, for which neither order nor case matters. */
const LIST_HEADERS = [
  'vary',
  'allow',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-expose-headers',
];

/** Headers whose value must be equal. All `access-control-` headers are compared too. */
const VALUE_HEADERS = [
  'content-type',
  'retry-after',
  'content-disposition',
  'content-encoding',
  'x-last-evaluated-key',
  'x-consumed-capacity-units',
];

/** Headers whose value varies, so that only their presence is compared. */
const PRESENCE_HEADERS = ['x-next-token', 'x-request-id'];

/** JSON properties whose value varies between responses or implementations. */
const OPAQUE_PROPERTIES = ['requestId', 'NextToken'];

/** Longer bodies are represented by their hash. */
const MAX_BODY_CHARS = 4096;

/** Extracts the comparable parts of a response. */
export function observe(response: Response): Observation {
  const { status, incomplete } = response;
  return {
    status,
    headers: observedHeaders(response),
    body: incomplete ? undefined : observedBody(response),
    incomplete,
  };
}

/** Lists the parts that differ; empty if the two responses are equivalent. */
export function compare(one: Observation, other: Observation): Difference[] {
  const left = partsOf(one);
  const right = partsOf(other);
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((name) => left[name] !== right[name])
    .map((name) => ({ name, left: left[name] ?? '(absent)', right: right[name] ?? '(absent)' }));
}

function partsOf({ status, headers, body, incomplete }: Observation): Record<string, string> {
  return {
    status: String(status),
    ...headers,
    body: body ?? '(not compared)',
    incomplete: String(incomplete),
  };
}

function observedHeaders(response: Response): Record<string, string> {
  const names = new Set(response.headers.map(([name]) => name.toLowerCase()));
  const observed = [...names].sort().flatMap((name): [string, string][] => {
    const value = headerOf(response, name) ?? '';
    if (LIST_HEADERS.includes(name)) return [[name, tokensOf(value).join(', ')]];
    if (PRESENCE_HEADERS.includes(name)) return [[name, '(present)']];
    return VALUE_HEADERS.includes(name) || name.startsWith('access-control-') ? [[name, value]] : [];
  });
  return Object.fromEntries(observed);
}

function observedBody(response: Response): string {
  const text = comparableText(response);
  return text.length > MAX_BODY_CHARS ? `sha256 ${createHash('sha256').update(text).digest('hex')}` : text;
}

function comparableText(response: Response): string {
  const text = textOf(response);
  if (!/json\b/.test(headerOf(response, 'Content-Type') ?? '')) return text;
  try {
    return canonical(mask(parseExactly(text), OPAQUE_PROPERTIES));
  } catch {
    // NDJSON, or invalid JSON.
    return text;
  }
}
