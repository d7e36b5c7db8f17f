/** What the probes show: trouble that the call itself has not met yet. No I/O. */
import type { Diagnosis, PageCall } from './diagnosis';
import { finding, type Finding } from './finding';
import { ALLOW_ORIGIN, headerOf, listContains, type HttpResponse } from './headers';
import { responseHeaders, needsOf } from './needs';
import { STRANGER, type Probed } from './probes';

export function probeFindings(call: PageCall, diagnosis: Diagnosis, probed: readonly Probed[]): Finding[] {
  return [
    ...strangers(diagnosis, probed),
    ...(admitsSome(diagnosis) ? errorAnswers(call, probed) : []),
    ...unreadable(call, diagnosis),
  ];
}

function strangers({ exchanges }: Diagnosis, probed: readonly Probed[]): Finding[] {
  const stranger = answerOf(probed.find(({ name }) => name === 'stranger'));
  const own = exchanges.flatMap(({ received }) => (received.kind === 'response' ? received : [])).at(-1);
  const allowed = stranger && headerOf(stranger, ALLOW_ORIGIN);
  const found: Finding[] = [];
  if (stranger !== undefined && allowed === STRANGER) {
    const credentials = headerOf(stranger, 'access-control-allow-credentials') === 'true';
    found.push(
      finding(
        'reflects-any-origin',
        credentials ? 'warning' : 'note',
        `The server repeats whatever origin asks: ${STRANGER} is admitted as well${credentials ? ', with credentials, so that any page may act as the user who has it open' : ''}.`,
        credentials
          ? 'List the origins that may, and compare them exactly.'
          : 'If that is meant, say so with *, which needs no Vary and caches better.',
        credentials ? [] : [`${ALLOW_ORIGIN}: *`],
      ),
    );
  }
  const ownAllowed = own && headerOf(own, ALLOW_ORIGIN);
  // One fixed origin for everyone does not vary, and neither does *.
  const varies =
    ownAllowed !== undefined && ownAllowed !== '*' && stranger !== undefined && allowed !== ownAllowed;
  if (own !== undefined && varies && !listContains(headerOf(own, 'vary'), 'Origin')) {
    found.push(
      finding(
        'vary-missing',
        'warning',
        `${ALLOW_ORIGIN} differs from origin to origin, and Vary does not say so: a cache may hand one origin the answer for another, which the browser then refuses now and then.`,
        'Send this on every answer of the path, refusals and requests without an Origin included.',
        ['Vary: Origin'],
      ),
    );
  }
  return found;
}

/** Where the origin is admitted nowhere, errors are no case of their own. */
function admitsSome({ exchanges }: Diagnosis): boolean {
  return exchanges.some(
    ({ received }) => received.kind === 'response' && headerOf(received, ALLOW_ORIGIN) !== undefined,
  );
}

const PROVOKED: Readonly<Record<Exclude<Probed['name'], 'stranger'>, string>> = {
  'unknown-path': 'a path that is not there',
  'bad-body': 'a body that is no JSON',
  'oversized-body': 'a body of 11 MB',
};

function errorAnswers(call: PageCall, probed: readonly Probed[]): Finding[] {
  return probed.flatMap(({ name, received }) => {
    if (name === 'stranger' || received.kind !== 'response' || received.status < 400) return [];
    if (headerOf(received, ALLOW_ORIGIN) !== undefined) return [];
    return [
      finding(
        `${name}-without-cors`,
        'warning',
        `${PROVOKED[name]} is answered with ${received.status} and without ${ALLOW_ORIGIN}: the page sees a CORS error in place of the status and its reason.`,
        `Send these headers with errors as well${hint(received)}.`,
        responseHeaders(needsOf(call)).map(([header, value]) => `${header}: ${value}`),
      ),
    ];
  });
}

/** Where platforms keep the headers of their own errors. */
function hint(answer: HttpResponse): string {
  if (headerOf(answer, 'x-amzn-errortype') !== undefined)
    return '; in API Gateway these are the GatewayResponses DEFAULT_4XX and DEFAULT_5XX';
  return /^nginx/i.test(headerOf(answer, 'server') ?? '') ? '; in nginx that is add_header … always' : '';
}

function unreadable({ reads }: PageCall, { verdict, exposed }: Diagnosis): Finding[] {
  const hidden = reads.filter((name) => !exposed.includes(name.toLowerCase()));
  if (verdict !== 'allowed' || hidden.length === 0) return [];
  return [
    finding(
      'header-not-exposed',
      'warning',
      `The page cannot read ${hidden.join(', ')}: response.headers.get gives null for what is not sent, or not exposed.`,
      'Send this with the answer.',
      [`Access-Control-Expose-Headers: ${hidden.join(',')}`],
    ),
  ];
}

function answerOf(probed: Probed | undefined): HttpResponse | undefined {
  return probed?.received.kind === 'response' ? probed.received : undefined;
}
