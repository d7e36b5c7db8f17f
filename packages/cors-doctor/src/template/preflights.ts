/** Finds preflights that succeed, but whose headers do not allow the request. No I/O. */
import type { Api, TemplateFinding } from 'sam-template';
import { headerOf } from '../headers';
import { requirementsOf } from '../corsRequirements';
import { preflightParameters, samCors } from '../platforms/templateLines';
import { templateFinding } from './finding';
import { diagnoseMethod, pageCall } from './routes';
import { placeOf, type TemplateApis } from './templateApis';

/** Where to fix the preflights that SAM creates, because they are not resources of the template. */
type Place = Parameters<typeof templateFinding>[0];

/** Tries each declared method as a web page would. Skips preflights that fail, which have findings of their own. */
export async function preflightFindings(subject: TemplateApis): Promise<TemplateFinding[]> {
  const found: TemplateFinding[] = [];
  for (const api of [...subject.raw, ...subject.serverless]) {
    const place = subject.raw.includes(api) ? undefined : placeOf(subject, api);
    for (const { path, httpMethod } of api.methods) {
      if (httpMethod === 'OPTIONS') continue;
      const response = await blockedPreflight(api, path, httpMethod === 'ANY' ? 'POST' : httpMethod, place);
      found.push(...response);
    }
  }
  return found;
}

async function blockedPreflight(
  api: Api,
  path: string,
  method: string,
  samPlace: Place | undefined,
): Promise<TemplateFinding[]> {
  const options = api.methods.find((one) => one.path === path && one.httpMethod === 'OPTIONS');
  if (options?.integration.type !== 'MOCK') return [];
  const { error, exchanges } = await diagnoseMethod(api, path, method);
  const response = exchanges[0]?.received;
  if (response?.kind !== 'response' || response.status >= 300) return [];
  const required = requirementsOf(pageCall(api, path, method));
  const isRaw = samPlace === undefined;
  const allowed = headerOf(response, 'access-control-allow-origin');
  // The template can allow other origins than the one used here.
  if (error?.name === 'PreflightAllowOriginMismatch') return [];
  if (error !== undefined) {
    return [
      templateFinding(
        samPlace ?? options,
        'preflight-headers',
        'error',
        `OPTIONS ${path} returns a response, but the browser blocks ${method} with JSON: ${error.name}.`,
        isRaw ? 'Map and declare these headers in the OPTIONS method.' : 'Replace Cors with this.',
        isRaw ? preflightParameters(required) : samCors(required),
      ),
    ];
  }
  if (allowed === '*' && headerOf(response, 'access-control-allow-credentials') === 'true' && isRaw) {
    return [
      templateFinding(
        options,
        'wildcard-credentials',
        'error',
        `OPTIONS ${path} allows the origin * with credentials, which browsers block.`,
        'Name the origin in both the preflight and the response.',
        [`method.response.header.Access-Control-Allow-Origin: "'${required.origin}'"`],
      ),
    ];
  }
  return [];
}
