/** Finds methods that `sam local start-api` ignores. It only serves the kind of API that the template declares first. */
import { record } from '../api/properties';
import { samLocalProvider } from '../samLocal';
import type { Resource } from '../template/parse';
import { finding, type Rule } from './rule';

export const samLocalOrder: Rule = ({ template: { resources, file } }) => {
  // The first resource of the outermost template decides for nested applications too.
  if (file !== undefined) return [];
  const provider = samLocalProvider(resources);
  if (provider === undefined) return [];
  const { first, kind } = provider;
  if (kind === 'raw') {
    return resources.filter(hasApiEvents).map((resource) => {
      const message = `sam local ignores the Events of this function, because ${first.logicalId} (${first.type}) comes first in the template`;
      const fix = 'Replace its Events with AWS::ApiGateway::Method resources';
      return finding('sam-local-order', resource, message, fix);
    });
  }
  const ignored = resources.filter(({ type }) => type === 'AWS::ApiGateway::Method');
  if (ignored.length === 0) return [];
  const names = ignored.map(({ logicalId }) => logicalId).join(', ');
  const message = `sam local ignores ${names}, because this ${first.type} comes before them in the template; preflights get 403`;
  const fix = 'Move this resource below the AWS::ApiGateway resources';
  return [finding('sam-local-order', first, message, fix)];
};

function hasApiEvents({ type, properties }: Resource): boolean {
  if (type !== 'AWS::Serverless::Function') return false;
  const events = Object.values(record(properties, 'Events')) as { Type?: unknown }[];
  return events.some(({ Type }) => Type === 'Api' || Type === 'HttpApi');
}
