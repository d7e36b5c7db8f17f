/** API Gateway may call the function: else every request is a 500. */
import { record, text } from '../api/properties';
import type { Api } from '../api/api';
import type { Resource } from '../template/parse';
import { finding, resourcesOf, type Rule } from './finding';

export const permission: Rule = (subject) => {
  const permissions = resourcesOf(subject, 'AWS::Lambda::Permission');
  return subject.apis.flatMap((api) =>
    subject.resolved.resources
      .filter((resource) =>
        api.methods.some(({ integration }) => integration.functionId === resource.logicalId),
      )
      .filter((called) => !isCalledByRole(called, subject.resolved.resources))
      .filter((called) => !permissions.some((given) => permits(given, called, api)))
      .map((called) => {
        const reason = `no AWS::Lambda::Permission lets ${api.logicalId} call it: every request gets 500`;
        const mend = 'Add one with Principal apigateway.amazonaws.com and the SourceArn of the API';
        return finding('permission', called, reason, mend);
      }),
  );
};

/** Where there is none, that is for the specification to say. */
const ONLY_ACTION = 'lambda:InvokeFunction';

function permits({ properties }: Resource, called: Resource, api: Api): boolean {
  const name = text(properties, 'FunctionName')?.split(':').at(-1);
  const source = text(properties, 'SourceArn');
  return (
    (name === called.logicalId || name === text(called.properties, 'FunctionName')) &&
    /^lambda:(?:InvokeFunction|\*)$/.test(text(properties, 'Action') ?? ONLY_ACTION) &&
    text(properties, 'Principal') === 'apigateway.amazonaws.com' &&
    (source === undefined || source.split(/[:/]/).some((part) => part === api.logicalId || part === '*'))
  );
}

/** With Credentials the integration calls as a role, and the function need not permit it. */
function isCalledByRole(called: Resource, resources: readonly Resource[]): boolean {
  const calling = resources
    .map(({ properties }) => record(properties, 'Integration'))
    .filter((integration) => text(integration, 'Uri')?.includes(`:function:${called.logicalId}/`));
  return calling.every((integration) => 'Credentials' in integration);
}
