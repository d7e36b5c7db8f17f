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
    const similar = IN_SPECIFICATION.test(resource.type) ? similarType(resource.type) : undefined;
    if (similar === undefined) return [];
    const message = `${resource.type} is not a CloudFormation resource type`;
    return [finding('specification', resource, message, `Set the Type to ${similar}`)];
  }
  const isPackaged = (path: string) =>
    path === PACKAGED[resource.type] && typeof resource.properties[path] === 'string';
  const issues = propertyIssues(loadSpecification(), properties, resource.properties);
  return issues
    .filter(({ path }) => !isPackaged(path))
    .map(({ path, reason, fix }) => finding('specification', resource, `${path}: ${reason}`, fix));
}

/**
 * Properties that can be a local path, which `aws cloudformation package` and `sam build` upload and replace.
 *
 * @see https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
 */
const PACKAGED: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::RestApi': 'BodyS3Location',
  'AWS::ElasticBeanstalk::ApplicationVersion': 'SourceBundle',
  'AWS::Lambda::Function': 'Code',
  'AWS::Lambda::LayerVersion': 'Content',
  'AWS::StepFunctions::StateMachine': 'DefinitionS3Location',
};

/** Custom types are not in the specification, and its SAM types are outdated. */
const IN_SPECIFICATION = /^AWS::(?!Serverless::|CDK::|CloudFormation::(?:CustomResource|Macro)$)/;

/** Returns the existing type that was probably meant. Other types can be newer than the specification. */
function similarType(type: string): string | undefined {
  const [, service = '', name = ''] = type.split('::');
  return [...loadSpecification().all('resource')]
    .map(({ cloudFormationType }) => cloudFormationType)
    .filter((known) => known.startsWith(`AWS::${service}::`))
    .find((known) => isSimilar(known.slice(`AWS::${service}::`.length), name));
}

/** Whether one name is the other without some letters at one place, or differs in the order or case of letters. */
function isSimilar(known: string, name: string): boolean {
  const letters = (text: string) => Array.from(text.toLowerCase()).sort().join('');
  if (letters(known) === letters(name)) return true;
  const [longer, shorter] = known.length > name.length ? [known, name] : [name, known];
  if (shorter.length < 4 || longer.length - shorter.length > 3) return false;
  return Array.from({ length: shorter.length + 1 }, (_value, at) => at).some(
    (at) => longer.startsWith(shorter.slice(0, at)) && longer.endsWith(shorter.slice(at)),
  );
}

function propertiesOf(type: string): Readonly<Record<string, Property>> | undefined {
  if (type === 'AWS::Serverless::Function') return FUNCTION_PROPERTIES;
  if (!IN_SPECIFICATION.test(type)) return undefined;
  return loadSpecification().lookup('resource', 'cloudFormationType', 'equals', type)[0]?.properties;
}
