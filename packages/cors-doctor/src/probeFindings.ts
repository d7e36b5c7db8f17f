/** Finds problems that the probes show and that the request itself did not run into. No I/O. */
import type { Diagnosis, PageCall } from './diagnosis';
import type { Finding } from 'sam-template';
import { finding } from './finding';
import { ALLOW_ORIGIN, headerOf, listContains, type HttpResponse } from './headers';
import { responseHeaders, requirementsOf } from './corsRequirements';
import { STRANGER, type ProbeExchange } from './probes';

export function probeFindings(
  call: PageCall,
  diagnosis: Diagnosis,
  probed: readonly ProbeExchange[],
): Finding[] {
  return [
    ...strangers(diagnosis, probed),
    ...(allowsOriginSometimes(diagnosis) ? errorsWithoutCors(call, probed) : []),
    ...unreadable(call, diagnosis),
  ];
}

function strangers({ exchanges }: Diagnosis, probed: readonly ProbeExchange[]): Finding[] {
  const stranger = responseOf(probed.find(({ name }) => name === 'stranger'));
  const own = exchanges.flatMap(({ received }) => (received.kind === 'response' ? received : [])).at(-1);
  const allowed = stranger && headerOf(stranger, ALLOW_ORIGIN);
  const found: Finding[] = [];
  if (stranger !== undefined && allowed === STRANGER) {
    const credentials = headerOf(stranger, 'access-control-allow-credentials') === 'true';
    found.push(
      finding(
        'reflects-any-origin',
        credentials ? 'warning' : 'note',
        credentials
          ? `The server allows any origin, for example ${STRANGER}, with credentials: any web page can act as the user who has it open.`
          : `Any web page may read the responses: the server allows any origin, for example ${STRANGER}.`,
        credentials
          ? 'List the allowed origins, and compare them exactly.'
          : 'Nothing to do if the data is public. Otherwise, list the allowed origins, and compare them exactly.',
      ),
    );
  }
  const ownAllowed = own && headerOf(own, ALLOW_ORIGIN);
  // A fixed origin and * do not vary.
  const varies =
    ownAllowed !== undefined && ownAllowed !== '*' && stranger !== undefined && allowed !== ownAllowed;
  if (own !== undefined && varies && !listContains(headerOf(own, 'vary'), 'Origin')) {
    found.push(
      finding(
        'vary-missing',
        'warning',
        `${ALLOW_ORIGIN} depends on the origin, but Vary does not list Origin. A cache can then send the response for one origin to another, which the browser blocks.`,
        'Send this with every response of the path, also for rejected requests and for requests without Origin.',
        ['Vary: Origin'],
      ),
    );
  }
  return found;
}

/** If no response allows the origin, errors without CORS headers are not worth a finding. */
function allowsOriginSometimes({ exchanges }: Diagnosis): boolean {
  return exchanges.some(
    ({ received }) => received.kind === 'response' && headerOf(received, ALLOW_ORIGIN) !== undefined,
  );
}

const PROBE_NAMES: Readonly<Record<Exclude<ProbeExchange['name'], 'stranger'>, string>> = {
  'unknown-path': 'an unknown path',
  'bad-body': 'a body that is not valid JSON',
  'oversized-body': 'a body of 11 MB',
};

function errorsWithoutCors(call: PageCall, probed: readonly ProbeExchange[]): Finding[] {
  return probed.flatMap(({ name, received }) => {
    if (name === 'stranger' || received.kind !== 'response' || received.status < 400) return [];
    if (headerOf(received, ALLOW_ORIGIN) !== undefined) return [];
    return [
      finding(
        `${name}-without-cors`,
        'warning',
        `The response to ${PROBE_NAMES[name]} is ${received.status} without ${ALLOW_ORIGIN}. The web page sees a CORS error instead of the status and its reason.`,
        `Send these headers with errors too${hint(received)}.`,
        responseHeaders(requirementsOf(call)).map(([header, value]) => `${header}: ${value}`),
      ),
    ];
  });
}

/** Says where a platform configures the headers of its own errors. */
function hint(response: HttpResponse): string {
  if (headerOf(response, 'x-amzn-errortype') !== undefined)
    return ' (in API Gateway: the gateway responses DEFAULT_4XX and DEFAULT_5XX)';
  return /^nginx/i.test(headerOf(response, 'server') ?? '') ? ' (in nginx: add_header … always)' : '';
}

function unreadable({ reads }: PageCall, { verdict, exposed }: Diagnosis): Finding[] {
  const hidden = reads.filter((name) => !exposed.includes(name.toLowerCase()));
  if (verdict !== 'allowed' || hidden.length === 0) return [];
  return [
    finding(
      'header-not-exposed',
      'warning',
      `The web page cannot read ${hidden.join(', ')}: response.headers.get returns null for headers that are not sent or not exposed.`,
      'Send this header with the response.',
      [`Access-Control-Expose-Headers: ${hidden.join(',')}`],
    ),
  ];
}

function responseOf(probed: ProbeExchange | undefined): HttpResponse | undefined {
  return probed?.received.kind === 'response' ? probed.received : undefined;
}
