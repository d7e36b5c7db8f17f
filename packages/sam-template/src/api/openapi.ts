/** Reads an OpenAPI or Swagger definition as API Gateway imports it. No I/O. */
import { openMaps } from '../template/openMap';
import { Unknown } from '../template/unknown';
import type { GatewayResponse, Place } from './api';
import { gatewayResponseOf, integrationOfOperation } from './integration';
import { isRecord, record, texts, type Properties } from './properties';
import { schemesOf, type Operation, type Schemes } from './security';

export interface Definition {
  /** The keys of each path item, in the order of the definition: methods, but also `parameters`. */
  pathKeys: ReadonlyMap<string, readonly string[]>;
  operations: readonly Operation[];
  schemes: Schemes;
  gatewayResponses: ReadonlyMap<string, GatewayResponse>;
  binaryMediaTypes: readonly string[];
  /** The value of `x-amazon-apigateway-cors`. */
  cors: Properties;
}

export const ANY_KEY = 'x-amazon-apigateway-any-method';

const INTEGRATION = 'x-amazon-apigateway-integration';

const METHOD_KEYS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', ANY_KEY];

/** @param place the resource that contains the definition. */
export function readDefinition(definition: Properties, place: Place): Definition {
  const paths = Object.entries(record(definition, 'paths')).filter((entry): entry is [string, Properties] =>
    isRecord(entry[1]),
  );
  return {
    pathKeys: new Map(paths.map(([path, item]) => [path, Object.keys(item)])),
    operations: paths.flatMap(([path, item]) =>
      Object.entries(item)
        .filter(
          (entry): entry is [string, Properties] => METHOD_KEYS.includes(entry[0]) && isRecord(entry[1]),
        )
        .map(([key, operation]) => operationOf(path, key, operation, place)),
    ),
    schemes: schemesOf(definition),
    gatewayResponses: new Map(
      Object.entries(record(definition, 'x-amazon-apigateway-gateway-responses')).map(([type, response]) => [
        type,
        gatewayResponseOf(isRecord(response) ? response : {}, 'statusCode'),
      ]),
    ),
    binaryMediaTypes: texts(definition, 'x-amazon-apigateway-binary-media-types'),
    cors: record(definition, 'x-amazon-apigateway-cors'),
  };
}

function operationOf(
  path: string,
  key: string,
  operation: Properties,
  { logicalId, line }: Place,
): Operation {
  const { security } = operation;
  return {
    logicalId,
    line,
    path: path === '/$default' ? '$default' : path,
    httpMethod: httpMethodOf(key),
    origin: 'definition',
    integration: integrationOfOperation(record(operation, INTEGRATION)),
    methodResponses: new Map(
      Object.keys(record(operation, 'responses')).map((status) => [
        status,
        headerNames(record(record(operation, 'responses'), status)),
      ]),
    ),
    security: (Array.isArray(security) ? security : []).filter(isRecord).map(Object.keys),
  };
}

function headerNames(response: Properties): Set<string> {
  return new Set(Object.keys(record(response, 'headers')).map((name) => name.toLowerCase()));
}

/** Returns the HTTP method of an event or a path item, for example `GET` or `ANY`. */
export function httpMethodOf(key: string): string {
  return key.toLowerCase() === ANY_KEY ? 'ANY' : key.toUpperCase();
}

/** Returns why a definition cannot be read; undefined if it can. */
export function unreadable(definition: unknown): string | undefined {
  if (definition instanceof Unknown) return `its definition is not examined: ${definition.reason}`;
  if (!isRecord(definition)) return 'its definition is known only at deployment';
  const [added] = openMaps(definition);
  if (added !== undefined)
    return `${added.path === '' ? 'its definition' : added.path} is not complete: ${added.unknown.reason}`;
  const items = Object.values(record(definition, 'paths')).filter(isRecord);
  const operations = items.flatMap((item) => Object.values(item).filter(isRecord));
  const integrations = operations.map((operation) => record(operation, INTEGRATION));
  const responses = [...operations, ...integrations].map((part) => record(part, 'responses'));
  const maps = [
    definition,
    record(definition, 'paths'),
    ...items,
    ...operations,
    ...integrations,
    ...responses,
    ...responses.flatMap((map) => Object.values(map).filter(isRecord)),
  ];
  const unknown = maps
    .flatMap((map) => Object.entries(map))
    .find(([key, value]) => value instanceof Unknown && !WITHOUT_EFFECT.test(key))?.[1];
  return unknown instanceof Unknown
    ? `a part of its definition is not examined: ${unknown.reason}`
    : undefined;
}

/** The model needs no value of these keys. */
const WITHOUT_EFFECT =
  /^(?:info|servers|host|basePath|tags|summary|description|operationId|parameters|requestBody|uri|credentials|connectionId|timeoutInMillis|cacheNamespace|cacheKeyParameters|x-amazon-apigateway-(?:policy|endpoint-configuration|api-key-source|request-validators?|importexport-version))$/;
