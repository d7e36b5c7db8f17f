/** Evaluates CloudFormation's Ref and GetAtt, as far as their values are known before the deployment. */
import type { Resource } from './parse';
import { Unknown } from './unknown';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
export function pseudoParameters(region: string, accountId: string): Record<string, unknown> {
  return {
    'AWS::AccountId': accountId,
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': 'stack',
    'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/stack/0`,
    'AWS::NotificationARNs': [],
  };
}

export function isPseudoParameter(name: string): boolean {
  return name.startsWith('AWS::') && name !== 'AWS::NoValue';
}

type Resolve = (value: unknown) => unknown;

/** The property that names a resource in references. */
const NAME_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Stage': 'StageName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Serverless::Function': 'FunctionName',
};

/** Evaluates `Ref`: the explicit name, or the logical id as a placeholder for the generated one. */
export function referenceTo({ logicalId, type, properties }: Resource, resolve: Resolve): unknown {
  const name = NAME_PROPERTIES[type];
  const given = name === undefined ? undefined : resolve(properties[name]);
  return typeof given === 'string' ? given : logicalId;
}

/** Resources whose ARN ends with their kind and name. */
const ARNS: Readonly<Record<string, { service: string; kind: string }>> = {
  'AWS::DynamoDB::Table': { service: 'dynamodb', kind: 'table/' },
  'AWS::Lambda::Function': { service: 'lambda', kind: 'function:' },
  'AWS::Serverless::Function': { service: 'lambda', kind: 'function:' },
  'AWS::Logs::LogGroup': { service: 'logs', kind: 'log-group:' },
};

/** Attributes that identify a resource, or that other parts of the template use as text. */
const IDENTIFIERS = /(?:Arn|Id|Name|Ref)$/;

/** Evaluates `Fn::GetAtt`: an ARN, a placeholder for an identifier, or an unknown value. */
export function attributeOf(
  resource: Resource,
  attribute: string,
  resolve: Resolve,
  pseudo: (name: string) => string,
): unknown {
  const arn = ARNS[resource.type];
  if (attribute !== 'Arn' || arn === undefined) {
    return IDENTIFIERS.test(attribute)
      ? `${resource.logicalId}.${attribute}`
      : new Unknown(`${resource.logicalId}.${attribute} is known at deployment`);
  }
  // The other parts of the template identify functions by their logical ids.
  const name = arn.service === 'lambda' ? resource.logicalId : String(referenceTo(resource, resolve));
  const [partition, region, account] = ['AWS::Partition', 'AWS::Region', 'AWS::AccountId'].map(pseudo);
  return `arn:${partition}:${arn.service}:${region}:${account}:${arn.kind}${name}`;
}
