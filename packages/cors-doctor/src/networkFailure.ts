/** Explains why there is no response, in plain words. No I/O. */
import type { Diagnosis, NetworkFailure } from './diagnosis';
import type { Finding } from 'sam-template';
import { finding } from './finding';

/** `fetch` rejects with the same `TypeError: Failed to fetch` as for CORS errors. Only the console shows net::ERR_…. */
const EXPLANATIONS: Readonly<
  Record<NetworkFailure['failure'], readonly [message: string, description: string]>
> = {
  dns: ['The host name does not exist, or its DNS lookup failed.', 'Correct the host in the URL.'],
  refused: [
    'Connection refused: no server listens on this host and port.',
    'Start the server, or correct the port in the URL.',
  ],
  unreachable: [
    'This machine has no route to the host.',
    'Check the address, the VPN and the firewall between this machine and the server.',
  ],
  certificate: [
    'Browsers do not trust the TLS certificate of the server.',
    'Use a certificate that browsers trust, for example one made with mkcert. For a server on this machine, you can use http.',
  ],
  tls: [
    'The TLS connection failed.',
    'Check the TLS settings of the server. For a server on this machine, you can use http.',
  ],
  'speaks-http': [
    'The URL begins with https:, but the server on this port speaks http.',
    'Call it with http.',
  ],
  'speaks-https': [
    'The URL begins with http:, but the server on this port speaks https.',
    'Call it with https.',
  ],
  timeout: ['The response did not arrive in time.', 'Check the server log: did the request arrive?'],
  broken: ['The connection closed before a response arrived.', 'Check the server log for a crash.'],
  'not-http': [
    'The reply of the server is not HTTP.',
    'Correct the port in the URL: another program listens on this one.',
  ],
  'invalid-http': [
    'The response is not valid HTTP, so browsers reject it.',
    'Correct how the server, or a proxy in front of it, writes the headers.',
  ],
};

/** Returns an error for the last exchange of a diagnosis, if it has no response. */
export function explainNetworkFailure({ exchanges }: Diagnosis): Finding[] {
  const received = exchanges.at(-1)?.received;
  if (received?.kind !== 'failure') return [];
  const { failure, alternative } = received;
  const [message, description] = EXPLANATIONS[failure];
  const lines = alternative === undefined ? [] : [alternative];
  return [finding(`no-response-${failure}`, 'error', message, description, lines)];
}
