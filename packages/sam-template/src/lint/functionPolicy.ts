/** A function may do what it is for: named actions, on the tables that it is told of. */
import { list, record, records, text, type Properties } from '../api/properties';
import type { Resource } from '../template/parse';
import { finding, resourcesOf, type Rule } from './finding';

/** No action stands for more than itself. */
export const policyActions: Rule = (subject) =>
  resourcesOf(subject, 'AWS::Serverless::Function').flatMap((resource) => {
    const allowed = statements(resource).flatMap((statement) => many(statement, 'Action'));
    const wide = [...allowed.filter((action) => action.includes('*')), ...managedPolicies(resource)];
    return wide.map((action) =>
      finding(
        'policy-actions',
        resource,
        `its policy allows ${action}`,
        'Name the actions: dynamodb:Scan and dynamodb:DescribeTable',
      ),
    );
  });

/** No statement reaches beyond the function's tables and their indexes. */
export const policyResources: Rule = (subject) =>
  resourcesOf(subject, 'AWS::Serverless::Function').flatMap((resource) => {
    const tables = tablesOf(resource);
    return statements(resource).flatMap((statement) => {
      const dynamodb = many(statement, 'Action').some((action) => action.startsWith('dynamodb:'));
      return many(statement, 'Resource')
        .filter((arn) => (dynamodb ? !isTable(arn, tables) : arn === '*'))
        .map((arn) =>
          finding(
            'policy-resources',
            resource,
            `its policy reaches ${arn}${tables.length > 0 ? `, but its tables are ${tables.join(', ')}` : ''}`,
            'Name the ARN of the table, and that ARN with /index/*',
          ),
        );
    });
  });

function statements({ properties }: Resource): Properties[] {
  return records(properties, 'Policies')
    .flatMap((policy) => [...records(policy, 'Statement'), record(policy, 'Statement')])
    .filter((statement) => text(statement, 'Effect') === 'Allow');
}

/** Of the policies that AWS keeps, those that allow everything of a service. */
function managedPolicies({ properties }: Resource): string[] {
  return [properties.Policies, ...list(properties, 'Policies')]
    .filter((policy) => typeof policy === 'string')
    .filter((policy) => /(?:FullAccess|AdministratorAccess|PowerUserAccess)$/.test(policy));
}

/** `Action` and `Resource` hold one string or several. */
function many(statement: Properties, name: string): string[] {
  return [statement[name] ?? []].flat().map(String);
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
