/** Additional requests that test the server. Only requests that a web page could send, and only a few. No I/O. */
import type { Diagnosis, Exchange, PageCall, Received, Sent, Transport } from './diagnosis';
import { needsOf } from './needs';

/** An origin that no policy lists. RFC 2606, section 2. */
export const STRANGER = 'https://stranger.example';

export interface Probe {
  name: 'stranger' | 'unknown-path' | 'bad-body' | 'oversized-body';
  sent: Sent;
}

export interface Probed extends Exchange {
  name: Probe['name'];
}

export interface ProbeOptions {
  oversized: boolean;
}

/** Bytes: over the 10 MB of API Gateway and the limits of most servers. */
const OVERSIZED = 11 * 1024 * 1024;

const BODILESS = ['GET', 'HEAD'];

/**
 * The probes of a call. Those that carry the call's own method are sent only where its preflight has
 * passed, as in a browser.
 */
export function probesOf(call: PageCall, { oversized }: ProbeOptions, diagnosis?: Diagnosis): Probe[] {
  const preflighted = diagnosis === undefined || isPreflighted(diagnosis);
  const mayAsk = diagnosis === undefined || reachesRequest(diagnosis);
  const takesJson = call.headers.some(([name, value]) => /^content-type$/i.test(name) && /json/i.test(value));
  const hasBody = takesJson && !BODILESS.includes(call.method);
  return [
    { name: 'stranger', sent: preflighted ? preflight(call, STRANGER) : request(call, STRANGER) },
    { name: 'unknown-path', sent: unknownPath(call) },
    ...(mayAsk && hasBody ? [{ name: 'bad-body', sent: request(call, call.origin, '{') } as const] : []),
    ...(mayAsk && hasBody && oversized
      ? [{ name: 'oversized-body', sent: request(call, call.origin, oversizedBody()) } as const]
      : []),
  ];
}

/** Sends them one after another. */
export async function probe(probes: readonly Probe[], transport: Transport): Promise<Probed[]> {
  const probed: Probed[] = [];
  for (const { name, sent } of probes) {
    const received: Received = await transport(sent);
    probed.push({ name, sent, received });
  }
  return probed;
}

function isPreflighted({ exchanges }: Diagnosis): boolean {
  return exchanges.some(({ sent }) => sent.purpose === 'preflight');
}

function reachesRequest({ exchanges }: Diagnosis): boolean {
  return exchanges.some(({ sent }) => sent.purpose === 'request');
}

function preflight(call: PageCall, origin: string): Sent {
  const names = needsOf(call)
    .headers.map((name) => name.toLowerCase())
    .sort();
  return {
    purpose: 'probe',
    url: call.url,
    method: 'OPTIONS',
    headers: [
      ['Accept', '*/*'],
      ['Access-Control-Request-Method', call.method],
      ...(names.length > 0 ? [['Access-Control-Request-Headers', names.join(',')] as const] : []),
      ['Origin', origin],
    ],
    body: undefined,
  };
}

function request(call: PageCall, origin: string, body = call.body): Sent {
  return {
    purpose: 'probe',
    url: call.url,
    method: call.method,
    headers: [['Accept', '*/*'], ...call.headers, ['Origin', origin]],
    body,
  };
}

/** GET, which a page may send anywhere without asking and which changes nothing. */
function unknownPath(call: PageCall): Sent {
  const url = new URL(call.url);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}-no-such-path`;
  url.search = '';
  return {
    purpose: 'probe',
    url: url.href,
    method: 'GET',
    headers: [
      ['Accept', '*/*'],
      ['Origin', call.origin],
    ],
    body: undefined,
  };
}

function oversizedBody(): string {
  return JSON.stringify({ Padding: 'x'.repeat(OVERSIZED) });
}
