/** Security of a method: names of schemes, and what they mean. No I/O. */
import type { ApiMethod, AuthorizationType } from './api';
import { record, text, texts, type Properties } from './properties';

/** A method whose security is not resolved yet. SAM changes its list of requirements step by step. */
export interface Operation extends Omit<ApiMethod, 'authorizationType' | 'authorizer' | 'apiKeyRequired'> {
  /** The names of the security schemes in each requirement. */
  security: readonly (readonly string[])[];
}

/** What a name in `security` stands for. */
export interface Scheme {
  type: Exclude<AuthorizationType, 'NONE'> | 'API_KEY';
  identityHeaders: readonly string[];
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
        : { name, identityHeaders: scheme.identityHeaders },
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
    return { type: 'AWS_IAM', identityHeaders: [] };
  }
  const authorizer = record(scheme, 'x-amazon-apigateway-authorizer');
  switch (text(authorizer, 'type')?.toLowerCase() ?? '') {
    case 'cognito_user_pools':
      return { type: 'COGNITO_USER_POOLS', identityHeaders: [header] };
    case 'token':
      return { type: 'CUSTOM', identityHeaders: [header] };
    case 'request':
      return { type: 'CUSTOM', identityHeaders: identityHeaders(texts(authorizer, 'identitySource')) };
    case 'jwt':
      return { type: 'JWT', identityHeaders: identityHeaders(texts(authorizer, 'identitySource')) };
    default:
      return text(scheme, 'type') === 'apiKey' && header.toLowerCase() === 'x-api-key'
        ? { type: 'API_KEY', identityHeaders: [] }
        : undefined;
  }
}

/** Returns the header names of an identity source, for example of `method.request.header.X` and `$request.header.X`. */
export function identityHeaders(sources: readonly string[]): string[] {
  return sources
    .flatMap((source) => source.split(','))
    .flatMap((source) => /request\.header\.([\w-]+)/i.exec(source)?.[1] ?? []);
}
