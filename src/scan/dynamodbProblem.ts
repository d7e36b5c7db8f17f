/** Translates a failed request to DynamoDB into the problem that the client sees. No I/O. */
import { DynamodbError } from '../dynamodb/dynamodbError';
import { MalformedResponseError } from '../dynamodb/transcoder/transcoder';
import type { ProblemDetails } from '../http/problem';
import type { ProblemCode } from '../http/problemCodes';

/** Clients should wait a second. The SDK's own retries are already used up. */
const headers = { 'Retry-After': '1' };

type Problem = Omit<ProblemDetails, 'code'>;

const CREDENTIALS: Problem = {
  detail: "DynamoDB does not accept this server's AWS credentials: they are missing, expired or wrong.",
};
const CLOCK: Problem = {
  detail:
    "The clock of this server is wrong, so DynamoDB does not accept its signatures. Set the server's clock.",
};
const THROTTLED: Problem = { detail: 'DynamoDB throttles reads of this table. Try again later.', headers };

/**
 * Problems whose code is the name of the DynamoDB exception.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const EXCEPTIONS = {
  SerializationException: { detail: 'DynamoDB could not read the request.' },
  ResourceNotFoundException: { detail: 'The table or index does not exist.' },

  AccessDeniedException: {
    detail:
      'DynamoDB denies this server access: its credentials need dynamodb:Scan, dynamodb:Query and dynamodb:DescribeTable on the table and its indexes.',
  },
  UnrecognizedClientException: CREDENTIALS,
  InvalidSignatureException: CREDENTIALS,
  IncompleteSignatureException: CREDENTIALS,
  MissingAuthenticationTokenException: CREDENTIALS,
  ExpiredTokenException: CREDENTIALS,
  CredentialsProviderError: CREDENTIALS,
  TokenProviderError: CREDENTIALS,
  RegionMissing: { detail: 'This server does not know the AWS region of the table. Set AWS_REGION.' },

  ProvisionedThroughputExceededException: THROTTLED,
  RequestLimitExceeded: THROTTLED,
  ThrottlingException: THROTTLED,

  InternalServerError: { detail: 'DynamoDB failed. Try again later.' },
} satisfies Partial<Record<ProblemCode, Problem>>;

const UNREACHABLE: ProblemDetails = {
  code: 'DynamoDBUnreachable',
  detail: 'DynamoDB could not be reached. Try again later.',
  headers,
};
const UNAVAILABLE: ProblemDetails = { ...UNREACHABLE, detail: 'DynamoDB is unavailable. Try again later.' };

/** Problems with a code of their own, by the name of the error. */
const FAILURES: Readonly<Record<string, ProblemDetails>> = {
  ServiceUnavailable: UNAVAILABLE,
  ServiceUnavailableException: UNAVAILABLE,
  ConnectionError: UNREACHABLE,
  TooManyOpenFiles: {
    code: 'TooManyOpenFiles',
    detail: 'This server has too many open files and connections. Try again later.',
    headers,
  },
  TimeoutError: { code: 'DynamoDBTimeout', detail: 'DynamoDB did not respond in time.' },
  MalformedResponseError: {
    code: 'MalformedAnswer',
    detail: 'DynamoDB sent a response that is not a valid result.',
  },
  IncompleteBodyError: { code: 'IncompleteAnswer', detail: 'The response of DynamoDB arrived incomplete.' },
};

const OTHER: ProblemDetails = { code: 'DynamoDBFailed', detail: 'DynamoDB failed or rejected the request.' };

/**
 * Returns the problem for a failed request to DynamoDB; undefined for any other error.
 *
 * Only the message of a ValidationException is passed on, because it is about the client's request.
 * Other messages contain ARNs and endpoints.
 */
export function dynamodbProblem(error: Error): ProblemDetails | undefined {
  if (!(error instanceof DynamodbError) && !(error instanceof MalformedResponseError)) return undefined;
  const { name, message } = error;
  if (name === 'ValidationException') return { code: name, detail: message };
  if (name === 'InvalidSignatureException' && CLOCK_MESSAGE.test(message)) return { code: name, ...CLOCK };
  if (isException(name)) return { code: name, ...EXCEPTIONS[name] };
  return (Object.hasOwn(FAILURES, name) ? FAILURES[name] : undefined) ?? OTHER;
}

/** DynamoDB compares the time of the signature with its own. */
const CLOCK_MESSAGE = /^Signature (?:expired|not yet current)/;

function isException(name: string): name is keyof typeof EXCEPTIONS {
  return Object.hasOwn(EXCEPTIONS, name);
}
