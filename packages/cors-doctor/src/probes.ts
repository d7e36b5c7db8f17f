/** Additional requests that test the server. Only requests that a web page could send, and only a few. No I/O. */
import type { Diagnosis, Exchange, PageCall, RequestResult, OutgoingRequest, Transport } from './diagnosis';
import { firstRequest } from './verdict/browserRequest';
import { preflightOf, requestOf } from './verdict/outgoing';

/** An origin that no policy lists. RFC 2606, section 2. */
export const STRANGER = 'https://stranger.example';

export interface Probe {
  name: 'stranger' | 'unknown-path' | 'bad-body' | 'oversized-body';
  sent: OutgoingRequest;
}

export interface ProbeExchange extends Exchange {
  name: Probe['name'];
}

export interface ProbeOptions {
  oversized: boolean;
}

/** Larger than the 10 MB that API Gateway accepts, and than the limits of most servers. */
const OVERSIZED_BODY_BYTES = 11 * 1024 * 1024;

/** `fetch` does not send a body with these methods. */
const METHODS_WITHOUT_BODY = ['GET', 'HEAD'];

/**
 * Returns the probes of a request. As in a browser, probes with the method of the request are sent only if its
 * preflight passed.
 */
export function probesOf(call: PageCall, { oversized }: ProbeOptions, diagnosis?: Diagnosis): Probe[] {
  const preflighted = diagnosis === undefined || isPreflighted(diagnosis);
  const sendsRequest = diagnosis === undefined || reachesRequest(diagnosis);
  const takesJson = call.headers.some(([name, value]) => /^content-type$/i.test(name) && /json/i.test(value));
  const hasBody = takesJson && !METHODS_WITHOUT_BODY.includes(call.method);
  return [
    { name: 'stranger', sent: preflighted ? preflight(call, STRANGER) : request(call, STRANGER) },
    { name: 'unknown-path', sent: unknownPath(call) },
    ...(sendsRequest && hasBody
      ? [{ name: 'bad-body', sent: request(call, call.origin, '{') } as const]
      : []),
    ...(sendsRequest && hasBody && oversized
      ? [{ name: 'oversized-body', sent: request(call, call.origin, oversizedBody()) } as const]
      : []),
  ];
}

/** Sends the probes one after another. */
export async function probe(probes: readonly Probe[], transport: Transport): Promise<ProbeExchange[]> {
  const probed: ProbeExchange[] = [];
  for (const { name, sent } of probes) {
    const received: RequestResult = await transport(sent);
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

function preflight(call: PageCall, origin: string): OutgoingRequest {
  return { ...preflightOf(firstRequest({ ...call, origin })), purpose: 'probe' };
}

function request(call: PageCall, origin: string, body = call.body): OutgoingRequest {
  return { ...requestOf(firstRequest({ ...call, origin, body })), purpose: 'probe' };
}

/** Uses GET because a web page can send it without a preflight and it changes nothing. */
function unknownPath(call: PageCall): OutgoingRequest {
  const url = new URL(call.url);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}-no-such-path`;
  url.search = '';
  return request({ ...call, url: url.href, method: 'GET', headers: [], body: undefined }, call.origin);
}

function oversizedBody(): string {
  return JSON.stringify({ Padding: 'x'.repeat(OVERSIZED_BODY_BYTES) });
}
