/** What of a template the emulated gateway does not do, said before anyone relies on it. */
import { record, text } from 'sam-template';
import type { Api, ApiMethod } from 'sam-template';
import type { LambdaFunction } from './lambda/lambdaFunction';
import type { Resource } from 'sam-template';

/** One sentence for each thing that is left out, with the resource it stands in. */
export function notEmulated(
  resources: readonly Resource[],
  apis: readonly Api[],
  functions: readonly LambdaFunction[],
): string[] {
  return [
    ...resources.flatMap(resourceNotes),
    ...apis.flatMap(({ methods }) => methods.flatMap(methodNotes)),
    ...apis.flatMap(stageNotes),
    ...functions.flatMap(functionNotes),
  ];
}

const REASONS: readonly (readonly [type: RegExp, reason: string])[] = [
  [
    /^AWS::ApiGatewayV2::|^AWS::Serverless::HttpApi$/,
    'HTTP and WebSocket APIs are not served, REST APIs alone',
  ],
  [/^AWS::ApiGateway::Authorizer$/, 'authorizers are not run: a request with any token passes'],
  [/^AWS::ApiGateway::(?:UsagePlan|ApiKey|UsagePlanKey)$/, 'keys are not compared: any X-Api-Key passes'],
  [/^AWS::ApiGateway::(?:RequestValidator|Model)$/, 'requests are not validated'],
  [/^AWS::(?:ApiGateway::(?:DomainName|BasePathMapping)|CloudFront::|WAFv2::)/, 'it is not in the way'],
];

function resourceNotes({ logicalId, type, properties }: Resource): string[] {
  const notes = REASONS.filter(([pattern]) => pattern.test(type)).map(([, reason]) => reason);
  if (type === 'AWS::ApiGateway::RestApi' && (properties.Body ?? properties.BodyS3Location) !== undefined) {
    notes.push('what its OpenAPI Body declares is not served');
  }
  if (
    type === 'AWS::Serverless::Api' &&
    (properties.DefinitionBody ?? properties.DefinitionUri) !== undefined
  ) {
    notes.push('what its OpenAPI definition declares is not served');
  }
  if (text(properties, 'MinimumCompressionSize') !== undefined) notes.push('answers are not compressed');
  if (Object.keys(record(properties, 'Variables')).length > 0) notes.push('stage variables are empty');
  return notes.map((note) => `${logicalId}: ${note}`);
}

/** APIs have hosts of their own in AWS; here the stage is all that tells them apart. */
function stageNotes({ logicalId, stage }: Api, at: number, all: readonly Api[]): string[] {
  const first = all.slice(0, at).find((other) => other.stage === stage);
  return first === undefined ? [] : [`${logicalId}: ${first.logicalId} has its stage ${stage} here`];
}

function methodNotes({ logicalId, integration, authorizationType }: ApiMethod): string[] {
  const notes: string[] = [];
  if (!['MOCK', 'AWS_PROXY'].includes(integration.type)) {
    notes.push(`integrations of type ${integration.type || 'none'} answer 500`);
  }
  if (integration.type === 'AWS_PROXY' && integration.functionId === undefined) {
    notes.push('its Uri names no function of this template: it answers 500');
  }
  if (authorizationType === 'AWS_IAM') notes.push('signatures are not checked: any passes');
  return notes.map((note) => `${logicalId}: ${note}`);
}

function functionNotes({ logicalId, runtime }: LambdaFunction): string[] {
  const version = process.versions.node.split('.')[0] ?? '';
  if (!runtime.startsWith('nodejs')) return [`${logicalId}: ${runtime} does not run here, nodejs alone`];
  if (runtime === `nodejs${version}.x`) return [];
  return [`${logicalId}: runs on this machine's Node.js ${version}, not on ${runtime}`];
}
