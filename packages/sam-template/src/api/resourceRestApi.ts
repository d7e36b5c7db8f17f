/** Reads the REST APIs that a template declares with `AWS::ApiGateway::*` resources. No I/O. */
import type { Resource } from '../template/parse';
import type { ResolvedTemplate } from '../template/resolve';
import { KNOWN_AT_DEPLOYMENT, Unknown } from '../template/unknown';
import type { Api, ApiMethod, AuthorizationType, Remark } from './api';
import { isImplicitApi } from './events';
import { gatewayResponseOf, integrationOfMethod, UNKNOWN_INTEGRATION } from './integration';
import { readDefinition, unreadable } from './openapi';
import { flag, record, records, text, texts, type Properties } from './properties';
import { identitySources, methodOf } from './security';
import { unknownGuards, unknownIn, unknownIntegration, unknownItems } from './unknownParts';

export function resourceRestApis({ resources }: ResolvedTemplate): Api[] {
  return ofType(resources, 'AWS::ApiGateway::RestApi').map((api) => {
    const { logicalId, line, properties } = api;
    const own = resources.filter((resource) => text(resource.properties, 'RestApiId') === logicalId);
    const reason = unreadableBody(properties);
    const definition = readDefinition(reason === undefined ? record(properties, 'Body') : {}, api);
    const types = texts(properties, 'BinaryMediaTypes');
    const declared = ofType(own, 'AWS::ApiGateway::Method').map((method) =>
      methodResource(method, own, logicalId),
    );
    return {
      kind: 'REST',
      logicalId,
      place: { logicalId, line },
      declaredBy: 'CloudFormation',
      stage: stageOf(own),
      binaryMediaTypes: types.length > 0 ? types : definition.binaryMediaTypes,
      methods: [
        ...declared.filter((method) => method !== undefined && 'path' in method),
        ...definition.operations.map((operation) => methodOf(operation, definition.schemes)),
      ],
      gatewayResponses: new Map([
        ...definition.gatewayResponses,
        ...ofType(own, 'AWS::ApiGateway::GatewayResponse').map(
          (response) =>
            [
              text(response.properties, 'ResponseType') ?? '',
              gatewayResponseOf(response.properties, 'StatusCode'),
            ] as const,
        ),
      ]),
      cors: undefined,
      notExamined: [
        ...(reason === undefined ? [] : [{ logicalId, line, message: reason, parameters: [] }]),
        ...unknownIn(properties, ['BinaryMediaTypes'], api),
        ...unknownItems(properties, 'BinaryMediaTypes', api),
        ...declared.filter((method) => method !== undefined && 'message' in method),
        ...ofType(own, 'AWS::ApiGateway::Method').flatMap((method) => [
          ...unknownIntegration(method),
          ...unknownGuards(text(method.properties, 'HttpMethod') ?? 'ANY', method),
        ]),
      ],
    };
  });
}

/** Returns a remark for each method whose API is not in this template, or is an API of SAM. */
export function methodsOfOtherApis(resolved: ResolvedTemplate): Remark[] {
  const { resources } = resolved;
  return resources.flatMap((method) => {
    const property = METHODS[method.type];
    const api = property === undefined ? undefined : method.properties[property];
    const message = api === undefined ? undefined : otherApi(api, resolved);
    if (message === undefined) return [];
    const { logicalId, line } = method;
    return [{ logicalId, line, message, parameters: api instanceof Unknown ? api.parameters : [] }];
  });
}

/** The resources that declare a method, and the property that names its API. */
const METHODS: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Method': 'RestApiId',
  'AWS::ApiGatewayV2::Route': 'ApiId',
};

/** The APIs whose model contains the methods of resources. WebSocket APIs have a note. */
const MODELED =
  /^AWS::(?:ApiGateway::RestApi|ApiGatewayV2::Api|Serverless::HttpApi|Serverless::WebSocketApi)$/;

/** Returns why a method is not part of the model; undefined if it is. */
function otherApi(api: unknown, { resources, excluded }: ResolvedTemplate): string | undefined {
  if (api instanceof Unknown) return `its API is not in this template: ${api.reason}`;
  const name = text({ api }, 'api') ?? '';
  const typeIn = (all: readonly Resource[]) => all.find(({ logicalId }) => logicalId === name)?.type ?? '';
  if (MODELED.test(typeIn(resources))) return undefined;
  if (typeIn(resources) === 'AWS::Serverless::Api' || isImplicitApi(name)) {
    return `it adds a method to ${name}, an API that SAM creates and deploys`;
  }
  return typeIn(excluded) === ''
    ? `its API ${name} is not in this template`
    : `its API ${name} does not exist, because its condition is false`;
}

export function ofType(resources: readonly Resource[], type: string): Resource[] {
  return resources.filter((resource) => resource.type === type);
}

/** Returns why the definition of the API cannot be read; undefined if it can, or if there is none. */
function unreadableBody({ Body, BodyS3Location, CloneFrom }: Properties): string | undefined {
  if (CloneFrom !== undefined) return 'it is a clone of another API';
  if (Body !== undefined) return unreadable(Body);
  return BodyS3Location === undefined ? undefined : 'its definition is not a local file that can be read';
}

/** Returns the stage's name. A Deployment with a StageName creates a stage too. */
function stageOf(own: readonly Resource[]): string {
  const stages = own.filter(({ type }) => /^AWS::ApiGateway::(?:Stage|Deployment)$/.test(type));
  const names = stages.map(({ properties }) => properties.StageName);
  const known = names.find((name) => typeof name === 'string');
  if (known !== undefined) return known;
  return names.some((name) => name instanceof Unknown) ? KNOWN_AT_DEPLOYMENT.replaceAll(' ', '-') : 'prod';
}

/** Returns undefined if the method is not connected to the root of the API, which the linter reports. */
function methodResource(
  method: Resource,
  own: readonly Resource[],
  api: string,
): ApiMethod | Remark | undefined {
  const { logicalId, line, properties } = method;
  const unknown = [properties.ResourceId, properties.HttpMethod].find((value) => value instanceof Unknown);
  const path = pathOf(text(properties, 'ResourceId') ?? '', own, api);
  if (unknown instanceof Unknown || path instanceof Unknown) {
    const { reason, parameters } = (unknown ?? path) as Unknown;
    return { logicalId, line, message: `its path or method is not examined: ${reason}`, parameters };
  }
  if (path === undefined) return undefined;
  return {
    logicalId,
    line,
    path,
    httpMethod: text(properties, 'HttpMethod') ?? 'ANY',
    origin: 'resource',
    ...authorizationOf(properties, own),
    apiKeyRequired: flag(properties, 'ApiKeyRequired'),
    integration:
      unknownIntegration(method).length > 0
        ? UNKNOWN_INTEGRATION
        : integrationOfMethod(record(properties, 'Integration')),
    methodResponses: new Map(
      records(properties, 'MethodResponses').map((response) => [
        text(response, 'StatusCode') ?? '',
        new Set(Object.keys(record(response, 'ResponseParameters')).map(headerName)),
      ]),
    ),
  };
}

export function authorizationTypeOf(properties: Properties): AuthorizationType {
  if (properties.AuthorizationType instanceof Unknown) return 'UNKNOWN';
  return (text(properties, 'AuthorizationType') ?? 'NONE') as AuthorizationType;
}

function authorizationOf(
  properties: Properties,
  own: readonly Resource[],
): Pick<ApiMethod, 'authorizationType' | 'authorizer'> {
  const authorizationType = authorizationTypeOf(properties);
  const name = text(properties, 'AuthorizerId');
  if (authorizationType === 'NONE' || authorizationType === 'AWS_IAM' || name === undefined) {
    return { authorizationType, authorizer: undefined };
  }
  const declared = own.find(
    (resource) => name === resource.logicalId || name.startsWith(`${resource.logicalId}.`),
  );
  const given = texts(declared?.properties ?? {}, 'IdentitySource');
  const isRequest = text(declared?.properties ?? {}, 'Type') === 'REQUEST';
  const sources = given.length > 0 || isRequest ? given : ['method.request.header.Authorization'];
  return { authorizationType, authorizer: { name, identitySources: identitySources(sources) } };
}

/** Returns undefined if the resource is not below the root, or is below itself. */
function pathOf(
  id: string,
  own: readonly Resource[],
  api: string,
  below: readonly string[] = [],
): string | Unknown | undefined {
  if (id === `${api}.RootResourceId`) return '/';
  const resource = own.find(
    ({ type, logicalId }) =>
      type === 'AWS::ApiGateway::Resource' && [logicalId, `${logicalId}.ResourceId`].includes(id),
  );
  if (resource === undefined || below.includes(resource.logicalId)) return undefined;
  const { ParentId, PathPart } = resource.properties;
  if (ParentId instanceof Unknown) return ParentId;
  if (PathPart instanceof Unknown) return PathPart;
  const parent = pathOf(text({ ParentId }, 'ParentId') ?? '', own, api, [...below, resource.logicalId]);
  if (typeof parent !== 'string') return parent;
  return `${parent === '/' ? '' : parent}/${text({ PathPart }, 'PathPart') ?? ''}`;
}

/** Returns the `X` of `method.response.header.X`, in lower case. */
export function headerName(parameter: string): string {
  return parameter.split('.').slice(-1).join('').toLowerCase();
}
