/** Properties by CloudFormation's own specification: names, types, values, and what is required. */
import type { Property } from '@aws-cdk/service-spec-types';
import type { Resource } from '../template/parse';
import { finding, type Rule, type TemplateFinding } from './finding';
import { faultsOf } from './propertyTypes';
import { FUNCTION_PROPERTIES } from './serverlessFunction';
import { loadSpecification } from './specificationDatabase';

export const specification: Rule = ({ resolved }) => resolved.resources.flatMap(specified);

function specified(resource: Resource): TemplateFinding[] {
  const properties = propertiesOf(resource.type);
  if (properties === undefined) {
    if (!IN_SPECIFICATION.test(resource.type)) return [];
    const mend = 'Take a type that CloudFormation or SAM knows';
    return [finding('specification', resource, `there is no type ${resource.type}`, mend)];
  }
  return faultsOf(loadSpecification(), properties, resource.properties).map(({ path, reason, mend }) =>
    finding('specification', resource, `${path}: ${reason}`, mend),
  );
}

/** Types of one's own making are in no specification, and SAM's are there in an old form. */
const IN_SPECIFICATION = /^AWS::(?!Serverless::|CloudFormation::CustomResource$)/;

function propertiesOf(type: string): Readonly<Record<string, Property>> | undefined {
  if (type === 'AWS::Serverless::Function') return FUNCTION_PROPERTIES;
  if (!IN_SPECIFICATION.test(type)) return undefined;
  return loadSpecification().lookup('resource', 'cloudFormationType', 'equals', type)[0]?.properties;
}
