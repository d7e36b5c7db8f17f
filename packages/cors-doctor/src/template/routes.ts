/** Predicts the response of each method of a template, deployed and under `sam local`. No I/O. */
import {
  type Api,
  type ApiMethod,
  apisOf,
  KNOWN_AT_DEPLOYMENT,
  partsOf,
  type ResolvedTemplate,
  type Resource,
  route,
  samLocalProvider,
} from 'sam-template';
import type { Diagnosis, PageCall, RequestResult } from '../diagnosis';
import { headerOf } from '../headers';
import { diagnose } from '../verdict/diagnose';
import { deployedResponse, resourcePathOf, urlOf } from './deployedResponse';

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
export function pageCall(url: string, method: string, origin = 'http://localhost:5173'): PageCall {
  const hasBody = !['GET', 'HEAD'].includes(method);
  return {
    url,
    origin,
    method,
    headers: hasBody ? [['Content-Type', 'application/json']] : [],
    body: hasBody ? '{}' : undefined,
    credentials: 'same-origin',
    reads: [],
  };
}

/** Predicts whether a browser allows a request to this method, if its function allows it. */
export function diagnoseMethod(api: Api, path: string, method: string): Promise<Diagnosis> {
  const call = pageCall(urlOf(api, path), method, originOf(api, path));
  return diagnose(call, (sent) => Promise.resolve(withKnownOrigin(deployedResponse(api, sent), call.origin)));
}

/** An origin that the API allows, if it allows only some. */
function originOf({ cors, methods }: Api, path: string): string | undefined {
  const options = methods.filter((one) => one.path === path && one.httpMethod === 'OPTIONS');
  return [...(cors?.allowOrigins ?? []), ...options.flatMap(mappedOrigins)].find(isOrigin);
}

/** The literal origins that a MOCK integration maps. Other values are parts of the request. */
export function mappedOrigins({ integration }: ApiMethod): string[] {
  if (integration.type !== 'MOCK') return [];
  return integration.responses
    .flatMap(({ responseParameters }) => Object.entries(responseParameters))
    .filter(([name]) => /\.access-control-allow-origin$/i.test(name))
    .flatMap(([, value]) => /^'(.*)'$/s.exec(value)?.[1] ?? []);
}

/** Assumes that an origin that is known only at deployment is the right one, so that the other headers are examined. */
function withKnownOrigin(received: RequestResult, origin: string): RequestResult {
  if (received.kind !== 'response') return received;
  const headers = received.headers.map(([name, value]) => {
    const isUnknown = /^access-control-allow-origin$/i.test(name) && value === KNOWN_AT_DEPLOYMENT;
    return [name, isUnknown ? origin : value] as const;
  });
  return { ...received, headers };
}

/** Whether a browser can send this value in the header Origin. */
export function isOrigin(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s,*]+$/i.test(text);
}

/** Predicts the response of every method of every path, and of OPTIONS. */
export function routeResponses(resolved: ResolvedTemplate): RouteResponse[] {
  const resources = partsOf(resolved).flatMap((part) => part.resolved.template.resources);
  return apisOf(resolved).apis.flatMap((api) =>
    [...new Set(api.methods.map(({ path }) => path))].flatMap((path) => {
      const declared = api.methods.filter((method) => method.path === path);
      const methods = new Set(['OPTIONS', ...declared.map(({ httpMethod }) => httpMethod)]);
      return [...methods].map((method) => ({
        api: api.logicalId,
        path: `${api.stage === '$default' ? '' : `/${api.stage}`}${path === '$default' ? '/*' : path}`,
        method,
        deployed: describeDeployed(api, path, method),
        samLocal: describeSamLocal(resources, api, path, method),
      }));
    }),
  );
}

function describeDeployed(api: Api, path: string, method: string): string {
  const found = route(api, method, resourcePathOf(api, urlOf(api, path)));
  if (api.kind === 'REST' && found === undefined) return NO_ROUTE;
  if (found !== undefined && !(method === 'OPTIONS' && isHandledByGateway(api, found.method))) {
    const { functionId, type } = found.method.integration;
    return `response of ${functionId ?? (type || 'an integration')}${credentialsNote(found.method)}`;
  }
  const call = pageCall(urlOf(api, path), 'POST', originOf(api, path));
  const sent = {
    purpose: 'preflight' as const,
    url: call.url,
    method,
    headers: [['Origin', call.origin] as const, ['Access-Control-Request-Method', 'POST'] as const],
    body: undefined,
  };
  const received = deployedResponse(api, sent);
  if (received.kind === 'failure') return received.message;
  const allowed = headerOf(received, 'access-control-allow-origin');
  return `${received.status}, ${allowed === undefined ? 'no Access-Control-Allow-Origin' : `allows ${allowed}`}`;
}

/** Whether API Gateway replies to OPTIONS without the integration of the method. */
function isHandledByGateway({ cors }: Api, method: ApiMethod): boolean {
  const { httpMethod, integration, authorizationType, apiKeyRequired } = method;
  if (integration.type === 'MOCK' || authorizationType !== 'NONE' || apiKeyRequired) return true;
  return cors !== undefined && httpMethod !== 'OPTIONS';
}

function credentialsNote({ authorizationType, authorizer, apiKeyRequired }: ApiMethod): string {
  const required = [
    ...(authorizationType === 'NONE' ? [] : [authorizer?.name ?? authorizationType]),
    ...(apiKeyRequired ? ['an API key'] : []),
  ];
  return required.length === 0 ? '' : `, requires ${required.join(' and ')}`;
}

/** https://github.com/aws/aws-sam-cli: samcli/lib/providers, samcli/local/apigw */
function describeSamLocal(resources: readonly Resource[], api: Api, path: string, method: string): string {
  const provider = samLocalProvider(resources);
  if (api.kind === 'FUNCTION_URL') return 'not served';
  if ((provider?.kind === 'raw') !== (api.declaredBy === 'CloudFormation')) return NO_ROUTE;
  if (api.cors !== undefined && method === 'OPTIONS') return '204, with the configured headers';
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
