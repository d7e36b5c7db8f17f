/** What CloudFormation's Ref and GetAtt give of a resource, as far as it is known before it is deployed. */
import type { Resource } from './parse';

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

type Resolve = (value: unknown) => unknown;

/** Names that a resource is referred to by, where its template gives it one. */
const NAME_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Stage': 'StageName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Serverless::Function': 'FunctionName',
};

/** `Ref`: a name that the template gives, else the logical id in place of an id yet to be made. */
export function referenceTo({ logicalId, type, properties }: Resource, resolve: Resolve): unknown {
  const name = NAME_PROPERTIES[type];
  const given = name === undefined ? undefined : resolve(properties[name]);
  return typeof given === 'string' ? given : logicalId;
}

/** Services whose resources' ARNs end in the kind of the resource and its name. */
const ARNS: Readonly<Record<string, { service: string; kind: string }>> = {
  'AWS::DynamoDB::Table': { service: 'dynamodb', kind: 'table/' },
  'AWS::Lambda::Function': { service: 'lambda', kind: 'function:' },
  'AWS::Serverless::Function': { service: 'lambda', kind: 'function:' },
  'AWS::Logs::LogGroup': { service: 'logs', kind: 'log-group:' },
};

/** `Fn::GetAtt`: an ARN for what has one, else words that stand for an id yet to be made. */
export function attributeOf(
  resource: Resource,
  attribute: string,
  resolve: Resolve,
  pseudo: (name: string) => string,
): unknown {
  const arn = ARNS[resource.type];
  if (attribute !== 'Arn' || arn === undefined) return `${resource.logicalId}.${attribute}`;
  // Functions are told by their logical ids, by which the template's other parts know them.
  const name = arn.service === 'lambda' ? resource.logicalId : String(referenceTo(resource, resolve));
  const [partition, region, account] = ['AWS::Partition', 'AWS::Region', 'AWS::AccountId'].map(pseudo);
  return `arn:${partition}:${arn.service}:${region}:${account}:${arn.kind}${name}`;
}
