/** Predicts whether a browser allows a request, by sending the same requests as the browser. */
import type { Diagnosis, Header, PageCall, OutgoingRequest, Transport } from '../diagnosis';
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
 * Sends the requests of a browser through the transport: the preflight if one is needed, and then the request,
 * for each redirect again. Checks the responses in the order of a browser, up to the first check that fails.
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
    const response = await responseTo(hop, call, inquiry);
    if (response === undefined) return;
    const locations = locationsOf(response);
    if (locations.length === 0) {
      const exposed = exposedHeaders(response.headers, hop, call.credentials);
      inquiry.reads(exposed, readChecks(response.headers, exposed, call));
      return;
    }
    hop = nextHop(hop, response.status, locations, call, inquiry);
  }
}

/** Returns the response to one request, or undefined if there is none or the browser blocks it. */
async function responseTo(hop: Hop, call: PageCall, inquiry: Inquiry): Promise<HttpResponse | undefined> {
  const { href } = hop.url;
  const reason = preflightReason(hop);
  inquiry.passes(requestNotes(hop, reason), href);
  if (reason !== undefined) {
    const preflight = await inquiry.send(preflightOf(hop));
    if (preflight === undefined) return undefined;
    if (!inquiry.passes(preflightChecks(hop, preflight, call.credentials), href)) return undefined;
  }
  const response = await inquiry.send(requestOf(hop));
  if (response === undefined || !hop.cors) return response;
  const subject = { purpose: 'request', origin: hop.origin, credentials: call.credentials } as const;
  return inquiry.passes(corsCheck(response.headers, subject), href) ? response : undefined;
}

function nextHop(hop: Hop, status: number, locations: readonly string[], call: PageCall, inquiry: Inquiry) {
  if (!inquiry.passes(redirectChecks(hop, call.origin, locations), hop.url.href)) return undefined;
  const next = redirectedHop(hop, call.origin, status, locations[0] ?? '');
  const checks = untilFailure([schemeCheck(next.url), ...connectionChecks(call.origin, next.url)]);
  return inquiry.passes(checks, next.url.href) ? next : undefined;
}

/** Notes that explain the later steps. They always pass. */
function requestNotes({ url, origin, cors }: Hop, reason: string | undefined): Check[] {
  return [
    {
      name: 'request: to another origin',
      passed: true,
      received: `${cors ? 'yes' : 'no'}, ${url.origin} from ${origin}`,
      needed: cors ? 'responses that allow the origin' : 'nothing, because CORS does not apply',
      link: SECTION.mainFetch,
    },
    {
      name: 'request: with a preflight',
      passed: true,
      received: reason === undefined ? 'no' : `yes, because of ${reason}`,
      needed: reason === undefined ? 'nothing' : 'a response to OPTIONS that allows it',
      link: SECTION.mainFetch,
    },
  ];
}

/** The request as browsers send it, without cookies and without headers that differ between browsers. */
function requestOf({ url, method, headers, body, origin, cors }: Hop): OutgoingRequest {
  const named = new Set(headers.map(([name]) => name.toLowerCase()));
  const own: Header[] = named.has('accept') ? [] : [['Accept', '*/*']];
  if (cors || !['GET', 'HEAD'].includes(method)) own.push(['Origin', origin]);
  return { purpose: 'request', url: url.href, method, headers: [...own, ...headers], body };
}
