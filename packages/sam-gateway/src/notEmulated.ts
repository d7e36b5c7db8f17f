/** Lists the features of a template that the gateway does not emulate. No I/O. */
import { record, text, type Api, type ApiMethod, type Resource } from 'sam-template';
import type { LambdaFunction } from './lambda/lambdaFunction';

/** Returns one note for each feature that is not emulated, with the logical ID of its resource. */
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
    'HTTP and WebSocket APIs are not served, only REST APIs',
  ],
  [/^AWS::ApiGateway::Authorizer$/, 'authorizers do not run: any token is accepted'],
  [
    /^AWS::ApiGateway::(?:UsagePlan|ApiKey|UsagePlanKey)$/,
    'API keys are not checked: any X-Api-Key is accepted',
  ],
  [/^AWS::ApiGateway::(?:RequestValidator|Model)$/, 'requests are not validated'],
  [
    /^AWS::(?:ApiGateway::(?:DomainName|BasePathMapping)|CloudFront::|WAFv2::)/,
    'not emulated: requests do not pass through it',
  ],
];

function resourceNotes({ logicalId, type, properties }: Resource): string[] {
  const notes = REASONS.filter(([pattern]) => pattern.test(type)).map(([, reason]) => reason);
  if (type === 'AWS::ApiGateway::RestApi' && (properties.Body ?? properties.BodyS3Location) !== undefined) {
    notes.push('the methods of its OpenAPI Body are not served');
  }
  if (
    type === 'AWS::Serverless::Api' &&
    (properties.DefinitionBody ?? properties.DefinitionUri) !== undefined
  ) {
    notes.push('the methods of its OpenAPI definition are not served');
  }
  if (text(properties, 'MinimumCompressionSize') !== undefined) notes.push('responses are not compressed');
  if (Object.keys(record(properties, 'Variables')).length > 0) notes.push('stage variables are empty');
  return notes.map((note) => `${logicalId}: ${note}`);
}

/** In AWS each API has its own host. Here only the stage identifies the API. */
function stageNotes({ logicalId, stage }: Api, at: number, all: readonly Api[]): string[] {
  const first = all.slice(0, at).find((other) => other.stage === stage);
  return first === undefined
    ? []
    : [`${logicalId}: not reachable, because ${first.logicalId} has the same stage ${stage}`];
}

function methodNotes({ logicalId, integration, authorizationType }: ApiMethod): string[] {
  const notes: string[] = [];
  if (!['MOCK', 'AWS_PROXY'].includes(integration.type)) {
    notes.push(`integrations of type ${integration.type || 'none'} return 500`);
  }
  if (integration.type === 'AWS_PROXY' && integration.functionId === undefined) {
    notes.push('its Uri does not name a function of this template: it returns 500');
  }
  if (authorizationType === 'AWS_IAM') notes.push('signatures are not checked: any signature is accepted');
  return notes.map((note) => `${logicalId}: ${note}`);
}

function functionNotes({ logicalId, runtime }: LambdaFunction): string[] {
  const version = process.versions.node.split('.')[0] ?? '';
  // The build rejects other runtimes. Without one, it is known only at deployment.
  if (!runtime.startsWith('nodejs') || runtime === `nodejs${version}.x`) return [];
  return [`${logicalId}: runs on the local Node.js ${version} instead of ${runtime}`];
}
