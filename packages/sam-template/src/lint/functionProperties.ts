/** Lists the properties of AWS::Serverless::Function. CloudFormation's own specification of it is outdated. */
import type { Property, PropertyType } from '@aws-cdk/service-spec-types';

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html */
const NAMES_BY_TYPE: Readonly<Record<'string' | 'integer' | 'boolean' | 'json', readonly string[]>> = {
  string: [
    'AutoPublishAlias',
    'AutoPublishCodeSha256',
    'CodeSigningConfigArn',
    'Description',
    'FunctionName',
    'Handler',
    'ImageUri',
    'InlineCode',
    'KmsKeyArn',
    'PackageType',
    'PermissionsBoundary',
    'RecursiveLoop',
    'Role',
    'RolePath',
    'Runtime',
    'SourceKMSKeyArn',
    'Tracing',
    'VersionDescription',
  ],
  integer: ['MemorySize', 'ReservedConcurrentExecutions', 'Timeout'],
  boolean: ['AutoPublishAliasAllProperties', 'PropagateTags', 'PublishToLatestPublished'],
  json: [
    'AssumeRolePolicyDocument',
    'CapacityProviderConfig',
    'CodeUri',
    'DeadLetterQueue',
    'DeploymentPreference',
    'DurableConfig',
    'Environment',
    'EphemeralStorage',
    'EventInvokeConfig',
    'Events',
    'FileSystemConfigs',
    'FunctionScalingConfig',
    'FunctionUrlConfig',
    'ImageConfig',
    'Layers',
    'LoggingConfig',
    'Policies',
    'ProvisionedConcurrencyConfig',
    'RuntimeManagementConfig',
    'SnapStart',
    'Tags',
    'TenancyConfig',
    'VersionDeletionPolicy',
    'VpcConfig',
  ],
};

const ARCHITECTURES: PropertyType = {
  type: 'array',
  element: { type: 'string', allowedValues: ['arm64', 'x86_64'] },
};

export const FUNCTION_PROPERTIES: Readonly<Record<string, Property>> = Object.fromEntries([
  ...Object.entries(NAMES_BY_TYPE).flatMap(([type, names]) =>
    names.map((name) => [name, { type: { type } as PropertyType }] as const),
  ),
  ['Architectures', { type: ARCHITECTURES }] as const,
]);
