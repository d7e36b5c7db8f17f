/** Applies the property Auth of a SAM API and the Auth of events to the security of methods. No I/O. */
import { isRecord, record, text, texts, type Properties } from './properties';
import {
  API_KEY,
  headerSources,
  IAM,
  identitySources,
  type Operation,
  type Scheme,
  type Schemes,
} from './security';

type Security = Operation['security'];

/** Marks a method that must not get the default of its API. */
const NO_AUTHORIZER = 'NONE';
const NO_API_KEY = 'api_key_false';

/** Appends the authorizer and the API key that the event requires. */
export function withEventAuth(operation: Operation, auth: Properties): Operation {
  const authorizer = text(auth, 'Authorizer');
  const apiKey = auth.ApiKeyRequired ?? undefined;
  const names = [
    ...(authorizer === undefined || authorizer === '' ? [] : [authorizer]),
    ...(apiKey === undefined ? [] : [apiKey === false ? NO_API_KEY : API_KEY]),
  ];
  return { ...operation, security: [...operation.security, ...names.map((name) => [name])] };
}

/**
 * Applies `DefaultAuthorizer` and `ApiKeyRequired` of a REST API to its methods, OPTIONS included.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-apiauth.html
 */
export function withRestDefaults(operation: Operation, auth: Properties): Operation {
  if (operation.integration.type === '') return operation;
  const isPreflight = operation.httpMethod === 'OPTIONS';
  let { security } = operation;
  const authorizer = text(auth, 'DefaultAuthorizer');
  const names = [IAM, ...Object.keys(record(auth, 'Authorizers'))];
  const hasAuthorizers = names.length > 1 || authorizer === IAM;
  if (authorizer !== undefined && hasAuthorizers && !(isPreflight && isOff(auth, PREFLIGHT_AUTHORIZER))) {
    security = withDefaultAuthorizer(security, authorizer, names);
  }
  if (auth.ApiKeyRequired) {
    security = withDefaultApiKey(security, isPreflight && isOff(auth, PREFLIGHT_API_KEY));
  }
  return { ...operation, security };
}

const PREFLIGHT_AUTHORIZER = 'AddDefaultAuthorizerToCorsPreflight';
const PREFLIGHT_API_KEY = 'AddApiKeyRequiredToCorsPreflight';

/** Both properties are true by default. SAM treats the text "false" as true. */
function isOff(auth: Properties, name: string): boolean {
  return name in auth && !auth[name];
}

function withDefaultAuthorizer(security: Security, authorizer: string, names: readonly string[]): Security {
  const isOwn = (requirement: readonly string[]) => requirement.some((name) => names.includes(name));
  const others = security.filter((requirement) => !isOwn(requirement));
  const none = others.findIndex((requirement) => requirement.includes(NO_AUTHORIZER));
  if (none >= 0) return others.filter((_requirement, at) => at !== none);
  const own = security.filter(isOwn);
  return [...others, ...(own.length > 0 ? own : [[authorizer]])];
}

function withDefaultApiKey(security: Security, isOptional: boolean): Security {
  const isKey = (requirement: readonly string[]) =>
    requirement.includes(API_KEY) || requirement.includes(NO_API_KEY);
  const others = security.filter((requirement) => !isKey(requirement));
  const isDeclined = security.some((requirement) => requirement.includes(NO_API_KEY));
  if (isOptional) return others;
  const keys = security.filter(isKey).filter((requirement) => !requirement.includes(NO_API_KEY));
  return [...others, ...(isDeclined ? keys : [[API_KEY]])];
}

/** Applies `DefaultAuthorizer` of an HTTP API to its methods without security, except OPTIONS. */
export function withHttpDefaults(operation: Operation, auth: Properties): Operation {
  const authorizer = text(auth, 'DefaultAuthorizer');
  const { httpMethod, integration, security } = operation;
  if (
    authorizer === undefined ||
    httpMethod === 'OPTIONS' ||
    integration.type === '' ||
    security.length > 0
  ) {
    return operation;
  }
  return { ...operation, security: [[authorizer]] };
}

/** Returns the schemes that SAM adds for the authorizers of an API. */
export function samSchemes(auth: Properties, kind: 'REST' | 'HTTP'): Schemes {
  const declared = Object.entries(record(auth, 'Authorizers')).filter(
    (entry): entry is [string, Properties] => isRecord(entry[1]),
  );
  const isIam = kind === 'REST' || auth.EnableIamAuthorizer === true;
  return new Map<string, Scheme>([
    ...declared.map(
      ([name, authorizer]) =>
        [name, kind === 'REST' ? restScheme(authorizer) : httpScheme(authorizer)] as const,
    ),
    ...(kind === 'REST' ? [[API_KEY, { type: 'API_KEY', identitySources: [] }] as const] : []),
    ...(isIam ? [[IAM, { type: 'AWS_IAM', identitySources: [] }] as const] : []),
  ]);
}

function restScheme(authorizer: Properties): Scheme {
  const identity = record(authorizer, 'Identity');
  const header = headerSources('Header' in identity ? texts(identity, 'Header') : ['Authorization']);
  if (authorizer.UserPoolArn !== undefined) return { type: 'COGNITO_USER_POOLS', identitySources: header };
  const isRequest = text(authorizer, 'FunctionPayloadType') === 'REQUEST';
  return { type: 'CUSTOM', identitySources: isRequest ? requestSources(identity) : header };
}

function httpScheme(authorizer: Properties): Scheme {
  if (authorizer.JwtConfiguration !== undefined) {
    const source = text(authorizer, 'IdentitySource') ?? '$request.header.Authorization';
    return { type: 'JWT', identitySources: identitySources([source]) };
  }
  return { type: 'CUSTOM', identitySources: requestSources(record(authorizer, 'Identity')) };
}

/** Without any source, API Gateway runs the authorizer for every request. */
function requestSources(identity: Properties): Scheme['identitySources'] {
  return [
    ...headerSources(texts(identity, 'Headers')),
    ...headerSources(texts(identity, 'QueryStrings'), 'query'),
  ];
}
