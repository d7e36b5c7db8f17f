/** Everything known about a server after the request and the probes. Input of the platforms. No I/O. */
import type { Diagnosis, Exchange, PageCall } from './diagnosis';
import { ALLOW_ORIGIN, headerOf, type HttpResponse } from './headers';

export interface Evidence {
  call: PageCall;
  diagnosis: Diagnosis;
  /** The last response to a preflight, and to the request itself. */
  preflight: HttpResponse | undefined;
  request: HttpResponse | undefined;
  /** All responses, those to probes too. */
  responses: readonly HttpResponse[];
}

/** Sorts out what came back. */
export function evidenceOf(call: PageCall, diagnosis: Diagnosis, probes: readonly Exchange[] = []): Evidence {
  const { exchanges } = diagnosis;
  return {
    call,
    diagnosis,
    preflight: lastResponse(exchanges.filter(({ sent }) => sent.purpose === 'preflight')),
    request: lastResponse(exchanges.filter(({ sent }) => sent.purpose === 'request')),
    responses: [...exchanges, ...probes].flatMap(({ received }) =>
      received.kind === 'response' ? received : [],
    ),
  };
}

/** Whether the browser refuses the call at its preflight, or at that of where a redirect leads. */
export function failsAtPreflight({ diagnosis }: Evidence): boolean {
  const last = diagnosis.exchanges.at(-1);
  return (
    diagnosis.verdict === 'blocked' && last?.sent.purpose === 'preflight' && last.received.kind === 'response'
  );
}

/** Whether the browser refuses the response to the request itself, for want of an allowed origin. */
export function lacksOrigin(evidence: Evidence): boolean {
  const { diagnosis, request } = evidence;
  return (
    !failsAtPreflight(evidence) &&
    diagnosis.verdict === 'blocked' &&
    request !== undefined &&
    headerOf(request, ALLOW_ORIGIN) === undefined
  );
}

/** The `message` of a JSON body, as AWS's services write it. */
export function messageOf(response: HttpResponse | undefined): string | undefined {
  return jsonField(response, 'message') ?? jsonField(response, 'Message');
}

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
