/** What can go wrong with DynamoDB, its SDK or the way there, as the problem it is for a client. No I/O. */
import type { ProblemDetails } from '../problems';

interface DynamodbError extends Error {
  /** Node's code of a failed connection. */
  code?: unknown;
  /** The SDK's mark on everything that DynamoDB answered. */
  $metadata?: { httpStatusCode?: number };
}

/** What clients are told to wait; the SDK's own retries are spent by then. */
const headers = { 'Retry-After': '1' };

const CREDENTIALS: ProblemDetails = {
  status: 502,
  detail: "DynamoDB does not accept this server's AWS credentials: they are missing, expired or wrong.",
};
const THROTTLED: ProblemDetails = {
  status: 429,
  detail: 'DynamoDB throttles reads of this table. Try again later.',
  headers,
};
const UNREACHABLE: ProblemDetails = {
  status: 503,
  code: 'DynamoDBUnreachable',
  detail: 'DynamoDB could not be reached. Try again later.',
  headers,
};
const MALFORMED: ProblemDetails = {
  status: 502,
  code: 'MalformedAnswer',
  detail: 'DynamoDB gave an answer that is no Scan result.',
};

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const BY_NAME: Readonly<Record<string, ProblemDetails>> = {
  SerializationException: { status: 400, detail: 'DynamoDB could not read the request.' },
  ResourceNotFoundException: { status: 404, detail: 'There is no such table or index.' },

  AccessDeniedException: {
    status: 502,
    detail: 'DynamoDB denies this server access: its credentials need dynamodb:Scan on the table.',
  },
  UnrecognizedClientException: CREDENTIALS,
  InvalidSignatureException: CREDENTIALS,
  IncompleteSignatureException: CREDENTIALS,
  MissingAuthenticationTokenException: CREDENTIALS,
  ExpiredTokenException: CREDENTIALS,
  CredentialsProviderError: CREDENTIALS,
  TokenProviderError: CREDENTIALS,

  ProvisionedThroughputExceededException: THROTTLED,
  RequestLimitExceeded: THROTTLED,
  ThrottlingException: THROTTLED,

  ServiceUnavailable: UNREACHABLE,
  ServiceUnavailableException: UNREACHABLE,

  MalformedAnswerError: MALFORMED,
  IncompleteAnswerError: {
    status: 502,
    code: 'IncompleteAnswer',
    detail: 'The answer of DynamoDB arrived incomplete.',
  },
};

const UNREACHABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/**
 * The problem that a failed call to DynamoDB is for the client; undefined for any other error.
 *
 * `code` is DynamoDB's exception name. What the exception says is passed on for a
 * ValidationException alone, which speaks of the request; others hold ARNs and endpoints.
 */
export function dynamodbProblem(error: DynamodbError): ProblemDetails | undefined {
  if (error.name === 'ValidationException') return { status: 400, code: error.name, detail: error.message };
  const known = Object.hasOwn(BY_NAME, error.name) ? BY_NAME[error.name] : undefined;
  if (known !== undefined) return { code: error.name, ...known };
  // Codes before names: the SDK calls a reset connection a TimeoutError too.
  if (typeof error.code === 'string' && UNREACHABLE_CODES.has(error.code)) return UNREACHABLE;
  if (error.name === 'TimeoutError') {
    return { status: 504, code: 'DynamoDBTimeout', detail: 'DynamoDB did not answer in time.' };
  }
  if (error.$metadata === undefined) return undefined;
  if (error instanceof SyntaxError) return MALFORMED;
  return { status: 502, code: error.name, detail: 'DynamoDB failed or refused the request.' };
}
