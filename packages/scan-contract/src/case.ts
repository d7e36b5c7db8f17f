/** What a case of the contract is: requests, and what is expected of their answers. Data, no I/O. */
import type { Answer, RequestHeader } from './http';
import type { OriginOf } from './policy';

/** One behaviour that the contract promises. */
export interface Case extends Step {
  /** A sentence about the behaviour. */
  name: string;
  /** The specification that it follows from. */
  link: string;
  /** Whether the server has to read from the fixture DynamoDB. */
  needsFixtures?: true;
  /** Requests that follow, each of which may be made from the answer before. */
  then?: readonly Step[];
}

/** A request and its answer. */
export interface Step {
  request: CaseRequest;
  expected: Expected;
  /** What a request gets whose origin the policy does not admit; without it, the same. */
  whenRefused?: Expected;
}

export interface CaseRequest {
  method: string;
  /** Appended to the base URL as it is. */
  path: string;
  headers?: readonly RequestHeader[];
  /** The `Origin` of the page; left out: no page sends this. */
  origin?: string | OriginOf;
  body?: string | Buffer | ((previous: Answer) => string);
}

export interface Expected {
  status: number;
  headers?: HeaderExpectations;
  /** What else has to be there where the page may read the answer. */
  corsHeaders?: HeaderExpectations;
  body?: BodyExpectation;
  /** Calls of Scan that it costs; counted where the fixtures are in use. */
  scans?: number;
  /** The connection has to break before the body is complete. */
  brokenOff?: true;
}

export type HeaderExpectations = Readonly<Record<string, HeaderExpectation>>;

/**
 * A value, a pattern, null for none at all, or for a list its members: exactly these, at least these, none of these. They
 * are compared in lower case.
 */
export type HeaderExpectation =
  | string
  | RegExp
  | null
  | { exactly: readonly string[] }
  | { has: readonly string[]; hasNot?: readonly string[] };

export type BodyExpectation =
  | { kind: 'empty' }
  | { kind: 'text'; text: string }
  /** A JSON value: numbers by their digits, members in any order; `opaque` ones have to be strings. */
  | { kind: 'json'; json: string | (() => string); opaque?: readonly string[] }
  /** A JSON value a line. */
  | { kind: 'lines'; lines: readonly string[] }
  /** Problem details, RFC 9457. */
  | { kind: 'problem'; code: string; says?: readonly string[] };
