/** Reads the HTTP APIs that a template declares with `AWS::ApiGatewayV2::*` resources. No I/O. */
import type { Resource } from '../template/parse';
import type { ResolvedTemplate } from '../template/resolve';
import type { Api, ApiMethod, Integration } from './api';
import { capitalized, corsOf } from './httpCors';
import { functionIdOf, lambdaProxy } from './integration';
import { httpMethodOf, readDefinition, unreadable } from './openapi';
import { isRecord, record, text, texts, type Properties } from './properties';
import { authorizationTypeOf, ofType } from './resourceRestApi';
import { identitySources, methodOf } from './security';
import { stageOf, unknownGuards, unknownIn } from './unknownParts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-api.html */
export function resourceHttpApis({ resources }: ResolvedTemplate): Api[] {
  return ofType(resources, 'AWS::ApiGatewayV2::Api')
    .filter(({ properties }) => text(properties, 'ProtocolType') !== 'WEBSOCKET')
    .map((api) => {
      const { logicalId, line, properties } = api;
      const own = resources.filter((resource) => text(resource.properties, 'ApiId') === logicalId);
      const { Body, BodyS3Location, CorsConfiguration } = properties;
      const reason =
        Body === undefined
          ? BodyS3Location === undefined
            ? undefined
            : 'its definition is not a local file that can be read'
          : unreadable(Body);
      const definition = readDefinition(reason === undefined ? record(properties, 'Body') : {}, api);
      const routes = routesOf(logicalId, resources);
      const cors = isRecord(CorsConfiguration)
        ? corsOf(CorsConfiguration)
        : Object.keys(definition.cors).length > 0
          ? corsOf(capitalized(definition.cors))
          : undefined;
      const stage = ofType(own, 'AWS::ApiGatewayV2::Stage')[0]?.properties ?? {};
      return {
        kind: 'HTTP',
        logicalId,
        place: { logicalId, line },
        declaredBy: 'CloudFormation',
        ...stageOf(stage, '$default'),
        binaryMediaTypes: [],
        methods: [
          ...routes.methods,
          ...definition.operations.map((operation) => methodOf(operation, definition.schemes)),
          ...quickCreate(api),
        ],
        gatewayResponses: new Map(),
        cors,
        notExamined: [
          ...(reason === undefined ? [] : [{ logicalId, line, message: reason, parameters: [] }]),
          ...unknownIn(properties, ['CorsConfiguration', 'Target'], api),
          ...routes.notExamined,
        ],
      };
    });
}

/** Returns the routes that resources add to an HTTP API. */
export function routesOf(
  apiId: string,
  resources: readonly Resource[],
): Pick<Api, 'methods' | 'notExamined'> {
  const own = resources.filter((resource) => text(resource.properties, 'ApiId') === apiId);
  const routes = ofType(own, 'AWS::ApiGatewayV2::Route');
  return {
    methods: routes.flatMap((route) => routeMethod(route, own)),
    notExamined: routes.flatMap((route) => {
      const { httpMethod } = splitRouteKey(text(route.properties, 'RouteKey') ?? '');
      return [...unknownIn(route.properties, ['RouteKey'], route), ...unknownGuards(httpMethod, route)];
    }),
  };
}

/** A route key is `$default`, or a method and a path. */
function splitRouteKey(key: string): Pick<ApiMethod, 'path' | 'httpMethod'> {
  const [method = '', path] = key.trim().split(/\s+/);
  return path === undefined
    ? { path: '$default', httpMethod: 'ANY' }
    : { path, httpMethod: httpMethodOf(method) };
}

function routeMethod({ logicalId, line, properties }: Resource, own: readonly Resource[]): ApiMethod[] {
  const key = text(properties, 'RouteKey');
  if (key === undefined) return [];
  const authorizationType = authorizationTypeOf(properties);
  const name = text(properties, 'AuthorizerId');
  const declared = own.find((resource) => name?.split('.')[0] === resource.logicalId);
  const hasAuthorizer = !['NONE', 'AWS_IAM'].includes(authorizationType);
  return [
    {
      logicalId,
      line,
      ...splitRouteKey(key),
      origin: 'resource',
      authorizationType,
      authorizer: hasAuthorizer
        ? {
            name: name ?? '',
            identitySources: identitySources(texts(declared?.properties ?? {}, 'IdentitySource')),
          }
        : undefined,
      apiKeyRequired: false,
      integration: integrationOfRoute(properties, own),
      methodResponses: new Map(),
    },
  ];
}

function integrationOfRoute(route: Properties, own: readonly Resource[]): Integration {
  const target = /integrations\/([^/]+)$/.exec(text(route, 'Target') ?? '')?.[1];
  const integration = own.find(({ logicalId }) => target?.split('.')[0] === logicalId)?.properties ?? {};
  return {
    ...lambdaProxy('', {}),
    type: text(integration, 'IntegrationType') ?? '',
    functionId: functionIdOf(integration, 'IntegrationUri'),
  };
}

/** A `Target` creates an integration and one route, `$default` unless RouteKey names another. */
function quickCreate({ logicalId, line, properties }: Resource): ApiMethod[] {
  if (text(properties, 'Target') === undefined) return [];
  const functionId = functionIdOf(properties, 'Target');
  return [
    {
      logicalId,
      line,
      ...splitRouteKey(text(properties, 'RouteKey') ?? '$default'),
      origin: 'resource',
      authorizationType: 'NONE',
      authorizer: undefined,
      apiKeyRequired: false,
      integration: {
        ...lambdaProxy('', {}),
        type: functionId === undefined ? 'HTTP_PROXY' : 'AWS_PROXY',
        functionId,
      },
      methodResponses: new Map(),
    },
  ];
}
