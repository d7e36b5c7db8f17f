/** What the cases are made of: requests as pages send them, answers as the contract promises them. */
import type { CaseRequest, Expected } from '../case';
import type { RequestHeader } from '../http';
import { listed, type OriginOf } from '../policy';

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

/** A body that costs little on any table: one record is evaluated. */
export const ONE = '{"Limit":1}';

const JSON_TYPE: RequestHeader = ['Content-Type', 'application/json'];

/** A page's POST of JSON. */
export function post(body: string | Buffer, ...headers: RequestHeader[]): CaseRequest {
  return { method: 'POST', path: PATH, origin: listed, headers: [JSON_TYPE, ...headers], body };
}

/** A page's POST, with these headers and no others. */
export function postPlain(body: string | Buffer | undefined, ...headers: RequestHeader[]): CaseRequest {
  return { method: 'POST', path: PATH, origin: listed, headers, ...(body !== undefined && { body }) };
}

/** A page's POST that scans a fixture table, with whatever else is asked for. */
export function scan(table: string, members: object = {}, ...headers: RequestHeader[]): CaseRequest {
  return post(JSON.stringify({ TableName: table, ...members }), ...headers);
}

/** A preflight as browsers send it. */
export function preflight(
  origin: string | OriginOf = listed,
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

/** What pages may send, by the default policy. */
export const ALLOWED_HEADERS = [
  'Content-Type',
  'X-Amz-Date',
  'Authorization',
  'X-Api-Key',
  'X-Amz-Security-Token',
];

/** The answer to every preflight, in which the CORS policy speaks where it admits the origin. */
export const PREFLIGHT_PASSES: Expected = {
  status: 200,
  corsHeaders: {
    'Access-Control-Allow-Methods': { exactly: ['POST', 'OPTIONS'] },
    'Access-Control-Allow-Headers': { has: ALLOWED_HEADERS },
    'Access-Control-Max-Age': '7200',
  },
  body: { kind: 'empty' },
  scans: 0,
};

/** The same on the path of the records, which has methods. */
export const PREFLIGHT: Expected = {
  ...PREFLIGHT_PASSES,
  headers: { 'Content-Length': '0', Allow: { exactly: ['OPTIONS', 'POST'] } },
};

/** An error; `says` is what its detail has to name. */
export function problem(status: number, code: string, ...says: string[]): Expected {
  return { status, body: { kind: 'problem', code, says } };
}

/** An error that is found before DynamoDB is asked. */
export function refusal(...given: Parameters<typeof problem>): Expected {
  return { ...problem(...given), scans: 0 };
}

/** What a page gets that may not read the answer. */
export const REFUSED: Expected = refusal(403, 'OriginNotAllowed');

export const METHOD_NOT_ALLOWED: Expected = {
  ...refusal(405, 'MethodNotAllowed'),
  headers: { Allow: { exactly: ['OPTIONS', 'POST'] } },
};

/** A JSON answer. */
export function json(text: string | (() => string), ...opaque: string[]): Expected {
  return {
    status: 200,
    headers: { 'Content-Type': /^application\/json\b/ },
    body: { kind: 'json', json: text, opaque },
  };
}
