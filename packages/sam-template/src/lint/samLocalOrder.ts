/** What `sam local start-api` ignores: it serves the first kind of API in the template, and no other. */
import { record } from '../api/properties';
import { samLocalProvider } from '../samLocal';
import type { Resource } from '../template/parse';
import { finding, type Rule } from './finding';

export const samLocalOrder: Rule = ({ template: { resources } }) => {
  const provider = samLocalProvider(resources);
  if (provider === undefined) return [];
  const { first, kind } = provider;
  if (kind === 'raw') {
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
