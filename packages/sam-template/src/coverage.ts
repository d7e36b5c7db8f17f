/**
 * Lists every property of SAM and API Gateway resources, and says which of them are emulated or examined. A test compares the list with
 * CloudFormation's specification, so that no property is ignored unnoticed.
 */
import { record, text, type Properties } from './api/properties';
import type { Resource } from './template/parse';

/** Whether the model and the gateway support a property. */
export type Coverage =
  /** The model contains it, and the gateway behaves accordingly. */
  | 'emulated'
  /** The model contains it, and the linter and the doctor examine it. The gateway does not act on it. */
  | 'examined'
  /** It can change a response, but neither the model nor the gateway knows it. */
  | 'notEmulated'
  /** It does not change the response to a request. */
  | 'noEffect';

/** Names that are separated by spaces. */
type Names = Partial<Record<Coverage, string>>;

export const COVERAGE: Readonly<Record<string, Names>> = {
  'AWS::Serverless::Api': {
    emulated:
      'Auth BinaryMediaTypes Cors DefinitionBody DefinitionUri GatewayResponses MergeDefinitions StageName',
    notEmulated:
      'ApiKeySourceType CacheClusterEnabled CacheClusterSize CanarySetting DisableExecuteApiEndpoint Domain EndpointAccessMode EndpointConfiguration MethodSettings MinimumCompressionSize Models Policy SecurityPolicy Variables',
    noEffect:
      'AccessLogSetting AlwaysDeploy Description FailOnWarnings Mode Name OpenApiVersion PropagateTags Tags TracingEnabled',
  },
  'AWS::Serverless::Api Auth': {
    emulated:
      'AddApiKeyRequiredToCorsPreflight AddDefaultAuthorizerToCorsPreflight ApiKeyRequired Authorizers DefaultAuthorizer',
    notEmulated: 'InvokeRole ResourcePolicy UsagePlan',
  },
  'AWS::Serverless::HttpApi': {
    examined: 'Auth CorsConfiguration DefinitionBody DefinitionUri StageName',
    notEmulated: 'DefaultRouteSettings DisableExecuteApiEndpoint Domain RouteSettings StageVariables',
    noEffect: 'AccessLogSetting AccessLogSettings Description FailOnWarnings Name PropagateTags Tags',
  },
  'AWS::Serverless::HttpApi Auth': {
    examined: 'Authorizers DefaultAuthorizer EnableIamAuthorizer',
  },
  'Event of type Api': {
    emulated: 'Auth Method Path ResponseTransferMode RestApiId TimeoutInMillis',
    notEmulated: 'RequestModel RequestParameters UnescapeMappingTemplate',
  },
  'Event of type HttpApi': {
    examined: 'ApiId Auth Method Path',
    notEmulated: 'PayloadFormatVersion RouteSettings TimeoutInMillis',
  },
  'AWS::Serverless::Application': {
    emulated: 'Location Parameters',
    noEffect: 'NotificationArns Tags TimeoutInMinutes',
  },
  'AWS::ApiGateway::Account': { noEffect: 'CloudWatchRoleArn' },
  'AWS::ApiGateway::ApiKey': {
    notEmulated: 'CustomerId Enabled GenerateDistinctId StageKeys Value',
    noEffect: 'Description Name Tags',
  },
  'AWS::ApiGateway::Authorizer': {
    emulated: 'IdentitySource RestApiId Type',
    notEmulated:
      'AuthorizerCredentials AuthorizerResultTtlInSeconds AuthorizerUri IdentityValidationExpression ProviderARNs',
    noEffect: 'AuthType Name',
  },
  'AWS::ApiGateway::BasePathMapping': { notEmulated: 'BasePath DomainName Id RestApiId Stage' },
  'AWS::ApiGateway::BasePathMappingV2': { notEmulated: 'BasePath DomainNameArn RestApiId Stage' },
  'AWS::ApiGateway::ClientCertificate': { noEffect: 'Description Tags' },
  'AWS::ApiGateway::Deployment': {
    emulated: 'RestApiId StageName',
    notEmulated: 'DeploymentCanarySettings StageDescription',
    noEffect: 'Description',
  },
  'AWS::ApiGateway::DocumentationPart': { noEffect: 'Location Properties RestApiId' },
  'AWS::ApiGateway::DocumentationVersion': { noEffect: 'Description DocumentationVersion RestApiId' },
  'AWS::ApiGateway::DomainName': {
    notEmulated:
      'CertificateArn DomainName EndpointAccessMode EndpointConfiguration MutualTlsAuthentication OwnershipVerificationCertificateArn RegionalCertificateArn RoutingMode SecurityPolicy',
    noEffect: 'Tags',
  },
  'AWS::ApiGateway::DomainNameAccessAssociation': {
    notEmulated: 'AccessAssociationSource AccessAssociationSourceType DomainNameArn',
    noEffect: 'Tags',
  },
  'AWS::ApiGateway::DomainNameV2': {
    notEmulated:
      'CertificateArn DomainName EndpointAccessMode EndpointConfiguration Policy RoutingMode SecurityPolicy',
    noEffect: 'Tags',
  },
  'AWS::ApiGateway::GatewayResponse': {
    emulated: 'ResponseParameters ResponseTemplates ResponseType RestApiId StatusCode',
  },
  'AWS::ApiGateway::Method': {
    emulated:
      'ApiKeyRequired AuthorizationType AuthorizerId HttpMethod Integration MethodResponses ResourceId RestApiId',
    notEmulated: 'AuthorizationScopes RequestModels RequestParameters RequestValidatorId',
    noEffect: 'OperationName',
  },
  'AWS::ApiGateway::Model': { notEmulated: 'ContentType Name RestApiId Schema', noEffect: 'Description' },
  'AWS::ApiGateway::RequestValidator': {
    notEmulated: 'RestApiId ValidateRequestBody ValidateRequestParameters',
    noEffect: 'Name',
  },
  'AWS::ApiGateway::Resource': { emulated: 'ParentId PathPart RestApiId' },
  'AWS::ApiGateway::RestApi': {
    emulated: 'BinaryMediaTypes Body BodyS3Location',
    notEmulated:
      'ApiKeySourceType CloneFrom DisableExecuteApiEndpoint EndpointAccessMode EndpointConfiguration MinimumCompressionSize Parameters Policy SecurityPolicy',
    noEffect: 'Description FailOnWarnings Mode Name Tags Version',
  },
  'AWS::ApiGateway::Stage': {
    emulated: 'DeploymentId RestApiId StageName',
    notEmulated:
      'CacheClusterEnabled CacheClusterSize CanarySetting ClientCertificateId MethodSettings Variables',
    noEffect: 'AccessLogSetting Description DocumentationVersion Tags TracingEnabled',
  },
  'AWS::ApiGateway::UsagePlan': {
    notEmulated: 'ApiStages Quota Throttle',
    noEffect: 'Description Tags UsagePlanName',
  },
  'AWS::ApiGateway::UsagePlanKey': { notEmulated: 'KeyId KeyType UsagePlanId' },
  'AWS::ApiGateway::VpcLink': { notEmulated: 'TargetArns', noEffect: 'Description Name Tags' },
  'AWS::ApiGatewayV2::Api': {
    examined: 'Body BodyS3Location CorsConfiguration ProtocolType RouteKey Target',
    notEmulated:
      'ApiKeySelectionExpression BasePath CredentialsArn DisableExecuteApiEndpoint DisableSchemaValidation IpAddressType RouteSelectionExpression',
    noEffect: 'Description FailOnWarnings Name Tags Version',
  },
  'AWS::ApiGatewayV2::ApiGatewayManagedOverrides': { notEmulated: 'ApiId Integration Route Stage' },
  'AWS::ApiGatewayV2::ApiMapping': { notEmulated: 'ApiId ApiMappingKey DomainName Stage' },
  'AWS::ApiGatewayV2::Authorizer': {
    examined: 'ApiId IdentitySource',
    notEmulated:
      'AuthorizerCredentialsArn AuthorizerPayloadFormatVersion AuthorizerResultTtlInSeconds AuthorizerType AuthorizerUri EnableSimpleResponses IdentityValidationExpression JwtConfiguration',
    noEffect: 'Name',
  },
  'AWS::ApiGatewayV2::Deployment': { notEmulated: 'ApiId StageName', noEffect: 'Description' },
  'AWS::ApiGatewayV2::DomainName': {
    notEmulated: 'DomainName DomainNameConfigurations MutualTlsAuthentication RoutingMode',
    noEffect: 'Tags',
  },
  'AWS::ApiGatewayV2::Integration': {
    examined: 'ApiId IntegrationType IntegrationUri',
    notEmulated:
      'ConnectionId ConnectionType ContentHandlingStrategy CredentialsArn IntegrationMethod IntegrationSubtype PassthroughBehavior PayloadFormatVersion RequestParameters RequestTemplates ResponseParameters TemplateSelectionExpression TimeoutInMillis TlsConfig',
    noEffect: 'Description',
  },
  'AWS::ApiGatewayV2::IntegrationResponse': {
    notEmulated:
      'ApiId ContentHandlingStrategy IntegrationId IntegrationResponseKey ResponseParameters ResponseTemplates TemplateSelectionExpression',
  },
  'AWS::ApiGatewayV2::Model': { notEmulated: 'ApiId ContentType Name Schema', noEffect: 'Description' },
  'AWS::ApiGatewayV2::PortalProduct': { noEffect: 'Description DisplayName Tags' },
  'AWS::ApiGatewayV2::Route': {
    examined: 'ApiId AuthorizationType AuthorizerId RouteKey Target',
    notEmulated:
      'ApiKeyRequired AuthorizationScopes ModelSelectionExpression RequestModels RequestParameters RouteResponseSelectionExpression',
    noEffect: 'OperationName',
  },
  'AWS::ApiGatewayV2::RouteResponse': {
    notEmulated: 'ApiId ModelSelectionExpression ResponseModels ResponseParameters RouteId RouteResponseKey',
  },
  'AWS::ApiGatewayV2::RoutingRule': { notEmulated: 'Actions Conditions DomainNameArn Priority' },
  'AWS::ApiGatewayV2::Stage': {
    examined: 'ApiId StageName',
    notEmulated:
      'AccessPolicyId ClientCertificateId DefaultRouteSettings DeploymentId RouteSettings StageVariables',
    noEffect: 'AccessLogSettings AutoDeploy Description Tags',
  },
  'AWS::ApiGatewayV2::VpcLink': { notEmulated: 'SecurityGroupIds SubnetIds', noEffect: 'Name Tags' },
};

/** Returns the coverage of a property; undefined if the list does not contain it. */
export function coverageOf(type: string, property: string): Coverage | undefined {
  const entries = Object.entries(COVERAGE[type] ?? {}) as [Coverage, string][];
  return entries.find(([, names]) => names.split(' ').includes(property))?.[0];
}

/**
 * Returns the properties of a resource that can change a response, but that neither the model nor the gateway knows,
 * for example `Auth.ResourcePolicy`.
 */
export function unknownProperties({ type, properties }: Resource): string[] {
  const auth = `${type} Auth` in COVERAGE ? unknownNames(`${type} Auth`, record(properties, 'Auth')) : [];
  const events = record(properties, 'Events');
  return [
    ...unknownNames(type, properties),
    ...auth.map((name) => `Auth.${name}`),
    ...Object.keys(events).flatMap((event) => {
      const declared = record(events, event);
      const kind = `Event of type ${text(declared, 'Type') ?? ''}`;
      return unknownNames(kind, record(declared, 'Properties')).map((name) => `Events.${event}.${name}`);
    }),
  ];
}

function unknownNames(type: string, properties: Properties): string[] {
  return Object.keys(properties).filter((name) => coverageOf(type, name) === 'notEmulated');
}

const HEADINGS: readonly (readonly [Coverage, string])[] = [
  ['emulated', 'emulated'],
  ['examined', 'examined, not served'],
  ['notEmulated', 'neither'],
  ['noEffect', 'no effect on responses'],
];

/** Returns the list as a table in Markdown. */
export function coverageTable(): string {
  const rows = Object.entries(COVERAGE).map(([type, names]) => [
    `\`${type}\``,
    ...HEADINGS.map(([coverage]) => names[coverage]?.split(' ').join(', ') ?? ''),
  ]);
  const head = ['resource', ...HEADINGS.map(([, heading]) => heading)];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}
