/** Reports properties of SAM APIs that SAM itself rejects, so that the deployment does not start. */
import { isRecord, record, text, type Properties } from '../api/properties';
import { samApis, type SamApi } from '../api/samApis';
import { isAddingKey, isOpen } from '../template/openMap';
import { Unknown } from '../template/unknown';
import { finding, type Rule } from './rule';

/** The keys that SAM accepts in the maps of each kind of API. */
const KINDS = {
  Api: {
    cors: 'Cors',
    corsKeys: ['AllowMethods', 'AllowHeaders', 'AllowOrigin', 'MaxAge', 'AllowCredentials'],
    authKeys: [
      'Authorizers',
      'DefaultAuthorizer',
      'InvokeRole',
      'AddDefaultAuthorizerToCorsPreflight',
      'AddApiKeyRequiredToCorsPreflight',
      'ApiKeyRequired',
      'ResourcePolicy',
      'UsagePlan',
    ],
  },
  HttpApi: {
    cors: 'CorsConfiguration',
    corsKeys: ['AllowMethods', 'AllowHeaders', 'AllowOrigins', 'MaxAge', 'AllowCredentials', 'ExposeHeaders'],
    authKeys: ['Authorizers', 'DefaultAuthorizer', 'EnableIamAuthorizer'],
  },
} as const;

type Kind = (typeof KINDS)[keyof typeof KINDS];

interface Rejection {
  message: string;
  fix: string;
}

export const rejectedApis: Rule = ({ resolved }) =>
  (['Api', 'HttpApi'] as const).flatMap((kind) =>
    samApis(resolved, kind).flatMap((api) =>
      CHECKS.flatMap((check) => check(api, KINDS[kind])).map(({ message, fix }) =>
        finding('sam-rejects', api.place, message, fix),
      ),
    ),
  );

type Check = (api: SamApi, kind: Kind) => Rejection[];

const unknownCorsKeys: Check = ({ properties }, { cors, corsKeys }) =>
  unknownKeys(properties, cors, corsKeys);

const unknownAuthKeys: Check = ({ properties }, { authKeys }) => unknownKeys(properties, 'Auth', authKeys);

function unknownKeys(properties: Properties, name: string, known: readonly string[]): Rejection[] {
  return Object.keys(record(properties, name))
    .filter((key) => !known.includes(key) && !isAddingKey(key))
    .map((key) => ({
      message: `${name} has no property ${key}, so SAM rejects the template`,
      fix: `Use one of ${[...known].sort().join(', ')}`,
    }));
}

/** SAM cannot change a definition in S3, where local files are uploaded to. */
const besideDefinitionUri: Check = ({ properties }, { cors }) =>
  properties.DefinitionUri === undefined
    ? []
    : [cors, 'Auth', 'GatewayResponses']
        .filter((name) => isSet(properties[name]))
        .map((name) => ({
          message: `SAM rejects ${name} beside DefinitionUri, because it cannot change a definition in another file`,
          fix: 'Include the definition with DefinitionBody and the transform AWS::Include, or write it in the definition',
        }));

function isSet(value: unknown): boolean {
  return isRecord(value) ? Object.keys(value).length > 0 : Boolean(value) && !(value instanceof Unknown);
}

const GATEWAY_RESPONSE_KEYS = ['ResponseParameters', 'ResponseTemplates', 'StatusCode'];

const gatewayResponses: Check = ({ properties }) =>
  Object.entries(record(properties, 'GatewayResponses')).flatMap(([type, response]) => {
    if (response instanceof Unknown) return [];
    if (!isRecord(response)) {
      return [
        { message: `GatewayResponses.${type} is not a map, so SAM rejects it`, fix: 'Set it to a map' },
      ];
    }
    return unknownKeys({ [type]: response }, type, GATEWAY_RESPONSE_KEYS);
  });

/** Authorizers that SAM defines by itself. */
const IAM = 'AWS_IAM';

const defaultAuthorizer: Check = ({ properties }, { cors }) => {
  const auth = record(properties, 'Auth');
  const name = text(auth, 'DefaultAuthorizer');
  const authorizers = record(auth, 'Authorizers');
  const isRest = cors === 'Cors';
  if (name === undefined || name in authorizers || auth.Authorizers instanceof Unknown) return [];
  if (isOpen(properties) || isOpen(auth) || isOpen(authorizers)) return [];
  if (
    isRest
      ? name === IAM || Object.keys(authorizers).length === 0
      : name === IAM && auth.EnableIamAuthorizer === true
  ) {
    return [];
  }
  return [
    {
      message: `the DefaultAuthorizer ${name} is not in Authorizers, so SAM rejects the template`,
      fix: `Add ${name} to Auth.Authorizers`,
    },
  ];
};

const pathItems: Check = ({ properties }, { cors }) => {
  const isEdited = [cors, 'Auth', 'GatewayResponses', 'BinaryMediaTypes'].some((name) =>
    isSet(properties[name]),
  );
  if (!isEdited) return [];
  return Object.entries(record(record(properties, 'DefinitionBody'), 'paths'))
    .filter(([, item]) => !isRecord(item) && !(item instanceof Unknown))
    .map(([path]) => ({
      message: `the path ${path} of the definition is not a map, so SAM rejects it`,
      fix: 'Add methods to the path, or remove it',
    }));
};

const CHECKS: readonly Check[] = [
  unknownCorsKeys,
  unknownAuthKeys,
  besideDefinitionUri,
  gatewayResponses,
  defaultAuthorizer,
  pathItems,
];
