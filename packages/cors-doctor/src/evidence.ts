/** Collects the responses of a server to the request and the probes, for the platforms to explain. No I/O. */
import type { Diagnosis, Exchange, PageCall } from './diagnosis';
import { ALLOW_ORIGIN, headerOf, type HttpResponse } from './headers';

export interface Evidence {
  call: PageCall;
  diagnosis: Diagnosis;
  /** The last response to a preflight. */
  preflight: HttpResponse | undefined;
  /** The last response to the request itself. */
  request: HttpResponse | undefined;
  /** All responses, including those to probes. */
  responses: readonly HttpResponse[];
}

/** Collects the responses by their purpose. */
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
