/** Checks the attributes of a resource, for example that properties do not stand beside Properties. */
import type { Resource } from '../template/parse';
import { finding, type Rule, type TemplateFinding } from './rule';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-product-attribute-reference.html */
const ATTRIBUTES = [
  'Type',
  'Properties',
  'Condition',
  'CreationPolicy',
  'DeletionPolicy',
  'DependsOn',
  'Description',
  'Metadata',
  'UpdatePolicy',
  'UpdateReplacePolicy',
  'Version',
];

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-connector-embedded-connectors.html */
const SAM_ATTRIBUTES = ['Connectors', 'IgnoreGlobals'];

export const resourceAttributes: Rule = ({ template }) =>
  template.macros.length > 0
    ? []
    : template.resources.flatMap((resource) => [...missingType(resource), ...unknownAttributes(resource)]);

function missingType(resource: Resource): TemplateFinding[] {
  if (resource.type !== '') return [];
  return [
    finding(
      'resource-attributes',
      resource,
      'its Type is missing or is not text',
      'Set Type to a resource type',
    ),
  ];
}

function unknownAttributes(resource: Resource): TemplateFinding[] {
  const isSam = resource.type.startsWith('AWS::Serverless::');
  return resource.attributes
    .filter((name) => ![...ATTRIBUTES, ...SAM_ATTRIBUTES].includes(name) && !name.startsWith('Fn::'))
    .map((name) => {
      const effect = isSam ? 'SAM ignores it' : 'CloudFormation does not accept it';
      const message = `${name} stands beside Properties, where ${effect}`;
      const found = finding(
        'resource-attributes',
        resource,
        message,
        `Indent ${name} so that it is in Properties`,
      );
      return isSam && !API_PROPERTIES.test(name) ? { ...found, severity: 'warning' } : found;
    });
}

/** Without these properties, an API is another one. */
const API_PROPERTIES = /^(?:Events|Cors|CorsConfiguration|Auth|GatewayResponses|Definition(?:Body|Uri))$/;
