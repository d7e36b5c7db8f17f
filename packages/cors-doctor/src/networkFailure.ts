/** Explains a missing response in plain words. No I/O. */
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
    'The TLS certificate of the server is not valid.',
    'Use a certificate that browsers trust. For a server on this machine, you can use http.',
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

/** More precise than the kind of failure. */
const CERTIFICATES: Readonly<Record<string, readonly [message: string, description: string]>> = {
  ERR_CERT_DATE_INVALID: [
    'The TLS certificate of the server has expired, or is not valid yet.',
    'Renew the certificate. If it is valid, correct the clock of this machine.',
  ],
  ERR_CERT_COMMON_NAME_INVALID: [
    'The TLS certificate of the server is for another host name.',
    'Use a host name that the certificate contains, or a certificate for this host name.',
  ],
  // Browsers can know authorities that Node.js does not know, for example those of mkcert and of companies.
  ERR_CERT_AUTHORITY_INVALID: [
    'No known authority has signed the TLS certificate of the server.',
    'Open the URL in the browser. If the browser shows a warning, use a certificate that it trusts, for example one made with mkcert. If it shows none, run the doctor again with the certificate of the authority.',
  ],
};

const CERTIFICATE_LINES: Readonly<Record<string, readonly string[]>> = {
  ERR_CERT_AUTHORITY_INVALID: ['NODE_EXTRA_CA_CERTS=authority.pem npx cors-doctor URL'],
};

const OTHER_LOOPBACK = [
  'No server listens on this address, but one listens on the other loopback address of this machine (127.0.0.1 and [::1] are different).',
  'Call it with localhost, for which browsers try both addresses. Or let the server listen on both.',
] as const;

/** Returns an error for the last exchange of a diagnosis, if it has no response. */
export function explainNetworkFailure({ exchanges }: Diagnosis): Finding[] {
  const received = exchanges.at(-1)?.received;
  if (received?.kind !== 'failure') return [];
  const { failure, netError = '', alternative } = received;
  const listensElsewhere = failure === 'refused' && alternative !== undefined;
  const [message, description] = listensElsewhere
    ? OTHER_LOOPBACK
    : (CERTIFICATES[netError] ?? EXPLANATIONS[failure]);
  const lines = alternative === undefined ? CERTIFICATE_LINES[netError] : [alternative];
  return [finding(`no-response-${failure}`, 'error', message, description, lines)];
}
