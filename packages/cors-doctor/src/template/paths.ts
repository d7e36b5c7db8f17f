/** Questions about the paths of an API that several checks ask. No I/O. */
import { type Api, type ApiMethod, route } from 'sam-template';
import { resourcePathOf, urlOf } from './deployedResponse';

/** The paths with a method that web pages call. */
export function pathsOf({ methods }: Api): string[] {
  return [...new Set(methods.filter(({ httpMethod }) => httpMethod !== 'OPTIONS').map(({ path }) => path))];
}

/** The method that receives a preflight of this path. */
export function optionsRoute(api: Api, path: string): ApiMethod | undefined {
  return route(api, 'OPTIONS', resourcePathOf(api, urlOf(api, path)))?.method;
}

/** Whether browsers send a preflight before some usual request: another method than GET, or credentials in a header. */
export function needsPreflight({ methods }: Api, path: string): boolean {
  return methods
    .filter((method) => method.path === path && method.httpMethod !== 'OPTIONS')
    .some((method) => !/^(?:GET|HEAD)$/.test(method.httpMethod) || isGuarded(method));
}

export function isGuarded({ authorizationType, apiKeyRequired }: ApiMethod): boolean {
  return apiKeyRequired || !['NONE', 'UNKNOWN'].includes(authorizationType);
}
