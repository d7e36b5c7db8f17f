/** Opens connections to servers as browsers do: `localhost` on both loopback addresses, TLS with a trusted certificate. */
import { once } from 'node:events';
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import * as tls from 'node:tls';

export interface ConnectionOptions {
  /** Closes the connection, also before it is open. */
  signal: AbortSignal;
  /** Whether a certificate that is not trusted is an error; default true. */
  verify?: boolean;
}

/**
 * Resolves when the connection is open.
 *
 * @throws the error of the DNS lookup, the connection or the TLS handshake
 */
export async function connect(url: URL, { signal, verify = true }: ConnectionOptions): Promise<Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'https:';
  const port = Number(url.port || (secure ? 443 : 80));
  const socket = connectTcp({ host, port, lookup, allowHalfOpen: true, ...HAPPY_EYEBALLS });
  const release = destroyOnAbort(socket, signal);
  await once(socket, 'connect');
  if (!secure) return socket;
  // The TLS socket owns the connection from here on. To destroy both can crash Node.js.
  release();
  const secured = tls.connect({
    socket,
    // Servers that cannot speak HTTP/1.1 fail the handshake.
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: verify,
    ...(isIP(host) === 0 && { servername: host }),
    ...trustedCertificates(),
  });
  destroyOnAbort(secured, signal);
  await once(secured, 'secureConnect');
  return secured;
}

/** Returns a function that ends the effect of the signal. */
function destroyOnAbort(socket: Socket, signal: AbortSignal): () => void {
  const abort = () => socket.destroy(signal.reason as Error);
  const release = () => {
    signal.removeEventListener('abort', abort);
  };
  // Without a listener, an error would end the process.
  socket.on('error', () => undefined);
  socket.once('close', release);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return release;
}

/** Tries all addresses of a host. Node.js would give up a slow address after 250 ms. */
const HAPPY_EYEBALLS = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 1_000 };

const LOOPBACK: readonly LookupAddress[] = [
  { address: '::1', family: 6 },
  { address: '127.0.0.1', family: 4 },
];

/**
 * Browsers do not look up `localhost` and its subdomains, and try the IPv6 address first.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6761#section-6.3
 */
const lookup: LookupFunction = (hostname, options, callback) => {
  if (/(?:^|\.)localhost\.?$/i.test(hostname)) callback(null, [...LOOPBACK]);
  else dnsLookup(hostname, { ...options, all: true }, callback);
};

/** Browsers trust the certificates of the operating system. Node.js can read them since version 22.15. */
function trustedCertificates(): tls.SecureContextOptions {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default' | 'system') => string[] };
  if (getCACertificates === undefined) return {};
  return { ca: [...getCACertificates('default'), ...getCACertificates('system')] };
}
