/** Collects the responses of a server to the request and the probes, for the platforms to explain. No I/O. */
import { parseUrl } from 'cors-policy';
import type { Diagnosis, Exchange, Header, NetworkFailure, OutgoingRequest, PageCall } from './diagnosis';
import { ALLOW_ORIGIN, headerOf, type HttpResponse } from './headers';
import { essenceOf } from './verdict/safelist';

export interface Evidence {
  call: PageCall;
  diagnosis: Diagnosis;
  /** The last response to a preflight. */
  preflight: HttpResponse | undefined;
  /** The last response to the request itself. */
  request: HttpResponse | undefined;
  /** All responses, including those to probes. */
  responses: readonly HttpResponse[];
  /** The responses to the request and its preflights, in their order, with what a cause can be read from. */
  observations: readonly Observation[];
  /** The reason why the last request has no response. */
  failure: NetworkFailure | undefined;
}

/** One response and the request that it belongs to. */
export interface Observation {
  purpose: OutgoingRequest['purpose'];
  method: string;
  url: string;
  status: number;
  /** The header lines in their order, also repeated ones. */
  headers: readonly Header[];
  /** The media type in lower case, without parameters. Undefined if there is none or it is invalid. */
  contentType: string | undefined;
  /** The start of the body as text. Empty if there is no body, or if it was not read. */
  bodyStart: string;
  /** The absolute URL of `Location`, with any status from 300 to 399. */
  redirectTarget: string | undefined;
}

/** Collects the responses by their purpose. */
export function evidenceOf(call: PageCall, diagnosis: Diagnosis, probes: readonly Exchange[] = []): Evidence {
  const { exchanges } = diagnosis;
  const last = exchanges.at(-1)?.received;
  return {
    call,
    diagnosis,
    preflight: lastResponse(exchanges.filter(({ sent }) => sent.purpose === 'preflight')),
    request: lastResponse(exchanges.filter(({ sent }) => sent.purpose === 'request')),
    responses: [...exchanges, ...probes].flatMap(({ received }) =>
      received.kind === 'response' ? received : [],
    ),
    observations: exchanges.flatMap((exchange) => observationOf(exchange) ?? []),
    failure: last?.kind === 'failure' ? last : undefined,
  };
}

/** Returns undefined if there was no response. */
function observationOf({ sent, received }: Exchange): Observation | undefined {
  if (received.kind !== 'response') return undefined;
  const { status, headers, body } = received;
  const location = headerOf(received, 'location');
  const redirects = status >= 300 && status <= 399 && location !== undefined && location !== '';
  return {
    purpose: sent.purpose,
    method: sent.method,
    url: sent.url,
    status,
    headers,
    contentType: essenceOf(headerOf(received, 'content-type') ?? ''),
    bodyStart: body,
    redirectTarget: redirects ? parseUrl(location, sent.url)?.href : undefined,
  };
}

/** Returns whether the browser blocks the request because of a preflight response, also after a redirect. */
export function failsAtPreflight({ diagnosis }: Evidence): boolean {
  const last = diagnosis.exchanges.at(-1);
  return (
    diagnosis.verdict === 'blocked' && last?.sent.purpose === 'preflight' && last.received.kind === 'response'
  );
}

/** Returns whether the browser blocks the response to the request itself because it allows no origin. */
export function lacksOrigin(evidence: Evidence): boolean {
  const { diagnosis, request } = evidence;
  return (
    !failsAtPreflight(evidence) &&
    diagnosis.verdict === 'blocked' &&
    request !== undefined &&
    headerOf(request, ALLOW_ORIGIN) === undefined
  );
}

/** Returns the `message` of a JSON body. AWS services spell it in two ways. */
export function messageOf(response: HttpResponse | undefined): string | undefined {
  return jsonField(response, 'message') ?? jsonField(response, 'Message');
}

/** Returns a string field of a JSON body, or undefined if there is none. */
export function jsonField(response: HttpResponse | undefined, name: string): string | undefined {
  try {
    const value = (JSON.parse(response?.body ?? '') as Record<string, unknown> | null)?.[name];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function lastResponse(exchanges: readonly Exchange[]): HttpResponse | undefined {
  const received = exchanges.at(-1)?.received;
  return received?.kind === 'response' ? received : undefined;
}
