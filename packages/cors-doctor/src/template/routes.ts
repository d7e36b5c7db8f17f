/** Predicts the response of each method of a template, deployed and under `sam local`. No I/O. */
import { type Api, type ApiMethod, route, samLocalProvider } from 'sam-template';
import type { Diagnosis, PageCall } from '../diagnosis';
import { headerOf } from '../headers';
import { diagnose } from '../verdict/diagnose';
import { deployedResponse, urlOf } from './deployedResponse';
import type { TemplateApis } from './templateApis';

export interface RouteResponse {
  api: string;
  /** Starts with the stage. */
  path: string;
  method: string;
  deployed: string;
  samLocal: string;
}

const NO_ROUTE = '403 "Missing Authentication Token"';

/** A request with JSON from a web page, the most frequent case. */
export function pageCall(api: Api, path: string, method: string): PageCall {
  const hasBody = !['GET', 'HEAD'].includes(method);
  return {
    url: urlOf(api, path),
    origin: 'http://localhost:5173',
    method,
    headers: hasBody ? [['Content-Type', 'application/json']] : [],
    body: hasBody ? '{}' : undefined,
    credentials: 'same-origin',
    reads: [],
  };
}

/** Predicts whether a browser allows a request to this method, if its function allows it. */
export function diagnoseMethod(api: Api, path: string, method: string): Promise<Diagnosis> {
  const call = pageCall(api, path, method);
  return diagnose(call, (sent) => Promise.resolve(deployedResponse(api, sent, call)));
}

/** Predicts the response of every method of every path, and of OPTIONS. */
export function routeResponses(subject: TemplateApis): RouteResponse[] {
  return [...subject.raw, ...subject.serverless].flatMap((api) =>
    [...new Set(api.methods.map(({ path }) => path))].flatMap((path) => {
      const declared = api.methods.filter((method) => method.path === path);
      const methods = new Set(['OPTIONS', ...declared.map(({ httpMethod }) => httpMethod)]);
      return [...methods].map((method) => ({
        api: api.logicalId,
        path: `/${api.stage}${path}`,
        method,
        deployed: describeDeployed(api, path, method),
        samLocal: describeSamLocal(subject, api, path, method),
      }));
    }),
  );
}

function describeDeployed(api: Api, path: string, method: string): string {
  const found = route(api, method, new URL(urlOf(api, path)).pathname.slice(api.stage.length + 1));
  if (found === undefined) return NO_ROUTE;
  const { integration, authorizationType } = found.method;
  if (integration.type !== 'MOCK' && (method !== 'OPTIONS' || authorizationType === 'NONE')) {
    return `response of ${integration.functionId ?? integration.type}`;
  }
  const call = pageCall(api, path, 'POST');
  const sent = {
    purpose: 'preflight' as const,
    url: call.url,
    method,
    headers: [['Origin', call.origin] as const, ['Access-Control-Request-Method', 'POST'] as const],
    body: undefined,
  };
  const received = deployedResponse(api, sent, call);
  if (received.kind === 'failure') return received.message;
  const allowed = headerOf(received, 'access-control-allow-origin');
  return `${received.status}, ${allowed === undefined ? 'no Access-Control-Allow-Origin' : `allows ${allowed}`}`;
}

/** https://github.com/aws/aws-sam-cli: samcli/lib/providers, samcli/local/apigw */
function describeSamLocal(
  { template, raw, serverless }: TemplateApis,
  api: Api,
  path: string,
  method: string,
): string {
  const provider = samLocalProvider(template.resources);
  const served = provider?.kind === 'raw' ? raw : serverless;
  if (!served.includes(api)) return NO_ROUTE;
  // If two routes match, sam local uses the later one.
  const found = api.methods.findLast((one) => one.path === path && [method, 'ANY'].includes(one.httpMethod));
  if (found === undefined) return NO_ROUTE;
  if (method === 'OPTIONS' && mapsCors(found)) return '200, with the mapped headers';
  if (found.integration.functionId !== undefined) return `response of ${found.integration.functionId}`;
  return '502: sam local runs only functions';
}

function mapsCors({ integration }: ApiMethod): boolean {
  return integration.responses.some(({ responseParameters }) =>
    Object.keys(responseParameters).some((name) => /\.Access-Control-/i.test(name)),
  );
}
