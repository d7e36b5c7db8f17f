/** Translates a failed request to DynamoDB into the problem that the client sees. No I/O. */
import { DynamodbError } from '../dynamodb/dynamodbError';
import { MalformedAnswerError } from '../dynamodb/transcoder/transcoder';
import type { ProblemDetails } from '../http/problem';

/** How long clients should wait. The SDK's own retries are already used up. */
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

/**
 * Problems by error name. Without a `code` of its own, a problem has the exception name as its code.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const PROBLEMS: Readonly<Record<string, ProblemDetails>> = {
  SerializationException: { status: 400, detail: 'DynamoDB could not read the request.' },
  ResourceNotFoundException: { status: 404, detail: 'The table or index does not exist.' },

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
  ConnectionError: UNREACHABLE,
  TimeoutError: { status: 504, code: 'DynamoDBTimeout', detail: 'DynamoDB did not respond in time.' },
  RegionMissing: {
    status: 502,
    detail: 'This server does not know the AWS region of the table. Set AWS_REGION.',
  },
  MalformedAnswerError: {
    status: 502,
    code: 'MalformedAnswer',
    detail: 'DynamoDB sent a response that is not a valid Scan result.',
  },
  IncompleteBodyError: {
    status: 502,
    code: 'IncompleteAnswer',
    detail: 'The response of DynamoDB arrived incomplete.',
  },
};

/** The form of DynamoDB's exception names. `Error` and `Unknown` are names that the SDK makes up. */
const EXCEPTION_NAME = /^[A-Z]\w+(?:Exception|Error|Failure|Exceeded|Unavailable)$/;

/**
 * Returns the problem for a failed request to DynamoDB; undefined for any other error.
 *
 * `code` is DynamoDB's exception name. Only the message of a ValidationException is passed on, because
 * it is about the client's request. Other messages contain ARNs and endpoints.
 */
export function dynamodbProblem(error: Error): ProblemDetails | undefined {
  if (!(error instanceof DynamodbError) && !(error instanceof MalformedAnswerError)) return undefined;
  if (error.name === 'ValidationException') return { status: 400, code: error.name, detail: error.message };
  const known = Object.hasOwn(PROBLEMS, error.name) ? PROBLEMS[error.name] : undefined;
  if (known !== undefined) return { code: error.name, ...known };
  const code = EXCEPTION_NAME.test(error.name) ? error.name : 'DynamoDBFailed';
  return { status: 502, code, detail: 'DynamoDB failed or rejected the request.' };
}
