/** Finds requests that the preflights of an API do not allow. No I/O. */
import {
  type Api,
  KNOWN_AT_DEPLOYMENT,
  type Remark,
  route,
  type TemplateFinding,
  Unknown,
} from 'sam-template';
import { requirementsOf } from '../corsRequirements';
import type { RequestResult } from '../diagnosis';
import { headerOf } from '../headers';
import { httpApiCors, preflightParameters, samCors } from '../platforms/templateLines';
import { resourcePathOf, urlOf } from './deployedResponse';
import { templateFinding } from './finding';
import { diagnoseMethod, pageCall } from './routes';
import { apiProperties, type TemplateApis } from './templateApis';

interface PreflightExamination {
  findings: TemplateFinding[];
  notExamined: Remark[];
}

/** Tries each method as a web page would. Skips preflights that fail, which have findings of their own. */
export async function examinePreflights(subject: TemplateApis): Promise<PreflightExamination> {
  const examined = await Promise.all(
    subject.apis.flatMap((api) =>
      api.methods
        .filter(({ httpMethod }) => httpMethod !== 'OPTIONS')
        .map(({ path, httpMethod }) =>
          examine(subject, api, path, httpMethod === 'ANY' ? methodOfAny(api, path) : httpMethod),
        ),
    ),
  );
  return {
    findings: examined.flatMap(({ findings }) => findings),
    notExamined: examined.flatMap(({ notExamined }) => notExamined),
  };
}

/** For ANY, the template does not show which methods web pages call: one that CORS allows, POST if it can. */
function methodOfAny({ methods, cors }: Api, path: string): string {
  const mapped = methods
    .filter((one) => one.path === path && one.httpMethod === 'OPTIONS')
    .flatMap(({ integration }) => integration.responses)
    .flatMap(({ responseParameters }) => Object.entries(responseParameters))
    .filter(([name]) => /\.access-control-allow-methods$/i.test(name))
    .flatMap(([, value]) => value.replaceAll("'", '').split(','));
  const allowed = [...(cors?.allowMethods ?? []), ...mapped].map((method) => method.trim().toUpperCase());
  return ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'].find((method) => allowed.includes(method)) ?? 'POST';
}

const NOTHING: PreflightExamination = { findings: [], notExamined: [] };

async function examine(
  subject: TemplateApis,
  api: Api,
  path: string,
  method: string,
): Promise<PreflightExamination> {
  if (!isHandledByGateway(api, path)) return NOTHING;
  const { error, exchanges } = await diagnoseMethod(api, path, method);
  const response = exchanges[0]?.received;
  if (response?.kind !== 'response' || response.status >= 300) return NOTHING;
  // The template can allow other origins than the one used here.
  if (error?.name === 'PreflightAllowOriginMismatch' || error?.name === 'AllowOriginMismatch') return NOTHING;
  if (error === undefined) return { ...NOTHING, findings: wildcardCredentials(api, path, response) };
  return isUnknown(response)
    ? { ...NOTHING, notExamined: [unknownHeaders(subject, api, path, method)] }
    : { ...NOTHING, findings: [preflightFinding(api, path, method, error.name)] };
}

/** Whether API Gateway replies to the preflight by itself. The template does not show what a function returns. */
function isHandledByGateway(api: Api, path: string): boolean {
  if (api.cors !== undefined) return true;
  const options = route(api, 'OPTIONS', resourcePathOf(api, urlOf(api, path)));
  return options?.method.integration.type === 'MOCK';
}

function isUnknown(response: RequestResult): boolean {
  return (
    response.kind === 'response' && response.headers.some(([, value]) => value.includes(KNOWN_AT_DEPLOYMENT))
  );
}

function unknownHeaders(subject: TemplateApis, api: Api, path: string, method: string): Remark {
  const { Cors, CorsConfiguration, FunctionUrlConfig } = apiProperties(subject, api);
  const url = asMap(asMap(FunctionUrlConfig).Cors);
  const settings = Object.values({ ...asMap(Cors), ...asMap(CorsConfiguration), ...url });
  const unknown = settings.flat().filter((value) => value instanceof Unknown);
  return {
    ...api.place,
    message: `whether OPTIONS ${path} allows ${method} with JSON is not examined: a header of its response is ${KNOWN_AT_DEPLOYMENT}`,
    parameters: [...new Set(unknown.flatMap(({ parameters }) => parameters))],
  };
}

function asMap(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function preflightFinding(api: Api, path: string, method: string, error: string): TemplateFinding {
  const required = requirementsOf(pageCall(urlOf(api, path), method));
  const options = api.methods.find((one) => one.path === path && one.httpMethod === 'OPTIONS');
  const message = `OPTIONS ${path} returns a response, but the browser blocks ${method} with JSON: ${error}.`;
  if (api.kind === 'FUNCTION_URL') {
    const fix = 'Replace Cors of FunctionUrlConfig with these keys if web pages send such requests.';
    // The template does not show what web pages send.
    return templateFinding(
      api.place,
      'preflight-headers',
      'warning',
      message,
      fix,
      httpApiCors(required).slice(1),
    );
  }
  if (api.kind === 'HTTP') {
    const fix = 'Replace CorsConfiguration with this.';
    return templateFinding(api.place, 'preflight-headers', 'error', message, fix, httpApiCors(required));
  }
  return options?.origin === 'cors'
    ? templateFinding(
        api.place,
        'preflight-headers',
        'error',
        message,
        'Replace Cors with this.',
        samCors(required),
      )
    : templateFinding(
        options ?? api.place,
        'preflight-headers',
        'error',
        message,
        'Map and declare these headers in the OPTIONS method.',
        preflightParameters(required),
      );
}

function wildcardCredentials(api: Api, path: string, response: RequestResult): TemplateFinding[] {
  const options = api.methods.find((one) => one.path === path && one.httpMethod === 'OPTIONS');
  if (response.kind !== 'response' || options === undefined || options.origin === 'cors') return [];
  const allowed = headerOf(response, 'access-control-allow-origin');
  if (allowed !== '*' || headerOf(response, 'access-control-allow-credentials') !== 'true') return [];
  const { origin } = pageCall(urlOf(api, path), 'POST');
  return [
    templateFinding(
      options,
      'wildcard-credentials',
      'error',
      `OPTIONS ${path} allows the origin * with credentials, which browsers block.`,
      'Name the origin in both the preflight and the response.',
      [`method.response.header.Access-Control-Allow-Origin: "'${origin}'"`],
    ),
  ];
}
