/** The one error that the repository throws for a failed request to DynamoDB. No I/O, and no AWS SDK. */

/** A request to DynamoDB failed, after the SDK's retries. */
export class DynamodbError extends Error {
  /** DynamoDB's exception name, `ConnectionError`, `RegionMissing`, `TooManyOpenFiles`, or a name of `LOCAL_FAILURES`. */
  override readonly name: string;
  /** Status of DynamoDB's response; undefined if there was none. */
  readonly status: number | undefined;
  /** AWS's id of the request, for support cases. */
  readonly requestId: string | undefined;

  constructor(name: string, cause: Error, { httpStatusCode, requestId }: Metadata = {}) {
    super(cause.message, { cause });
    this.name = name;
    this.status = httpStatusCode;
    this.requestId = requestId;
  }
}

interface Metadata {
  httpStatusCode?: number;
  requestId?: string;
}

interface SdkError extends Error {
  /** Node's code of a failed connection. */
  code?: unknown;
  /** Set by the SDK on errors of requests that got a response. */
  $metadata?: Metadata;
}

/** Failures that are not an exception of DynamoDB, by the name of the error that is their cause. */
const LOCAL_FAILURES = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'MalformedResponseError',
  'IncompleteBodyError',
  'TimeoutError',
]);

/** Node's codes of connections that fail, and of TLS handshakes that fail. */
const UNREACHABLE_CODES =
  /^(?:E(?:CONN|HOST|NET)\w+|EPIPE|EPROTO|ENOTFOUND|EAI_\w+|ERR_TLS_\w+|ERR_SSL_\w+|\w*CERT\w*|UNABLE_TO_\w+)$/;

/**
 * Converts an error of the SDK, of the connection or of the response body. Other errors, such as an aborted
 * signal or a programming error, are returned unchanged.
 */
export function toDynamodbError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code, $metadata } = error as SdkError;
  // Codes before names: the SDK also calls a reset connection a TimeoutError.
  if (typeof code === 'string' && UNREACHABLE_CODES.test(code)) {
    return new DynamodbError('ConnectionError', error, $metadata);
  }
  // The limit of this process, so DynamoDB has nothing to do with it.
  if (code === 'EMFILE' || code === 'ENFILE') return new DynamodbError('TooManyOpenFiles', error);
  if (error.message === 'Region is missing') return new DynamodbError('RegionMissing', error);
  if (LOCAL_FAILURES.has(error.name)) return new DynamodbError(error.name, error, $metadata);
  if ($metadata === undefined) return error;
  const name = error instanceof SyntaxError ? 'MalformedResponseError' : error.name;
  return new DynamodbError(name, error, $metadata);
}
