/**
 * What `sam local start-api` would do with a template: it takes the routes of one provider, and which one
 * the first resource of an API in the file decides. No I/O.
 */
import type { Api, ApiMethod } from './api/api';
import type { Resource } from './template/parse';

/** Where `sam local` finds routes. https://github.com/aws/aws-sam-cli: samcli/lib/providers, their TYPES */
const SERVERLESS = /^AWS::Serverless::(?:Function|Api|HttpApi)$/;
const RAW =
  /^AWS::ApiGateway::(?:RestApi|Stage|Resource|Method|Authorizer)$|^AWS::ApiGatewayV2::(?:Api|Integration|Route|Stage|Authorizer)$/;

/** The resource that decides, and for which kind; undefined where there is none of either. */
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

/** The routes that are here, and to which `sam local` answers 403 "Missing Authentication Token". */
export function samLocalRefusals(
  resources: readonly Resource[],
  rawApis: readonly Api[],
  serverlessApis: readonly Api[],
): SamLocalDifference[] {
  const provider = samLocalProvider(resources);
  if (provider === undefined) return [];
  const { first, kind } = provider;
  const ignored = kind === 'serverless' ? rawApis : serverlessApis;
  return ignored.flatMap(({ methods }) =>
    methods.map((method) => ({
      method,
      reason:
        kind === 'serverless'
          ? `${first.logicalId} (${first.type}, line ${first.line}) comes before ${method.logicalId}`
          : `${first.logicalId} (${first.type}, line ${first.line}) comes first, and then events of functions do not count`,
    })),
  );
}
