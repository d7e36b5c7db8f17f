/** Checks resources against CloudFormation's specification: property names, types, allowed and required values. */
import type { Property } from '@aws-cdk/service-spec-types';
import type { Resource } from '../template/parse';
import { finding, type Rule, type TemplateFinding } from './rule';
import { propertyIssues } from './propertyTypes';
import { FUNCTION_PROPERTIES } from './functionProperties';
import { loadSpecification } from './specificationDatabase';

export const specification: Rule = ({ resolved }) => resolved.resources.flatMap(checkResource);

function checkResource(resource: Resource): TemplateFinding[] {
  const properties = propertiesOf(resource.type);
  if (properties === undefined) {
    if (!IN_SPECIFICATION.test(resource.type)) return [];
    const message = `${resource.type} is not a CloudFormation resource type`;
    return [finding('specification', resource, message, 'Correct the Type of the resource')];
  }
  return propertyIssues(loadSpecification(), properties, resource.properties).map(({ path, reason, fix }) =>
    finding('specification', resource, `${path}: ${reason}`, fix),
  );
}

/** Custom types are not in the specification, and its SAM types are outdated. */
const IN_SPECIFICATION = /^AWS::(?!Serverless::|CloudFormation::CustomResource$)/;

function propertiesOf(type: string): Readonly<Record<string, Property>> | undefined {
  if (type === 'AWS::Serverless::Function') return FUNCTION_PROPERTIES;
  if (!IN_SPECIFICATION.test(type)) return undefined;
  return loadSpecification().lookup('resource', 'cloudFormationType', 'equals', type)[0]?.properties;
}
