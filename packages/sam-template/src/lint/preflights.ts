/** Preflights reach an answer: on every path, and without credentials, which browsers do not send with them. */
import type { ApiMethod } from '../api/api';
import { finding, type Rule } from './finding';

const answersOptions = ({ httpMethod }: ApiMethod) => httpMethod === 'OPTIONS' || httpMethod === 'ANY';

/** Every path that has a method takes OPTIONS. */
export const preflightRoute: Rule = ({ apis }) =>
  apis.flatMap(({ methods }) =>
    [...new Set(methods.map(({ path }) => path))].flatMap((path) => {
      const here = methods.filter((method) => method.path === path);
      const [first] = here;
      if (first === undefined || here.some(answersOptions)) return [];
      const reason = `${path} takes ${here.map(({ httpMethod }) => httpMethod).join(', ')} but not OPTIONS: a preflight gets 403 "Missing Authentication Token"`;
      return [finding('preflight-route', first, reason, 'Add an OPTIONS method to its resource')];
    }),
  );

/** What answers OPTIONS asks for neither an authorizer nor an API key. */
export const preflightOpen: Rule = ({ apis }) =>
  apis
    .flatMap(({ methods }) => methods.filter((method) => isAsked(method, methods)))
    .flatMap((method) => {
      const { path, authorizationType, apiKeyRequired } = method;
      const asks = [
        ...(authorizationType === 'NONE' ? [] : [`AuthorizationType ${authorizationType}`]),
        ...(apiKeyRequired ? ['an API key'] : []),
      ];
      if (asks.length === 0) return [];
      const reason = `OPTIONS ${path} asks for ${asks.join(' and ')}, which a preflight never has`;
      const mend = 'Give it AuthorizationType: NONE and no ApiKeyRequired; protect the other methods';
      return [finding('preflight-open', method, reason, mend)];
    });

/** ANY is asked for OPTIONS only where there is no OPTIONS. */
function isAsked(method: ApiMethod, methods: readonly ApiMethod[]): boolean {
  if (!answersOptions(method)) return false;
  const own = methods.some(({ path, httpMethod }) => path === method.path && httpMethod === 'OPTIONS');
  return method.httpMethod === 'OPTIONS' || !own;
}
