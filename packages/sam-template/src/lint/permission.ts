/** Checks that API Gateway has permission to call the function. Without it every request returns 500. */
import { record, text } from '../api/properties';
import type { Api } from '../api/api';
import type { Resource } from '../template/parse';
import { finding, resourcesOf, type Rule } from './rule';

export const permission: Rule = (subject) => {
  const permissions = resourcesOf(subject, 'AWS::Lambda::Permission');
  return subject.apis.flatMap((api) =>
    subject.resolved.resources
      .filter((resource) =>
        api.methods.some(({ integration }) => integration.functionId === resource.logicalId),
      )
      .filter((lambda) => !isCalledByRole(lambda, subject.resolved.resources))
      .filter((lambda) => !permissions.some((statement) => permits(statement, lambda, api)))
      .map((lambda) => {
        const message = `no AWS::Lambda::Permission allows ${api.logicalId} to call this function, so every request returns 500`;
        const fix =
          'Add an AWS::Lambda::Permission with Principal: apigateway.amazonaws.com and the SourceArn of the API';
        return finding('permission', lambda, message, fix);
      }),
  );
};

/** Assumed if Action is missing: the rule `specification` already reports that. */
const DEFAULT_ACTION = 'lambda:InvokeFunction';

function permits({ properties }: Resource, lambda: Resource, api: Api): boolean {
  const name = text(properties, 'FunctionName')?.split(':').at(-1);
  const source = text(properties, 'SourceArn');
  return (
    (name === lambda.logicalId || name === text(lambda.properties, 'FunctionName')) &&
    /^lambda:(?:InvokeFunction|\*)$/.test(text(properties, 'Action') ?? DEFAULT_ACTION) &&
    text(properties, 'Principal') === 'apigateway.amazonaws.com' &&
    (source === undefined || source.split(/[:/]/).some((part) => part === api.logicalId || part === '*'))
  );
}

/** With Credentials the integration calls the function as an IAM role, which needs no Lambda permission. */
function isCalledByRole(lambda: Resource, resources: readonly Resource[]): boolean {
  const integrations = resources
    .map(({ properties }) => record(properties, 'Integration'))
    .filter((integration) => text(integration, 'Uri')?.includes(`:function:${lambda.logicalId}/`));
  return integrations.every((integration) => 'Credentials' in integration);
}
