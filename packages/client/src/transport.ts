/** Sends one request, and turns everything but a success into a ScanError. */
import { ScanError } from './scanError';

export interface TransportOptions {
  apiKey?: string;
  token?: string | (() => string | Promise<string>);
  fetch?: typeof fetch;
}

/** Sends parameters and returns a response with status 200. */
export type Send = (
  parameters: Record<string, unknown>,
  mediaType: string,
  signal: AbortSignal,
) => Promise<Response>;

/** Creates the function that sends requests. It throws ScanError, or the signal's reason. */
export function createSend(url: string, { apiKey, token, fetch = globalThis.fetch }: TransportOptions): Send {
  const target = scanUrl(url);
  return async (parameters, mediaType, signal) => {
    const bearer = typeof token === 'function' ? await token() : token;
    const headers = {
      Accept: mediaType,
      'Content-Type': 'application/json',
      ...(apiKey !== undefined && { 'X-Api-Key': apiKey }),
      ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }),
    };
    const response = await orNetworkError(target, signal, () =>
      fetch(target, { method: 'POST', headers, body: JSON.stringify(parameters), signal }),
    );
    if (response.status !== 200) {
      const error = await httpError(response);
      signal.throwIfAborted();
      throw error;
    }
    const type = response.headers.get('Content-Type') ?? '';
    if (type.startsWith(mediaType)) return response;
    await response.body?.cancel();
    // Chromium accepts a response whose connection ended within the headers.
    const code = mediaType.startsWith(type) ? 'IncompleteResponse' : 'MalformedResponse';
    const message = `${target} returned ${type || 'no type'} instead of ${mediaType}. Is it the URL of a scan-records server?`;
    throw new ScanError(code, message, detailsOf(response));
  };
}

/** Accepts the URL of the server, or of its scan route. */
function scanUrl(url: string): string {
  const base = url.replace(/\/+$/, '');
  return base.endsWith('/scanRecords') ? base : `${base}/scanRecords`;
}

async function orNetworkError(
  target: string,
  signal: AbortSignal,
  send: () => Promise<Response>,
): Promise<Response> {
  try {
    return await send();
  } catch (cause) {
    signal.throwIfAborted();
    throw new ScanError('NetworkError', `No response from ${target}: ${reasonOf(cause)}`, { cause });
  }
}

/** Node.js has the reason of a failed fetch in `cause`. Browsers hide it. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}

/** The problem of an error response. https://www.rfc-editor.org/rfc/rfc9457 */
interface Problem {
  code?: unknown;
  detail?: unknown;
  requestId?: unknown;
}

async function httpError(response: Response): Promise<ScanError> {
  const { code, detail, requestId } = await problemOf(response);
  const details = detailsOf(response);
  return new ScanError(
    typeof code === 'string' ? code : 'HttpError',
    typeof detail === 'string' ? detail : `The server returned status ${response.status}.`,
    { ...details, ...(typeof requestId === 'string' && { requestId }) },
  );
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const problem: unknown = await response.json();
    return typeof problem === 'object' && problem !== null ? problem : {};
  } catch {
    // A proxy's page, or a connection that broke.
    return {};
  }
}

/** Returns what the status and headers of a response say about it. */
export function detailsOf({ status, headers }: Response): {
  status: number;
  requestId?: string;
  retryAfter?: number;
} {
  const requestId = headers.get('X-Request-Id');
  const retryAfter = retryAfterSeconds(headers.get('Retry-After'));
  return {
    status,
    ...(requestId !== null && { requestId }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

/** Seconds, or a date. https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function retryAfterSeconds(value: string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
