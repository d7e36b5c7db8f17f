/** Lists the features of a template that the gateway does not emulate. No I/O. */
import {
  record,
  text,
  type Api,
  type ApiMethod,
  type Resource,
  type TemplateModel,
  unknownProperties,
} from 'sam-template';
import type { LambdaFunction } from './lambda/lambdaFunction';

/** Returns one note for each feature that is not emulated, with the logical ID of its resource. */
export function notEmulated(
  resources: readonly Resource[],
  { apis, notExamined }: TemplateModel,
  functions: readonly LambdaFunction[],
): string[] {
  const served = apis.filter(({ kind }) => kind === 'REST');
  return [
    ...new Set([
      ...resources.flatMap(resourceNotes),
      ...apis.filter(({ kind }) => kind !== 'REST').flatMap(otherApiNotes),
      ...notExamined.map(({ logicalId, message }) => `${logicalId}: not served: ${message}`),
      ...served.flatMap(({ methods }) => methods.flatMap(methodNotes)),
      ...served.flatMap(guardNotes),
      ...served.flatMap(stageNotes),
      ...functions.flatMap(functionNotes),
    ]),
  ];
}

const REASONS: readonly (readonly [type: RegExp, reason: string])[] = [
  [/^AWS::ApiGateway::(?:UsagePlan|ApiKey|UsagePlanKey)$/, 'quotas and throttling are not emulated'],
  [/^AWS::ApiGateway::(?:RequestValidator|Model)$/, 'requests are not validated'],
  [
    /^AWS::(?:ApiGateway::(?:DomainName|BasePathMapping)|CloudFront::|WAFv2::)/,
    'not emulated: requests do not pass through it',
  ],
];

/** Properties that have a note of their own. */
const NOTED = /^(?:MinimumCompressionSize|Variables)$/;

function resourceNotes(resource: Resource): string[] {
  const { logicalId, type, properties } = resource;
  const notes = REASONS.filter(([pattern]) => pattern.test(type)).map(([, reason]) => reason);
  if (type === 'AWS::Serverless::WebSocketApi' || text(properties, 'ProtocolType') === 'WEBSOCKET') {
    notes.push('WebSocket APIs are not served');
  }
  if (text(properties, 'MinimumCompressionSize') !== undefined) notes.push('responses are not compressed');
  if (Object.keys(record(properties, 'Variables')).length > 0) notes.push('stage variables are empty');
  const others = unknownProperties(resource).filter((name) => !NOTED.test(name));
  if (notes.length === 0 && others.length > 0) notes.push(`not emulated: ${others.join(', ')}`);
  return notes.map((note) => `${logicalId}: ${note}`);
}

/** In AWS each API has its own host. Here only the stage identifies the API. */
function stageNotes({ logicalId, stage }: Api, at: number, all: readonly Api[]): string[] {
  const first = all.slice(0, at).find((other) => other.stage === stage);
  return first === undefined
    ? []
    : [`${logicalId}: not reachable, because ${first.logicalId} has the same stage ${stage}`];
}

function otherApiNotes({ kind, logicalId, methods }: Api): string[] {
  if (kind === 'FUNCTION_URL') return [`${logicalId}: function URLs are not served`];
  const routes = methods.map(({ httpMethod, path }) => `${httpMethod} ${path}`);
  return [`${logicalId}: HTTP APIs are not served: ${routes.join(', ')}`];
}

/** Says how the gateway treats credentials, once for each API. */
function guardNotes({ logicalId, methods }: Api): string[] {
  const notes = methods.flatMap(({ authorizationType, authorizer, apiKeyRequired }) => [
    ...(authorizationType === 'AWS_IAM' ? ['signatures are not checked: any signature is accepted'] : []),
    ...(authorizer === undefined
      ? []
      : [`the authorizer ${authorizer.name} does not run: ${acceptedRequests(authorizer)}`]),
    ...(apiKeyRequired ? ['API keys are not checked: any X-Api-Key is accepted'] : []),
  ]);
  return [...new Set(notes)].map((note) => `${logicalId}: ${note}`);
}

function acceptedRequests({ identitySources }: NonNullable<ApiMethod['authorizer']>): string {
  return identitySources.length > 0
    ? 'any token is accepted'
    : 'it has no identity source, so every request is accepted';
}

function methodNotes({ logicalId, integration }: ApiMethod): string[] {
  const notes: string[] = [];
  if (!['MOCK', 'AWS_PROXY'].includes(integration.type)) {
    notes.push(`integrations of type ${integration.type || 'none'} return 500`);
  }
  if (integration.type === 'AWS_PROXY' && integration.functionId === undefined) {
    notes.push('its Uri does not name a function of this template: it returns 500');
  }
  return notes.map((note) => `${logicalId}: ${note}`);
}

function functionNotes({ logicalId, runtime }: LambdaFunction): string[] {
  const version = process.versions.node.split('.')[0] ?? '';
  // The build rejects other runtimes. Without one, it is known only at deployment.
  if (!runtime.startsWith('nodejs') || runtime === `nodejs${version}.x`) return [];
  return [`${logicalId}: runs on the local Node.js ${version} instead of ${runtime}`];
}
