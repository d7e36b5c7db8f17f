/** Reads the REST APIs that a template declares with `AWS::ApiGateway::*` resources. */
import type { Resource } from '../template/parse';
import type { ResolvedTemplate } from '../template/resolve';
import type { Api, ApiMethod, GatewayResponse, Integration, IntegrationResponse } from './api';
import { flag, list, number, record, records, strings, text, type Properties } from './properties';

/** The timeout of an integration without `TimeoutInMillis`. */
export const DEFAULT_TIMEOUT_MS = 29_000;

export function rawApis({ resources }: ResolvedTemplate): Api[] {
  return ofType(resources, 'AWS::ApiGateway::RestApi').map(({ logicalId, properties }) => {
    const own = resources.filter((resource) => text(resource.properties, 'RestApiId') === logicalId);
    return {
      logicalId,
      stage: stageOf(own),
      binaryMediaTypes: list(properties, 'BinaryMediaTypes').map(String),
      methods: ofType(own, 'AWS::ApiGateway::Method').flatMap((method) => methodOf(method, own, logicalId)),
      gatewayResponses: new Map(ofType(own, 'AWS::ApiGateway::GatewayResponse').map(gatewayResponseOf)),
    };
  });
}

function ofType(resources: readonly Resource[], type: string): Resource[] {
  return resources.filter((resource) => resource.type === type);
}

/** Returns the stage's name. A Deployment with a StageName creates a stage too. */
function stageOf(own: readonly Resource[]): string {
  const stages = own.filter(({ type }) => /^AWS::ApiGateway::(?:Stage|Deployment)$/.test(type));
  const names = stages.map(({ properties }) => text(properties, 'StageName'));
  return names.find((name) => name !== undefined) ?? 'prod';
}

function methodOf(
  { logicalId, line, properties }: Resource,
  own: readonly Resource[],
  api: string,
): ApiMethod[] {
  const path = pathOf(text(properties, 'ResourceId') ?? '', own, api);
  if (path === undefined) return [];
  return [
    {
      logicalId,
      line,
      path,
      httpMethod: text(properties, 'HttpMethod') ?? 'ANY',
      authorizationType: text(properties, 'AuthorizationType') ?? 'NONE',
      apiKeyRequired: flag(properties, 'ApiKeyRequired'),
      integration: integrationOf(record(properties, 'Integration')),
      methodResponses: new Map(
        records(properties, 'MethodResponses').map((response) => [
          text(response, 'StatusCode') ?? '',
          new Set(Object.keys(record(response, 'ResponseParameters')).map(headerName)),
        ]),
      ),
    },
  ];
}

/** Returns undefined if the resource is not below the root, or is below itself. */
function pathOf(
  id: string,
  own: readonly Resource[],
  api: string,
  below: readonly string[] = [],
): string | undefined {
  if (id === `${api}.RootResourceId`) return '/';
  const resource = own.find(
    ({ type, logicalId }) =>
      type === 'AWS::ApiGateway::Resource' && [logicalId, `${logicalId}.ResourceId`].includes(id),
  );
  if (resource === undefined || below.includes(resource.logicalId)) return undefined;
  const parentId = text(resource.properties, 'ParentId') ?? '';
  const parent = pathOf(parentId, own, api, [...below, resource.logicalId]);
  return parent && `${parent === '/' ? '' : parent}/${text(resource.properties, 'PathPart') ?? ''}`;
}

/** Returns the `X` of `method.response.header.X`, in lower case. */
export function headerName(parameter: string): string {
  return parameter.split('.').slice(-1).join('').toLowerCase();
}

function integrationOf(integration: Properties): Integration {
  const uri = text(integration, 'Uri') ?? '';
  return {
    type: text(integration, 'Type') ?? '',
    functionId: /:function:([^:/]+)/.exec(uri)?.[1],
    streams: text(integration, 'ResponseTransferMode') === 'STREAM',
    timeoutMillis: number(integration, 'TimeoutInMillis', DEFAULT_TIMEOUT_MS),
    requestTemplates: strings(integration, 'RequestTemplates'),
    passthroughBehavior: text(integration, 'PassthroughBehavior') ?? 'WHEN_NO_MATCH',
    contentHandling: text(integration, 'ContentHandling'),
    responses: records(integration, 'IntegrationResponses').map(integrationResponseOf),
  };
}

function integrationResponseOf(response: Properties): IntegrationResponse {
  return {
    statusCode: text(response, 'StatusCode') ?? '',
    selectionPattern: text(response, 'SelectionPattern'),
    responseParameters: strings(response, 'ResponseParameters'),
    responseTemplates: strings(response, 'ResponseTemplates'),
  };
}

function gatewayResponseOf({ properties }: Resource): [string, GatewayResponse] {
  const status = text(properties, 'StatusCode');
  return [
    text(properties, 'ResponseType') ?? '',
    {
      statusCode: status === undefined ? undefined : Number(status),
      responseParameters: strings(properties, 'ResponseParameters'),
      responseTemplates: strings(properties, 'ResponseTemplates'),
    },
  ];
}
