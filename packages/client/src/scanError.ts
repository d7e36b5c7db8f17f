/** The error of every scan that cannot be completed. */

/**
 * A scan failed. Items that were returned before are valid, but they are not all.
 *
 * `code` is the `code` of the server's response, for example `TableNotAllowed`, or one of the client's own:
 *
 * - `NetworkError`: no response arrived. In a browser, this can also be a request that CORS blocks.
 * - `IncompleteResponse`: the connection broke before the response was complete.
 * - `MalformedResponse`: the response is not what a scan-records server sends.
 * - `HeadersNotReadable`: the response has no readable paging headers, so that its end is unknown.
 * - `HttpError`: an error status without a `code`, for example of a proxy.
 * - `KeyNotUnique`: `get` found more than one item with this key.
 */
export class ScanError extends Error {
  override readonly name = 'ScanError';
  readonly code: string;
  /** The HTTP status; undefined if no response arrived. */
  readonly status: number | undefined;
  /** Identifies the request in the server's log. */
  readonly requestId: string | undefined;
  /** Seconds after which the server accepts the next attempt. */
  readonly retryAfter: number | undefined;
  /** Where the scan can continue: pass it as `startingToken`. Undefined if no page was read. */
  nextToken: string | undefined;

  constructor(
    code: string,
    message: string,
    details: { status?: number; requestId?: string; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.status = details.status;
    this.requestId = details.requestId;
    this.retryAfter = details.retryAfter;
  }
}
