/** What every method of a template will answer, deployed and under `sam local`. No I/O. */
import type { Api, ApiMethod } from 'sam-template';
import { route } from 'sam-template';
import { samLocalProvider } from 'sam-template';
import type { Diagnosis, PageCall } from '../diagnosis';
import { headerOf } from '../headers';
import { diagnose } from '../verdict/diagnose';
import { deployedAnswer, urlOf } from './deployed';
import type { TemplateSubject } from './subject';

export interface RouteAnswer {
  api: string;
  /** With the stage. */
  path: string;
  method: string;
  deployed: string;
  samLocal: string;
}

const NOT_THERE = '403 "Missing Authentication Token"';

/** A page that calls with JSON, as most do. */
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

/** What a browser will do with a call of a method, whatever its function answers. */
export function diagnoseMethod(api: Api, path: string, method: string): Promise<Diagnosis> {
  const call = pageCall(api, path, method);
  return diagnose(call, (sent) => Promise.resolve(deployedAnswer(api, sent, call)));
}

export function routeAnswers(subject: TemplateSubject): RouteAnswer[] {
  return [...subject.raw, ...subject.serverless].flatMap((api) =>
    [...new Set(api.methods.map(({ path }) => path))].flatMap((path) => {
      const declared = api.methods.filter((method) => method.path === path);
      const methods = new Set(['OPTIONS', ...declared.map(({ httpMethod }) => httpMethod)]);
      return [...methods].map((method) => ({
        api: api.logicalId,
        path: `/${api.stage}${path}`,
        method,
        deployed: deployedWords(api, path, method),
        samLocal: samLocalWords(subject, api, path, method),
      }));
    }),
  );
}

function deployedWords(api: Api, path: string, method: string): string {
  const found = route(api, method, new URL(urlOf(api, path)).pathname.slice(api.stage.length + 1));
  if (found === undefined) return NOT_THERE;
  const { integration, authorizationType } = found.method;
  if (integration.type !== 'MOCK' && (method !== 'OPTIONS' || authorizationType === 'NONE')) {
    return `${integration.functionId ?? integration.type} answers`;
  }
  const call = pageCall(api, path, 'POST');
  const sent = {
    purpose: 'preflight' as const,
    url: call.url,
    method,
    headers: [['Origin', call.origin] as const, ['Access-Control-Request-Method', 'POST'] as const],
    body: undefined,
  };
  const received = deployedAnswer(api, sent, call);
  if (received.kind === 'failure') return received.message;
  const allowed = headerOf(received, 'access-control-allow-origin');
  return `${received.status}, ${allowed === undefined ? 'no Access-Control-Allow-Origin' : `for ${allowed}`}`;
}

/** https://github.com/aws/aws-sam-cli: samcli/lib/providers, samcli/local/apigw */
function samLocalWords(
  { template, raw, serverless }: TemplateSubject,
  api: Api,
  path: string,
  method: string,
): string {
  const provider = samLocalProvider(template.resources);
  const served = provider?.kind === 'raw' ? raw : serverless;
  if (!served.includes(api)) return NOT_THERE;
  // Of two routes that match, the later counts.
  const found = api.methods.findLast((one) => one.path === path && [method, 'ANY'].includes(one.httpMethod));
  if (found === undefined) return NOT_THERE;
  if (method === 'OPTIONS' && mapsCors(found)) return '200, with the headers that it maps';
  if (found.integration.functionId !== undefined) return `${found.integration.functionId} answers`;
  return '502: it runs functions alone';
}

function mapsCors({ integration }: ApiMethod): boolean {
  return integration.responses.some(({ responseParameters }) =>
    Object.keys(responseParameters).some((name) => /\.Access-Control-/i.test(name)),
  );
}
