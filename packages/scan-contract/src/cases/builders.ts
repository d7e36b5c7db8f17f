/** Builds the requests that web pages send and the responses that the contract promises. No I/O. */
import type { CaseRequest, Expected } from '../case';
import type { RequestHeader } from '../http';
import { allowedOrigin, type OriginsOf } from '../policy';

export const PATH = '/scanRecords';

/** The specifications that cases link to. */
export const FETCH = 'https://fetch.spec.whatwg.org/#';
export const RFC9110 = 'https://www.rfc-editor.org/rfc/rfc9110#';
export const RFC9457 = 'https://www.rfc-editor.org/rfc/rfc9457#section-3';
export const RFC8259 = 'https://www.rfc-editor.org/rfc/rfc8259#';
export const SCAN_API = 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html';
export const SCAN_GUIDE = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html';
export const SCAN_ERRORS =
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html';

/** A body that costs little on any table: DynamoDB evaluates one item. */
export const ONE_ITEM = '{"Limit":1}';

const JSON_TYPE: RequestHeader = ['Content-Type', 'application/json'];

/** A web page's POST with a JSON body. */
export function post(body: string | Buffer, ...headers: RequestHeader[]): CaseRequest {
  return { method: 'POST', path: PATH, origin: allowedOrigin, headers: [JSON_TYPE, ...headers], body };
}

/** A web page's POST with only the given headers. */
export function postRaw(body: string | Buffer | undefined, ...headers: RequestHeader[]): CaseRequest {
  return { method: 'POST', path: PATH, origin: allowedOrigin, headers, ...(body !== undefined && { body }) };
}

/** A web page's POST that scans a fixture table with the given parameters. */
export function scan(table: string, parameters: object = {}, ...headers: RequestHeader[]): CaseRequest {
  return post(JSON.stringify({ TableName: table, ...parameters }), ...headers);
}

/** A preflight request as browsers send it. */
export function preflight(
  origin: string | OriginsOf = allowedOrigin,
  headers: readonly RequestHeader[] = [],
  path = PATH,
): CaseRequest {
  return {
    method: 'OPTIONS',
    path,
    origin,
    headers: [['Access-Control-Request-Method', 'POST'], ...headers],
  };
}

/** The request headers that the default policy allows. */
export const ALLOWED_HEADERS = [
  'Content-Type',
  'X-Amz-Date',
  'Authorization',
  'X-Api-Key',
  'X-Amz-Security-Token',
];

/** The response to a preflight on any path. */
export const ANY_PATH_PREFLIGHT: Expected = {
  status: 200,
  corsHeaders: {
    'Access-Control-Allow-Methods': { exactly: ['POST', 'OPTIONS'] },
    'Access-Control-Allow-Headers': { has: ALLOWED_HEADERS },
    'Access-Control-Max-Age': '7200',
  },
  body: { kind: 'empty' },
  scans: 0,
};

/** The methods of /scanRecords. */
const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST'];

/** The response to a preflight on /scanRecords, which also lists the methods. */
export const PREFLIGHT: Expected = {
  ...ANY_PATH_PREFLIGHT,
  headers: { 'Content-Length': '0', Allow: { exactly: METHODS } },
};

/** An error response whose detail contains each string in `mentions`. */
export function problem(status: number, code: string, ...mentions: string[]): Expected {
  return { status, body: { kind: 'problem', code, mentions } };
}

/** An error response that costs no Scan request. */
export function rejection(...args: Parameters<typeof problem>): Expected {
  return { ...problem(...args), scans: 0 };
}

/** The response to a request whose origin the policy does not allow. */
export const ORIGIN_REJECTED: Expected = rejection(403, 'OriginNotAllowed');

export const METHOD_NOT_ALLOWED: Expected = {
  ...rejection(405, 'MethodNotAllowed'),
  headers: { Allow: { exactly: METHODS } },
};

/** A response with this JSON; the properties named in `opaque` may have any string value. */
export function json(text: string | (() => string), ...opaque: string[]): Expected {
  return {
    status: 200,
    headers: { 'Content-Type': /^application\/json\b/ },
    body: { kind: 'json', json: text, opaque },
  };
}
