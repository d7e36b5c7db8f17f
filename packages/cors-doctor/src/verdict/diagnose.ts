/** What a browser would do with a call, told by making its requests as the browser would. */
import type { Diagnosis, Header, PageCall, Sent, Transport } from '../diagnosis';
import type { HttpResponse } from '../headers';
import { callChecks, connectionChecks } from './callChecks';
import { SECTION, untilFailure, type Check } from './check';
import { corsCheck } from './corsCheck';
import { exposedHeaders, readChecks } from './exposed';
import { firstHop, type Hop } from './hop';
import { Inquiry } from './inquiry';
import { preflightChecks, preflightOf, preflightReason } from './preflight';
import { locationsOf, redirectChecks, redirectedHop, schemeCheck } from './redirect';

/**
 * Makes the call's requests through the transport as a browser makes them: the preflight, where one is
 * needed, and the request, again wherever a redirect leads. The answers are checked in a browser's
 * order, up to the first check that fails.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export async function diagnose(call: PageCall, transport: Transport): Promise<Diagnosis> {
  const inquiry = new Inquiry(call, transport);
  if (inquiry.passes(callChecks(call), call.url)) await follow(firstHop(call), call, inquiry);
  return inquiry.diagnosis();
}

async function follow(first: Hop, call: PageCall, inquiry: Inquiry): Promise<void> {
  let hop: Hop | undefined = first;
  while (hop !== undefined) {
    const answer = await answerTo(hop, call, inquiry);
    if (answer === undefined) return;
    const locations = locationsOf(answer);
    if (locations.length === 0) {
      const exposed = exposedHeaders(answer.headers, hop, call.credentials);
      inquiry.reads(exposed, readChecks(answer.headers, exposed, call));
      return;
    }
    hop = nextHop(hop, answer.status, locations, call, inquiry);
  }
}

/** The answer to one request, if it came and the page may have it. */
async function answerTo(hop: Hop, call: PageCall, inquiry: Inquiry): Promise<HttpResponse | undefined> {
  const { href } = hop.url;
  const reason = preflightReason(hop);
  inquiry.passes(requestNotes(hop, reason), href);
  if (reason !== undefined) {
    const preflight = await inquiry.send(preflightOf(hop));
    if (preflight === undefined) return undefined;
    if (!inquiry.passes(preflightChecks(hop, preflight, call.credentials), href)) return undefined;
  }
  const answer = await inquiry.send(requestOf(hop));
  if (answer === undefined || !hop.cors) return answer;
  const subject = { purpose: 'request', origin: hop.origin, credentials: call.credentials } as const;
  return inquiry.passes(corsCheck(answer.headers, subject), href) ? answer : undefined;
}

function nextHop(hop: Hop, status: number, locations: readonly string[], call: PageCall, inquiry: Inquiry) {
  if (!inquiry.passes(redirectChecks(hop, call.origin, locations), hop.url.href)) return undefined;
  const next = redirectedHop(hop, call.origin, status, locations[0] ?? '');
  const checks = untilFailure([schemeCheck(next.url), ...connectionChecks(call.origin, next.url)]);
  return inquiry.passes(checks, next.url.href) ? next : undefined;
}

/** What kind of request it is: nothing to pass, but the rest is to be understood from it. */
function requestNotes({ url, origin, cors }: Hop, reason: string | undefined): Check[] {
  return [
    {
      name: 'request: to another origin',
      passed: true,
      received: `${cors ? 'yes' : 'no'}, ${url.origin} from ${origin}`,
      needed: cors ? 'answers that allow the origin' : 'nothing: CORS is not asked',
      link: SECTION.mainFetch,
    },
    {
      name: 'request: with a preflight',
      passed: true,
      received: reason === undefined ? 'no' : `yes, for ${reason}`,
      needed: reason === undefined ? 'nothing' : 'an answer to OPTIONS that allows it',
      link: SECTION.mainFetch,
    },
  ];
}

/** The request as browsers send it, but for what tells one browser from another. No cookies are known here. */
function requestOf({ url, method, headers, body, origin, cors }: Hop): Sent {
  const named = new Set(headers.map(([name]) => name.toLowerCase()));
  const own: Header[] = named.has('accept') ? [] : [['Accept', '*/*']];
  if (cors || !['GET', 'HEAD'].includes(method)) own.push(['Origin', origin]);
  return { purpose: 'request', url: url.href, method, headers: [...own, ...headers], body };
}
