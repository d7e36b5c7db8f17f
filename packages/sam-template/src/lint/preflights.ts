/** Checks that every path accepts preflights without credentials, because browsers send preflights without credentials. */
import type { ApiMethod } from '../api/api';
import { finding, type Rule } from './rule';

const acceptsOptions = ({ httpMethod }: ApiMethod) => httpMethod === 'OPTIONS' || httpMethod === 'ANY';

/** Browsers send a GET without own headers directly, without a preflight. */
const isSimple = ({ httpMethod, authorizationType, apiKeyRequired }: ApiMethod) =>
  /^(?:GET|HEAD)$/.test(httpMethod) && authorizationType === 'NONE' && !apiKeyRequired;

/** Requires that every path with a method accepts OPTIONS. */
export const preflightRoute: Rule = ({ apis }) =>
  apis.flatMap(({ methods }) =>
    [...new Set(methods.map(({ path }) => path))].flatMap((path) => {
      const methodsOfPath = methods.filter((method) => method.path === path);
      const [first] = methodsOfPath;
      if (first === undefined || methodsOfPath.some(acceptsOptions)) return [];
      const names = methodsOfPath.map(({ httpMethod }) => httpMethod).join(', ');
      const message = `${path} accepts ${names} but not OPTIONS, so a preflight gets 403 "Missing Authentication Token"`;
      const found = finding(
        'preflight-route',
        first,
        message,
        'Add an AWS::ApiGateway::Method with HttpMethod: OPTIONS to the same resource',
      );
      return [methodsOfPath.every(isSimple) ? { ...found, severity: 'note' } : found];
    }),
  );

/** Rejects an authorizer or an API key on a method that receives OPTIONS. */
export const preflightOpen: Rule = ({ apis }) =>
  apis
    .flatMap(({ methods }) => methods.filter((method) => receivesOptions(method, methods)))
    .flatMap((method) => {
      const { path, authorizationType, apiKeyRequired } = method;
      const credentials = [
        ...(['NONE', 'UNKNOWN'].includes(authorizationType)
          ? []
          : [`AuthorizationType ${authorizationType}`]),
        ...(apiKeyRequired ? ['an API key'] : []),
      ];
      if (credentials.length === 0) return [];
      const message = `OPTIONS ${path} requires ${credentials.join(' and ')}, but browsers send preflights without credentials`;
      const fix =
        'Set AuthorizationType: NONE and remove ApiKeyRequired on this method; protect the other methods instead';
      return [finding('preflight-open', method, message, fix)];
    });

/** An ANY method receives OPTIONS only if its path has no OPTIONS method. */
function receivesOptions(method: ApiMethod, methods: readonly ApiMethod[]): boolean {
  if (!acceptsOptions(method)) return false;
  const hasOptions = methods.some(({ path, httpMethod }) => path === method.path && httpMethod === 'OPTIONS');
  return method.httpMethod === 'OPTIONS' || !hasOptions;
}
