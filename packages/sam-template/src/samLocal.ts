/**
 * Predicts which routes `sam local start-api` serves. It uses one provider, and the first API resource in the file
 * decides which one. No I/O.
 */
import type { Api, ApiMethod } from './api/api';
import type { Resource } from './template/parse';

/** Resource types that decide the provider. https://github.com/aws/aws-sam-cli: samcli/lib/providers, TYPES */
const SERVERLESS = /^AWS::Serverless::(?:Function|Api|HttpApi)$/;
const RAW =
  /^AWS::ApiGateway::(?:RestApi|Stage|Resource|Method|Authorizer)$|^AWS::ApiGatewayV2::(?:Api|Integration|Route|Stage|Authorizer)$/;

/** Returns the resource that decides the provider, and the provider; undefined if there is no API resource. */
export function samLocalProvider(
  resources: readonly Resource[],
): { first: Resource; kind: 'serverless' | 'raw' } | undefined {
  const first = resources.find(({ type }) => SERVERLESS.test(type) || RAW.test(type));
  return first && { first, kind: RAW.test(first.type) ? 'raw' : 'serverless' };
}

interface SamLocalDifference {
  method: ApiMethod;
  reason: string;
}

/** Returns the routes of the template for which `sam local` returns 403 "Missing Authentication Token". */
export function samLocalRejections(
  resources: readonly Resource[],
  apis: readonly Api[],
): SamLocalDifference[] {
  const provider = samLocalProvider(resources);
  if (provider === undefined) return [];
  const { first, kind } = provider;
  const ignored = apis.filter(
    ({ declaredBy }) => (declaredBy === 'CloudFormation') === (kind === 'serverless'),
  );
  return ignored.flatMap(({ methods }) =>
    methods.map((method) => ({
      method,
      reason:
        kind === 'serverless'
          ? `${first.logicalId} (${first.type}, line ${first.line}) comes before ${method.logicalId}`
          : `${first.logicalId} (${first.type}, line ${first.line}) comes first, so sam local ignores the events of functions`,
    })),
  );
}
