/** Names the reason for a missing response, and finds the address on which the server listens. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from './connection';
import type { NetworkFailure } from './diagnosis';

export class TimeoutError extends Error {
  override name = 'TimeoutError';

  constructor(timeoutMs: number) {
    super(`no response within ${timeoutMs / 1000} seconds`);
  }
}

/** Returns the kind of failure for an error of node:dns, node:net or node:tls. */
export function failureOf(error: NodeJS.ErrnoException): NetworkFailure {
  const cause = mainCause(error);
  const [failure, netError] = kindOf(cause);
  return {
    kind: 'failure',
    failure,
    message: messageOf(cause),
    ...(netError !== undefined && { netError }),
  };
}

/** OpenSSL puts the reason after codes and names of its source. */
function messageOf({ code = '', message, reason }: NodeJS.ErrnoException & { reason?: string }): string {
  const [line = ''] = message.split('\n');
  return code.startsWith('ERR_SSL_') && reason !== undefined ? `TLS: ${reason}` : line === '' ? code : line;
}

/** A host with several addresses has an error for each. A server that rejects a connection says most. */
function mainCause(error: NodeJS.ErrnoException): NodeJS.ErrnoException {
  if (!(error instanceof AggregateError)) return error;
  const errors = error.errors as NodeJS.ErrnoException[];
  return errors.find(({ code }) => code === 'ECONNREFUSED') ?? errors[0] ?? error;
}

type Kind = readonly [failure: NetworkFailure['failure'], netError?: string | undefined];

/** The codes of node:net, node:dns and OpenSSL. The first that matches counts. */
const KINDS: readonly (readonly [code: RegExp, ...Kind])[] = [
  [/^ETIMEDOUT$/, 'timeout', 'ERR_CONNECTION_TIMED_OUT'],
  [/^ENOTFOUND$|^EAI_/, 'dns', 'ERR_NAME_NOT_RESOLVED'],
  [/^ECONNREFUSED$/, 'refused', 'ERR_CONNECTION_REFUSED'],
  [/^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, 'unreachable', 'ERR_ADDRESS_UNREACHABLE'],
  [/^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/, 'certificate', 'ERR_CERT_DATE_INVALID'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$|^HOSTNAME_MISMATCH$/, 'certificate', 'ERR_CERT_COMMON_NAME_INVALID'],
  [/SELF_SIGNED|ISSUER|LEAF_SIGNATURE|UNTRUSTED|^INVALID_CA$/, 'certificate', 'ERR_CERT_AUTHORITY_INVALID'],
  [/CERT|CRL/, 'certificate', 'ERR_CERT_INVALID'],
  [/^(?:ERR_TLS_|ERR_SSL_|EPROTO$)/, 'tls', 'ERR_SSL_PROTOCOL_ERROR'],
  [/^(?:ECONNRESET|EPIPE)$/, 'broken', 'ERR_CONNECTION_RESET'],
];

function kindOf({ code = '', name }: NodeJS.ErrnoException): Kind {
  if (name === 'TimeoutError') return ['timeout'];
  const [, failure, netError] = KINDS.find(([pattern]) => pattern.test(code)) ?? [undefined, 'broken'];
  return [failure, netError];
}

/** The checks are connections without a request of the web page, so they may fail early. */
const CHECK_TIMEOUT_MS = 2_000;

/**
 * Checks whether the port speaks the other scheme, or the server listens on the other loopback address. Adds the URL
 * that works.
 */
export async function withAlternative(failed: NetworkFailure, url: URL): Promise<NetworkFailure> {
  const { failure } = failed;
  if (failure === 'tls' && (await speaksHttp(url))) {
    const message = 'The server replies without TLS.';
    return { ...failed, failure: 'speaks-http', message, alternative: withScheme(url, 'http:') };
  }
  if (url.protocol === 'http:' && ['broken', 'not-http'].includes(failure) && (await speaksTls(url))) {
    const message = 'The server replies to TLS only.';
    return { ...failed, failure: 'speaks-https', message, alternative: withScheme(url, 'https:') };
  }
  const other = OTHER_LOOPBACK.get(url.hostname);
  if (failure === 'refused' && other !== undefined && (await listens(url, other))) {
    const message = `${failed.message}, but a server listens on ${other}`;
    return { ...failed, message, alternative: withHost(url, 'localhost') };
  }
  return failed;
}

const OTHER_LOOPBACK: ReadonlyMap<string, string> = new Map([
  ['127.0.0.1', '[::1]'],
  ['[::1]', '127.0.0.1'],
]);

/** Any reply counts that begins like HTTP, also an error. `OPTIONS *` asks for nothing of a server. */
async function speaksHttp(url: URL): Promise<boolean> {
  const plain = new URL(withScheme(url, 'http:'));
  return check(plain, async (socket) => {
    socket.write(`OPTIONS * HTTP/1.1\r\nHost: ${plain.host}\r\nConnection: close\r\n\r\n`);
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    return chunk.toString('latin1').startsWith('HTTP/');
  });
}

/** Whether browsers trust the certificate does not matter here. */
async function speaksTls(url: URL): Promise<boolean> {
  return check(new URL(withScheme(url, 'https:')), () => Promise.resolve(true));
}

async function listens(url: URL, hostname: string): Promise<boolean> {
  return check(new URL(withHost(url, hostname)), () => Promise.resolve(true));
}

/** Opens a connection, and returns the result of the test. Returns false if it fails. */
async function check(url: URL, test: (socket: Socket) => Promise<boolean>): Promise<boolean> {
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort(new TimeoutError(CHECK_TIMEOUT_MS));
  }, CHECK_TIMEOUT_MS);
  let socket: Socket | undefined;
  try {
    socket = await connect(url, { signal: deadline.signal, verify: false });
    return await test(socket);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    socket?.destroy();
  }
}

function withScheme(url: URL, protocol: 'http:' | 'https:'): string {
  const other = new URL(url);
  // The default port changes with the scheme.
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  other.protocol = protocol;
  other.port = port;
  return other.href;
}

function withHost(url: URL, hostname: string): string {
  const other = new URL(url);
  other.hostname = hostname;
  return other.href;
}
