/** Sends the doctor's requests. Reads responses as leniently as browsers do, and only their start. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { isToken } from 'cors-policy';
import { decodeBody, isComplete, isWorthReading } from './bodyStart';
import { connect } from './connection';
import { failureOf, TimeoutError, withAlternative } from './connectionFailure';
import type { Header, NetworkFailure, OutgoingRequest, RequestResult, Transport } from './diagnosis';
import { parseHead, type ResponseHead } from './responseHead';

export interface Limits {
  /** The time until the headers must have arrived. */
  timeoutMs: number;
  /** The time after the headers in which the body is read. */
  bodyTimeoutMs: number;
  /** The rest of a longer body is not read. With 0, no body is read. */
  maxBodyBytes: number;
}

const DEFAULT_LIMITS: Limits = { timeoutMs: 15_000, bodyTimeoutMs: 300, maxBodyBytes: 64 * 1024 };

/** Browsers send a Content-Length with these methods even if there is no body. */
const METHODS_WITH_LENGTH = ['POST', 'PUT'];

/**
 * Creates a transport that sends exactly the given headers, after `Host`, `Connection` and `Content-Length`.
 * It does not follow redirects, and closes the connection after the headers and the start of the body.
 */
export function createTransport(limits: Partial<Limits> = {}): Transport {
  return async (sent, options) => {
    const all = { ...DEFAULT_LIMITS, ...limits, ...options };
    try {
      const received = await exchange(sent, all);
      return received.kind === 'response' ? received : await withAlternative(received, new URL(sent.url));
    } catch (error) {
      // For example, the URL is not valid or not http.
      return failureOf(error as NodeJS.ErrnoException);
    }
  };
}

async function exchange(sent: OutgoingRequest, limits: Limits): Promise<RequestResult> {
  const message = messageOf(sent);
  const url = new URL(sent.url);
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort(new TimeoutError(limits.timeoutMs));
  }, limits.timeoutMs);
  let socket: Socket | undefined;
  try {
    socket = await connect(url, { signal: deadline.signal });
    const inbox = new Inbox(socket);
    message.forEach((part) => socket?.write(part));
    const head = await receiveHead(inbox, url);
    if (head.kind === 'failure') return head;
    clearTimeout(timer);
    const body = isWorthReading(sent, head) ? await receiveBody(inbox, head, limits) : '';
    return { kind: 'response', status: head.status, headers: head.headers, body };
  } catch (error) {
    return failureOf(error as NodeJS.ErrnoException);
  } finally {
    clearTimeout(timer);
    socket?.destroy();
  }
}

/** @throws TypeError for a request that HTTP cannot express */
function messageOf({ url, method, headers, body = '' }: OutgoingRequest): Buffer[] {
  const { protocol, host, pathname, search } = new URL(url);
  if (!/^https?:$/.test(protocol)) throw new TypeError(`${protocol} is not http: or https:`);
  const bytes = Buffer.from(body);
  const all: Header[] = [
    ['Host', host],
    ['Connection', 'keep-alive'],
  ];
  if (bytes.byteLength > 0 || METHODS_WITH_LENGTH.includes(method)) {
    all.push(['Content-Length', String(bytes.byteLength)]);
  }
  all.push(...headers);
  const invalid = all.find(([name, value]) => !isToken(name) || /[\0\r\n]/.test(value));
  if (invalid !== undefined || !isToken(method)) {
    throw new TypeError(`${invalid?.[0] ?? method} is not valid in an HTTP request.`);
  }
  const lines = [`${method} ${pathname}${search} HTTP/1.1`, ...all.map((header) => header.join(': '))];
  return [Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytes];
}

async function receiveHead(inbox: Inbox, url: URL): Promise<ResponseHead | NetworkFailure> {
  for (;;) {
    const head = parseHead({ text: inbox.text, ended: inbox.ended, url });
    if (head !== undefined) return head;
    await inbox.more();
  }
}

/** Waits for the body, but never long: the headers are enough for a verdict. */
async function receiveBody(
  inbox: Inbox,
  head: ResponseHead,
  { maxBodyBytes, bodyTimeoutMs }: Limits,
): Promise<string> {
  const bytes = () => Buffer.from(inbox.text.slice(head.bytes, head.bytes + maxBodyBytes), 'latin1');
  // Bytes that have already arrived still count.
  const timer = setTimeout(() => setImmediate(() => inbox.end()), bodyTimeoutMs);
  while (!inbox.ended && bytes().byteLength < maxBodyBytes && !isComplete(bytes(), head)) {
    // A connection that breaks here does not change the verdict.
    await inbox.more().catch(() => inbox.end());
  }
  clearTimeout(timer);
  return decodeBody(bytes(), head);
}

/** The bytes that arrived on a connection. */
class Inbox {
  /** One character per byte. */
  text = '';
  ended = false;
  #error: Error | undefined;
  #resolve: (() => void) | undefined;

  constructor(socket: Socket) {
    socket.on('data', (chunk) => {
      this.text += chunk.toString('latin1');
      this.#wake();
    });
    socket.on('end', () => {
      // Node.js can report a reset as an end. Writing fails only after a reset.
      if (socket instanceof TLSSocket) this.end();
      else socket.write('\r\n', (error) => (error ? undefined : this.end()));
    });
    socket.on('error', (error) => {
      this.#error = error;
      this.#wake();
    });
  }

  /** Resolves when something arrived, or at the end. Rejects when the connection broke. */
  async more(): Promise<void> {
    if (this.#error === undefined) await new Promise<void>((resolve) => (this.#resolve = resolve));
    if (this.#error !== undefined) throw this.#error;
  }

  end(): void {
    this.ended = true;
    this.#wake();
  }

  #wake(): void {
    this.#resolve?.();
  }
}
