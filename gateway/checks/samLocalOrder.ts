/** What `sam local start-api` ignores: it serves the first kind of API in the template, and no other. */
import { record } from '../api/properties';
import type { Resource } from '../template/parse';
import { finding, type Check } from './finding';

/** https://github.com/aws/aws-sam-cli: find_api_provider in samcli/lib/providers/api_provider.py, and its TYPES */
const SERVERLESS = /^AWS::Serverless::(?:Function|Api|HttpApi)$/;
const RAW =
  /^AWS::ApiGateway::(?:RestApi|Stage|Resource|Method|Authorizer)$|^AWS::ApiGatewayV2::(?:Api|Integration|Route|Stage|Authorizer)$/;

export const samLocalOrder: Check = ({ template: { resources } }) => {
  const first = resources.find(({ type }) => SERVERLESS.test(type) || RAW.test(type));
  if (first === undefined) return [];
  if (RAW.test(first.type)) {
    return resources.filter(hasApiEvents).map((resource) => {
      const reason = `sam local ignores its Events, because ${first.logicalId}, an ${first.type}, stands before it`;
      return finding('sam-local-order', resource, reason, 'Declare its methods as AWS::ApiGateway::Method');
    });
  }
  const ignored = resources.filter(({ type }) => type === 'AWS::ApiGateway::Method');
  if (ignored.length === 0) return [];
  const names = ignored.map(({ logicalId }) => logicalId).join(', ');
  const reason = `sam local ignores ${names}, because this ${first.type} stands before the API: OPTIONS gets 403`;
  return [finding('sam-local-order', first, reason, 'Move it behind the AWS::ApiGateway resources')];
};

function hasApiEvents({ type, properties }: Resource): boolean {
  if (type !== 'AWS::Serverless::Function') return false;
  const events = Object.values(record(properties, 'Events')) as { Type?: unknown }[];
  return events.some(({ Type }) => Type === 'Api' || Type === 'HttpApi');
}
