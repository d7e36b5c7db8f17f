/** Reads the security of methods: the schemes that they require, and the type of each scheme. No I/O. */
import { KNOWN_AT_DEPLOYMENT } from '../template/unknown';
import type { ApiMethod, AuthorizationType, IdentitySource } from './api';
import { record, text, texts, type Properties } from './properties';

/** A method whose security is not resolved yet. SAM changes its list of requirements step by step. */
export interface Operation extends Omit<ApiMethod, 'authorizationType' | 'authorizer' | 'apiKeyRequired'> {
  /** The names of the security schemes in each requirement. */
  security: readonly (readonly string[])[];
}

/** A security scheme, to which `security` refers by its name. */
export interface Scheme {
  type: Exclude<AuthorizationType, 'NONE'> | 'API_KEY';
  identitySources: readonly IdentitySource[];
}

export type Schemes = ReadonlyMap<string, Scheme>;

/** The scheme names that SAM defines when a method uses them. */
export const API_KEY = 'api_key';
export const IAM = 'AWS_IAM';

/** Returns the method with its authorizer. API Gateway ignores schemes that it does not know. */
export function methodOf({ security, ...operation }: Operation, schemes: Schemes): ApiMethod {
  const names = security.flat();
  const name = names.find((one) => schemes.has(one) && schemes.get(one)?.type !== 'API_KEY');
  const scheme = name === undefined ? undefined : schemes.get(name);
  const authorizationType = scheme === undefined || scheme.type === 'API_KEY' ? 'NONE' : scheme.type;
  return {
    ...operation,
    authorizationType,
    authorizer:
      name === undefined || scheme === undefined || authorizationType === 'AWS_IAM'
        ? undefined
        : { name, identitySources: scheme.identitySources },
    apiKeyRequired: names.some((one) => schemes.get(one)?.type === 'API_KEY'),
  };
}

/**
 * Reads the security schemes of an OpenAPI or Swagger definition.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
 */
export function schemesOf(definition: Properties): Schemes {
  const declared = {
    ...record(definition, 'securityDefinitions'),
    ...record(record(definition, 'components'), 'securitySchemes'),
  };
  const schemes = new Map<string, Scheme>();
  for (const name of Object.keys(declared)) {
    const scheme = schemeOf(record(declared, name));
    if (scheme !== undefined) schemes.set(name, scheme);
  }
  return schemes;
}

function schemeOf(scheme: Properties): Scheme | undefined {
  const header = text(scheme, 'name') ?? '';
  if (text(scheme, 'x-amazon-apigateway-authtype')?.toLowerCase() === 'awssigv4') {
    return { type: 'AWS_IAM', identitySources: [] };
  }
  const authorizer = record(scheme, 'x-amazon-apigateway-authorizer');
  switch (text(authorizer, 'type')?.toLowerCase() ?? '') {
    case 'cognito_user_pools':
      return { type: 'COGNITO_USER_POOLS', identitySources: headerSources([header]) };
    case 'token':
      return { type: 'CUSTOM', identitySources: headerSources([header]) };
    case 'request':
      return { type: 'CUSTOM', identitySources: identitySources(texts(authorizer, 'identitySource')) };
    case 'jwt':
      return { type: 'JWT', identitySources: identitySources(texts(authorizer, 'identitySource')) };
    default:
      return text(scheme, 'type') === 'apiKey' && header.toLowerCase() === 'x-api-key'
        ? { type: 'API_KEY', identitySources: [] }
        : undefined;
  }
}

/** Returns the sources with these names. A name that is known only at deployment cannot be required. */
export function headerSources(
  names: readonly string[],
  place: IdentitySource['in'] = 'header',
): IdentitySource[] {
  return names.filter((name) => name !== KNOWN_AT_DEPLOYMENT).map((name) => ({ in: place, name }));
}

/**
 * Parses identity sources, for example `method.request.header.X, method.request.querystring.Y` or `$request.header.X`. Leaves
 * out stage variables and the context, which do not come from the client.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html
 */
export function identitySources(sources: readonly string[]): IdentitySource[] {
  return sources
    .flatMap((source) => source.split(','))
    .flatMap((source) => {
      const [, place, name] = /request\.(header|querystring)\.([^\s,]+)/i.exec(source) ?? [];
      if (place === undefined || name === undefined) return [];
      return [{ in: place.toLowerCase() === 'header' ? 'header' : 'query', name }];
    });
}
