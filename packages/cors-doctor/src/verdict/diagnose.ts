/** Predicts whether a browser allows a request, by sending the same requests as the browser. */
import type { Diagnosis, PageCall, Transport } from '../diagnosis';
import type { HttpResponse } from '../headers';
import { callChecks, connectionChecks } from './callChecks';
import { SECTION, untilFailure, type Check } from './check';
import { corsCheck } from './corsCheck';
import { exposedHeaders, readChecks } from './exposed';
import { firstRequest, type BrowserRequest } from './browserRequest';
import { DiagnosisRecorder } from './diagnosisRecorder';
import { preflightOf, preflightReason, requestOf } from './outgoing';
import { preflightChecks } from './preflight';
import { locationsOf, redirectChecks, redirectedRequest, schemeCheck } from './redirect';

/**
 * Sends the requests of a browser through the transport: the preflight if one is needed, and then the request,
 * for each redirect again. Checks the responses in the order of a browser, up to the first check that fails.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export async function diagnose(call: PageCall, transport: Transport): Promise<Diagnosis> {
  const recorder = new DiagnosisRecorder(call, transport);
  if (recorder.passes(callChecks(call), call.url)) await follow(firstRequest(call), call, recorder);
  return recorder.diagnosis();
}

async function follow(first: BrowserRequest, call: PageCall, recorder: DiagnosisRecorder): Promise<void> {
  let request: BrowserRequest | undefined = first;
  while (request !== undefined) {
    const response = await responseTo(request, call, recorder);
    if (response === undefined) return;
    const locations = locationsOf(response);
    if (locations.length === 0) {
      const exposed = exposedHeaders(response.headers, request, call.credentials);
      recorder.reads(exposed, readChecks(response.headers, exposed, call));
      return;
    }
    request = nextRequest(request, response.status, locations, call, recorder);
  }
}

/** Returns the response to one request, or undefined if there is none or the browser blocks it. */
async function responseTo(
  request: BrowserRequest,
  call: PageCall,
  recorder: DiagnosisRecorder,
): Promise<HttpResponse | undefined> {
  const { href } = request.url;
  const reason = preflightReason(request);
  recorder.passes(requestNotes(request, reason), href);
  if (reason !== undefined) {
    const preflight = await recorder.send(preflightOf(request));
    if (preflight === undefined) return undefined;
    if (!recorder.passes(preflightChecks(request, preflight, call.credentials), href)) return undefined;
  }
  const response = await recorder.send(requestOf(request));
  if (response === undefined || !request.cors) return response;
  const subject = { purpose: 'request', origin: request.origin, credentials: call.credentials } as const;
  return recorder.passes(corsCheck(response.headers, subject), href) ? response : undefined;
}

function nextRequest(
  request: BrowserRequest,
  status: number,
  locations: readonly string[],
  call: PageCall,
  recorder: DiagnosisRecorder,
) {
  if (!recorder.passes(redirectChecks(request, call.origin, locations), request.url.href)) return undefined;
  const next = redirectedRequest(request, call.origin, status, locations[0] ?? '');
  const checks = untilFailure([schemeCheck(next.url), ...connectionChecks(call, next.url)]);
  return recorder.passes(checks, next.url.href) ? next : undefined;
}

/** The step that says whether there is a preflight. */
export const PREFLIGHT_NOTE = 'request: with a preflight';

/** Notes that explain the later steps. They always pass. */
function requestNotes({ url, origin, cors }: BrowserRequest, reason: string | undefined): Check[] {
  return [
    {
      name: 'request: to another origin',
      passed: true,
      received: `${cors ? 'yes' : 'no'}, ${url.origin} from ${origin}`,
      needed: cors ? 'responses that allow the origin' : 'nothing, because CORS does not apply',
      link: SECTION.mainFetch,
    },
    {
      name: PREFLIGHT_NOTE,
      passed: true,
      received: reason === undefined ? 'no' : `yes, because of ${reason}`,
      needed: reason === undefined ? 'nothing' : 'a response to OPTIONS that allows it',
      link: SECTION.mainFetch,
    },
  ];
}
