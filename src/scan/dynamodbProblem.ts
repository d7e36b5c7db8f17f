/** What can go wrong with DynamoDB, its SDK or the way there, as the problem it is for a client. No I/O. */
import type { ProblemDetails } from '../http/problem';

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

const NO_REGION: ProblemDetails = {
  status: 502,
  code: 'RegionMissing',
  detail: 'This server does not know in which AWS region the table is; AWS_REGION says it.',
};

/** Node's codes of connections that fail, and of TLS that cannot be agreed on. */
const UNREACHABLE_CODES =
  /^(?:E(?:CONN|HOST|NET)\w+|EPIPE|EPROTO|ENOTFOUND|EAI_\w+|ERR_TLS_\w+|ERR_SSL_\w+|\w*CERT\w*|UNABLE_TO_\w+)$/;

/** How DynamoDB names its exceptions; `Error` and `Unknown` are the SDK's own. */
const EXCEPTION_NAME = /^[A-Z]\w+(?:Exception|Error|Failure|Exceeded|Unavailable)$/;

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
  if (typeof error.code === 'string' && UNREACHABLE_CODES.test(error.code)) return UNREACHABLE;
  if (error.message === 'Region is missing') return NO_REGION;
  if (error.name === 'TimeoutError') {
    return { status: 504, code: 'DynamoDBTimeout', detail: 'DynamoDB did not answer in time.' };
  }
  if (error.$metadata === undefined) return undefined;
  if (error instanceof SyntaxError) return MALFORMED;
  const code = EXCEPTION_NAME.test(error.name) ? error.name : 'DynamoDBFailed';
  return { status: 502, code, detail: 'DynamoDB failed or refused the request.' };
}
