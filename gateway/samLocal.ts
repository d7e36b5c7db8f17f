/**
 * What `sam local start-api` would do with a template: it takes the routes of one provider, and which one
 * the first resource of an API in the file decides. No I/O.
 */
import type { Api, ApiMethod } from './api/api';
import type { Resource } from './template/parse';

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
  const first = resources.find(({ type }) => /^AWS::(?:Serverless|ApiGateway)::/.test(type));
  if (first === undefined) return [];
  const isServerless = first.type.startsWith('AWS::Serverless::');
  const ignored = isServerless ? rawApis : serverlessApis;
  return ignored.flatMap(({ methods }) =>
    methods.map((method) => ({
      method,
      reason: isServerless
        ? `${first.logicalId} (${first.type}, line ${first.line}) comes before ${method.logicalId}`
        : `${first.logicalId} (${first.type}, line ${first.line}) comes first, and then events of functions do not count`,
    })),
  );
}
