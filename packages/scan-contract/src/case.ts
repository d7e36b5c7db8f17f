/** Defines a contract case: its requests and the responses they must get. Types, and the error of a case that cannot decide. */
import type { RequestHeader, Response } from './http';
import type { OriginsOf } from './policy';

/** One behavior that the contract promises. */
export interface Case extends Step {
  /** A sentence that describes the behavior. */
  name: string;
  /** URL of the specification that requires the behavior. */
  link: string;
  /** The heading of its group in the report. */
  topic?: string;
  /** Set if the server must read from the fixture DynamoDB. */
  needsFixtures?: boolean;
  /** Set if API Gateway must not be in between: it renames WWW-Authenticate, and knows only its own host name. */
  needsDirectConnection?: boolean;
  /** Further requests. Each one may use the responses before it. */
  then?: readonly Step[];
}

/** A request and its expected response. */
export interface Step {
  request: CaseRequest;
  expected: Expected;
  /** Expected response if the policy does not allow the request's origin; default: `expected`. */
  whenOriginRejected?: Expected;
  /** Whether a further request is necessary after these responses; default: always. */
  isNeeded?: (responses: readonly Response[]) => boolean;
}

export interface CaseRequest {
  method: string;
  /** Appended to the base URL unchanged. */
  path: string;
  headers?: readonly RequestHeader[];
  /** The credentials of the request; default: those of the target, if it has some. */
  credentials?: 'none' | 'invalid';
  /**
   * The `Origin` header; undefined if the request does not come from a web page. If the first request of a case has
   * several, the case runs once with each of them.
   */
  origin?: string | OriginsOf;
  body?: string | Buffer | BodyBuilder;
  /** The rest of a longer response is not read. */
  maxBodyBytes?: number;
}

/**
 * Builds a body from the response before it, or from all responses of the case.
 *
 * @throws NotExaminedError if the responses show that the case cannot decide.
 */
export type BodyBuilder = (previous: Response, responses: readonly Response[]) => string;

/**
 * Checks a body. Returns one clause per violation.
 *
 * @param responses all responses of the case, the checked one last.
 * @throws NotExaminedError if the responses show that the case cannot decide.
 */
export type BodyCheck = (response: Response, responses: readonly Response[]) => string[];

export interface Expected {
  status: number;
  headers?: HeaderExpectations;
  /** Further headers that are required if the web page may read the response. */
  corsHeaders?: HeaderExpectations;
  body?: BodyExpectation;
  /** Number of Scan requests that reach DynamoDB; checked only with fixtures. */
  scans?: number;
  /** Set if the connection must be reset before the body is complete. */
  incomplete?: true;
}

export type HeaderExpectations = Readonly<Record<string, HeaderExpectation>>;

/**
 * A value, a pattern, or null if the header must be absent. For a list: `exactly` these elements, or at least those in
 * `has` and none in `hasNot`, compared in lower case.
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
  /** A JSON value. Numbers must have the same digits, properties may come in any order, `opaque` ones must be strings. */
  | { kind: 'json'; json: string | (() => string); opaque?: readonly string[] }
  /** One JSON value per line. */
  | { kind: 'lines'; lines: readonly string[] }
  /** `acceptsPart`: the check also accepts a body that the kit did not read to its end. */
  | { kind: 'checked'; check: BodyCheck; acceptsPart?: true }
  /** Problem details (RFC 9457) whose `detail` contains each string in `mentions`. */
  | { kind: 'problem'; code: string; mentions?: readonly string[] };

/** The server's data does not let a case decide, for example because the table is empty. The message says why. */
export class NotExaminedError extends Error {
  override name = 'NotExaminedError';
}
