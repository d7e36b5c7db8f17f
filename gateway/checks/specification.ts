/** Properties by CloudFormation's own specification: names, types, values, and what is required. */
import type { SpecDatabase } from '@aws-cdk/service-spec-types';
import type { Resource } from '../template/parse';
import { finding, type Check, type Finding } from './finding';
import { faultsOf } from './propertyTypes';
import { loadSpecification } from './serverlessTypes';

export const specification: Check = ({ resolved }) => {
  const database = loadSpecification();
  return resolved.resources.flatMap((resource) => specified(database, resource));
};

function specified(database: SpecDatabase, resource: Resource): Finding[] {
  const [type] = database.lookup('resource', 'cloudFormationType', 'equals', resource.type);
  // Resources of one's own making have types that no specification knows.
  if (type === undefined && /^Custom::|^AWS::CloudFormation::CustomResource$/.test(resource.type)) return [];
  if (type === undefined) {
    const mend = 'Take a type that CloudFormation or SAM knows';
    return [finding('specification', resource, `there is no type ${resource.type}`, mend)];
  }
  return faultsOf(database, type.properties, resource.properties).map(({ path, reason, mend }) =>
    finding('specification', resource, `${path}: ${reason}`, mend),
  );
}
