/** Reads the REST APIs that SAM creates from `AWS::Serverless::Api` and from events. No I/O. */
import type { ResolvedTemplate } from '../template/resolve';
import type { Api, GatewayResponse, Place, Remark } from './api';
import { apiEvents, implicitApi, type ApiEvent } from './events';
import { strings, record, text, texts, isRecord, type Properties } from './properties';
import { ANY_KEY, readDefinition, unreadable, type Definition } from './openapi';
import { corsOperations } from './samCors';
import { samSchemes, withEventAuth, withRestDefaults } from './samAuth';
import { methodOf, type Operation } from './security';
import { stageOf, unknownIn } from './unknownParts';

const IMPLICIT = implicitApi('Api');

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html */
export function samRestApis(resolved: ResolvedTemplate): Api[] {
  const { events, notExamined: unknownEvents } = apiEvents(resolved, 'Api');
  const notExamined = [...unknownEvents, ...eventsOfOtherKind(resolved)];
  const implicit = events.filter(({ apiId, isExcluded }) => apiId === IMPLICIT && !isExcluded);
  const apis = resolved.resources
    .filter(({ type }) => type === 'AWS::Serverless::Api')
    // With such events, SAM replaces a resource of this name.
    .filter(({ logicalId }) => logicalId !== IMPLICIT || implicit.length === 0)
    .map(({ logicalId, line, properties }) => restApi(properties, { logicalId, line }, logicalId, events));
  const [first] = implicit;
  if (first !== undefined) {
    const properties = { ...record(resolved.globals, 'Api'), StageName: 'Prod' };
    apis.push(restApi(properties, first.operation, IMPLICIT, events));
  }
  const [api, ...others] = apis;
  if (notExamined.length === 0) return apis;
  return api === undefined
    ? [restApi({ StageName: 'Prod' }, notExamined[0] as Place, IMPLICIT, [], notExamined)]
    : [{ ...api, notExamined: [...api.notExamined, ...notExamined] }, ...others];
}

/** SAM adds the routes of HttpApi events to the definition of a REST API, which serves them in its own way. */
function eventsOfOtherKind(resolved: ResolvedTemplate): Remark[] {
  const restApis = resolved.resources.filter(({ type }) => type === 'AWS::Serverless::Api');
  return apiEvents(resolved, 'HttpApi')
    .events.filter(({ apiId }) => restApis.some(({ logicalId }) => logicalId === apiId))
    .map(({ name, apiId, operation: { logicalId, line } }) => {
      const message = `the event ${name} of type HttpApi refers to the REST API ${String(apiId)}`;
      return { logicalId, line, message, parameters: [] };
    });
}

function restApi(
  properties: Properties,
  { logicalId: placeId, line }: Place,
  logicalId: string,
  events: readonly ApiEvent[],
  remarks: readonly Remark[] = [],
): Api {
  const place = { logicalId: placeId, line };
  const own = events.filter(({ apiId }) => apiId === logicalId);
  const auth = record(properties, 'Auth');
  const { definition, operations, pathKeys, reason } = pathsOf(properties, own, place);
  const schemes = new Map([...definition.schemes, ...samSchemes(auth, 'REST')]);
  const all = [...operations, ...corsOperations(properties.Cors, pathKeys, place)];
  const types = texts(properties, 'BinaryMediaTypes');
  return {
    kind: 'REST',
    logicalId,
    place,
    declaredBy: 'SAM',
    ...stageOf(properties, 'Prod'),
    // SAM writes image~1png for image/png.
    binaryMediaTypes:
      types.length > 0 ? types.map((type) => type.replaceAll('~1', '/')) : definition.binaryMediaTypes,
    methods: all.map((operation) => methodOf(withRestDefaults(operation, auth), schemes)),
    gatewayResponses: new Map([...definition.gatewayResponses, ...gatewayResponses(properties)]),
    cors: undefined,
    notExamined: [
      ...remarks,
      ...(reason === undefined ? [] : [{ ...place, message: reason, parameters: [] }]),
      ...unknownIn(
        properties,
        ['Cors', 'Auth', 'GatewayResponses', 'BinaryMediaTypes', 'MergeDefinitions'],
        place,
      ),
      ...unknownIn(auth, AUTH_PROPERTIES, place),
    ],
  };
}

const AUTH_PROPERTIES = [
  'DefaultAuthorizer',
  'Authorizers',
  'ApiKeyRequired',
  'AddDefaultAuthorizerToCorsPreflight',
  'AddApiKeyRequiredToCorsPreflight',
];

interface Paths {
  definition: Definition;
  operations: readonly Operation[];
  /** The keys of each path that exists. */
  pathKeys: ReadonlyMap<string, readonly string[]>;
  /** Why the definition is not examined. */
  reason?: string;
}

/** A definition is the API: events add nothing to it, except with MergeDefinitions or OverrideApiAuth. */
function pathsOf(properties: Properties, events: readonly ApiEvent[], place: Place): Paths {
  const { DefinitionBody, DefinitionUri } = properties;
  if (DefinitionBody === undefined && DefinitionUri === undefined) return eventPaths(events, place);
  const reason =
    DefinitionBody === undefined
      ? `its definition ${describe(DefinitionUri)} is not a local file that can be read`
      : unreadable(DefinitionBody);
  const definition = readDefinition(isRecord(DefinitionBody) ? DefinitionBody : {}, place);
  if (reason !== undefined) return { definition, operations: [], pathKeys: new Map(), reason };
  const overridden = definition.operations.map((operation) => overrideAuth(operation, events));
  const { operations, pathKeys } = definition;
  const hasPaths = isRecord((DefinitionBody as Properties).paths);
  return properties.MergeDefinitions === true && hasPaths
    ? mergeEvents({ definition, operations, pathKeys }, events)
    : { definition, operations: overridden, pathKeys };
}

function describe(uri: unknown): string {
  return typeof uri === 'string' ? uri : 'in S3';
}

/** Without a definition, the paths are those of the events. Conditions are decided after Cors. */
function eventPaths(events: readonly ApiEvent[], place: Place): Paths {
  const operations = unique(events.filter(({ isExcluded }) => !isExcluded).map(eventOperation));
  const paths = new Set(operations.map(({ path }) => path));
  return {
    definition: readDefinition({}, place),
    operations,
    pathKeys: new Map(
      [...paths].map((path) => [path, events.filter(isOn(path)).map(({ operation }) => keyOf(operation))]),
    ),
  };
}

const isOn = (path: string) => (event: ApiEvent) => event.operation.path === path;

function keyOf({ httpMethod }: Operation): string {
  return httpMethod === 'ANY' ? ANY_KEY : httpMethod.toLowerCase();
}

function eventOperation({ operation, properties }: ApiEvent): Operation {
  return withEventAuth(operation, record(properties, 'Auth'));
}

/** SAM rejects a second event with the same path and method. */
function unique(operations: readonly Operation[]): Operation[] {
  return operations.filter(
    (operation, at) => operations.findIndex((other) => isSame(operation, other)) === at,
  );
}

function isSame(left: Operation, right: Operation): boolean {
  return left.path === right.path && left.httpMethod === right.httpMethod;
}

/** The generated parts of an operation win over those of the definition. */
function mergeEvents({ definition, operations, pathKeys }: Paths, events: readonly ApiEvent[]): Paths {
  const generated = events
    .filter(({ isExcluded, isFunction }) => !isExcluded && isFunction)
    .map(eventOperation);
  const merged = generated.map((operation) => {
    const written = operations.find((other) => isSame(operation, other));
    return written !== undefined && operation.security.length === 0
      ? { ...operation, security: written.security }
      : operation;
  });
  const all = unique([...merged, ...operations]);
  const keys = new Map([...pathKeys].map(([path, own]) => [path, [...own]]));
  for (const operation of generated) {
    const own = keys.get(operation.path) ?? [];
    // SAM writes the method of the event as it is, so that ANY does not become the key of a definition.
    if (!own.includes(keyOf(operation))) keys.set(operation.path, [...own, keyOf(operation)]);
  }
  return { definition, operations: all, pathKeys: keys };
}

/** An event can set the auth of a method of the definition with `OverrideApiAuth: true`. */
function overrideAuth(operation: Operation, events: readonly ApiEvent[]): Operation {
  return events
    .filter((event) => !event.isExcluded && event.isFunction && isSame(event.operation, operation))
    .map(({ properties }) => record(properties, 'Auth'))
    .filter(({ OverrideApiAuth }) => OverrideApiAuth === true)
    .reduce(withEventAuth, operation);
}

function gatewayResponses(properties: Properties): [string, GatewayResponse][] {
  const declared = record(properties, 'GatewayResponses');
  return Object.keys(declared).map((type) => {
    const response = record(declared, type);
    const status = text(response, 'StatusCode');
    const headers = strings(record(response, 'ResponseParameters'), 'Headers');
    return [
      type,
      {
        statusCode: status === undefined ? undefined : Number(status),
        responseParameters: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [`gatewayresponse.header.${name}`, value]),
        ),
        responseTemplates: strings(response, 'ResponseTemplates'),
      },
    ];
  });
}
