/** Checks that a function has permission only for named actions, on its own tables. */
import { list, record, records, text, texts, type Properties } from '../api/properties';
import type { Resource } from '../template/parse';
import { finding, resourcesOf, type Rule } from './rule';

/** Rejects wildcard actions and managed policies that allow every action of a service. */
export const policyActions: Rule = (subject) =>
  resourcesOf(subject, 'AWS::Serverless::Function').flatMap((resource) => {
    const allowed = statements(resource).flatMap((statement) => stringsOf(statement, 'Action'));
    const wide = [...allowed.filter((action) => action.includes('*')), ...managedPolicies(resource)];
    return wide.map((action) =>
      finding(
        'policy-actions',
        resource,
        `its policy allows ${action}, which is more than it needs`,
        'Replace it with the actions that the function calls',
      ),
    );
  });

/** Rejects statements that apply to more than the tables of the function and their indexes. */
export const policyResources: Rule = (subject) =>
  resourcesOf(subject, 'AWS::Serverless::Function').flatMap((resource) => {
    const tables = tablesOf(resource);
    return statements(resource).flatMap((statement) => {
      const dynamodb = stringsOf(statement, 'Action').some((action) => action.startsWith('dynamodb:'));
      return stringsOf(statement, 'Resource')
        .filter((arn) => (dynamodb ? !isTable(arn, tables) : arn === '*'))
        .map((arn) =>
          finding(
            'policy-resources',
            resource,
            `its policy applies to ${arn}${tables.length > 0 ? `, but the function only uses ${tables.join(', ')}` : ''}`,
            dynamodb
              ? 'Set Resource to the ARN of the table and the same ARN followed by /index/*'
              : 'Replace * with the ARNs that the statement needs',
          ),
        );
    });
  });

function statements({ properties }: Resource): Properties[] {
  return records(properties, 'Policies')
    .flatMap((policy) => [...records(policy, 'Statement'), record(policy, 'Statement')])
    .filter((statement) => text(statement, 'Effect') === 'Allow');
}

/** Returns the managed policies that allow every action of a service. */
function managedPolicies({ properties }: Resource): string[] {
  return [properties.Policies, ...list(properties, 'Policies')]
    .filter((policy) => typeof policy === 'string')
    .filter((policy) => /(?:FullAccess|AdministratorAccess|PowerUserAccess)$/.test(policy));
}

/** `Action` and `Resource` are one string or a list of strings. */
function stringsOf(statement: Properties, name: string): string[] {
  return texts(statement, name);
}

function tablesOf({ properties }: Resource): string[] {
  const variables = record(record(properties, 'Environment'), 'Variables');
  const names = [text(variables, 'TABLE_NAME'), ...(text(variables, 'ALLOWED_TABLES')?.split(',') ?? [])];
  return names.flatMap((name) => name?.trim() ?? []).filter((name) => name !== '');
}

function isTable(arn: string, tables: readonly string[]): boolean {
  const name = /^arn:[\w-]+:dynamodb:[\w-]+:\w+:table\/([\w.-]+)(?:\/index\/(?:\*|[\w.-]+))?$/.exec(arn)?.[1];
  return name !== undefined && (tables.length === 0 || tables.includes(name));
}
