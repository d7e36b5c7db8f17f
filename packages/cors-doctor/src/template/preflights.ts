/** Preflights that browsers will refuse though they are answered: the headers do not admit the call. No I/O. */
import type { Api } from 'sam-template';
import { headerOf } from '../headers';
import { needsOf } from '../needs';
import { preflightParameters, samCors } from '../platforms/gatewayLines';
import { templateFinding, type TemplateFinding } from './finding';
import { diagnoseMethod, pageCall } from './routes';
import { placeOf, type TemplateSubject } from './subject';

/** Where SAM's preflights are to be mended, which are no resources of the template. */
type Place = Parameters<typeof templateFinding>[0];

/** Every declared method is called as a page would; what is refused for another finding is left to it. */
export async function preflightFindings(subject: TemplateSubject): Promise<TemplateFinding[]> {
  const found: TemplateFinding[] = [];
  for (const api of [...subject.raw, ...subject.serverless]) {
    const place = subject.raw.includes(api) ? undefined : placeOf(subject, api);
    for (const { path, httpMethod } of api.methods) {
      if (httpMethod === 'OPTIONS') continue;
      const answer = await refusedPreflight(api, path, httpMethod === 'ANY' ? 'POST' : httpMethod, place);
      found.push(...answer);
    }
  }
  return found;
}

async function refusedPreflight(
  api: Api,
  path: string,
  method: string,
  samPlace: Place | undefined,
): Promise<TemplateFinding[]> {
  const options = api.methods.find((one) => one.path === path && one.httpMethod === 'OPTIONS');
  if (options?.integration.type !== 'MOCK') return [];
  const { error, exchanges } = await diagnoseMethod(api, path, method);
  const answer = exchanges[0]?.received;
  if (answer?.kind !== 'response' || answer.status >= 300) return [];
  const needs = needsOf(pageCall(api, path, method));
  const isRaw = samPlace === undefined;
  const allowed = headerOf(answer, 'access-control-allow-origin');
  // A template may admit other origins than the one that is tried here.
  if (error?.name === 'PreflightAllowOriginMismatch') return [];
  if (error !== undefined) {
    return [
      templateFinding(
        samPlace ?? options,
        'preflight-headers',
        'error',
        `OPTIONS ${path} is answered, but a browser refuses ${method} with JSON: ${error.name}`,
        isRaw ? 'Map and declare these headers.' : 'Write this in place of its Cors.',
        isRaw ? preflightParameters(needs) : samCors(needs),
      ),
    ];
  }
  if (allowed === '*' && headerOf(answer, 'access-control-allow-credentials') === 'true' && isRaw) {
    return [
      templateFinding(
        options,
        'wildcard-credentials',
        'error',
        `OPTIONS ${path} admits * with credentials, which browsers refuse`,
        'Name the origin in both the preflight and the answer.',
        [`method.response.header.Access-Control-Allow-Origin: "'${needs.origin}'"`],
      ),
    ];
  }
  return [];
}
