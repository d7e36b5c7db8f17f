/** Reads integrations and gateway responses, as resources and as OpenAPI definitions write them. No I/O. */
import { KNOWN_AT_DEPLOYMENT } from '../template/unknown';
import type { GatewayResponse, Integration, IntegrationResponse } from './api';
import { number, record, records, strings, text, type Properties } from './properties';

/** The timeout of an integration without `TimeoutInMillis`. */
const DEFAULT_TIMEOUT_MS = 29_000;

/** Literals in mappings are in quotes. */
export const UNKNOWN_LITERAL = `'${KNOWN_AT_DEPLOYMENT}'`;

/** An integration without any property. */
const NONE: Integration = {
  type: '',
  functionId: undefined,
  httpMethod: undefined,
  streams: false,
  timeoutMillis: DEFAULT_TIMEOUT_MS,
  requestTemplates: {},
  passthroughBehavior: 'WHEN_NO_MATCH',
  contentHandling: undefined,
  responses: [],
};

/** An integration that is known only at deployment. */
export const UNKNOWN_INTEGRATION: Integration = { ...NONE, type: 'UNKNOWN' };

/** The integration that SAM creates for the event of a function. */
export function lambdaProxy(functionId: string, event: Properties): Integration {
  return {
    ...NONE,
    type: 'AWS_PROXY',
    functionId,
    httpMethod: 'POST',
    streams: text(event, 'ResponseTransferMode') === 'RESPONSE_STREAM',
    timeoutMillis: number(event, 'TimeoutInMillis', DEFAULT_TIMEOUT_MS),
  };
}

/** The integration that SAM creates for the event of a state machine: it starts an execution. */
export const STATE_MACHINE: Integration = { ...NONE, type: 'AWS', httpMethod: 'POST' };

/** A MOCK integration with one response. */
export function mockIntegration(responseParameters: Readonly<Record<string, string>>): Integration {
  return {
    ...NONE,
    type: 'MOCK',
    requestTemplates: { 'application/json': '{\n  "statusCode" : 200\n}\n' },
    responses: [
      {
        statusCode: '200',
        selectionPattern: undefined,
        responseParameters,
        responseTemplates: { 'application/json': '{}\n' },
      },
    ],
  };
}

/** The `Integration` of an AWS::ApiGateway::Method. */
export function integrationOfMethod(integration: Properties): Integration {
  return {
    type: text(integration, 'Type') ?? '',
    functionId: functionIdOf(integration, 'Uri'),
    httpMethod: text(integration, 'IntegrationHttpMethod'),
    streams: text(integration, 'ResponseTransferMode') === 'STREAM',
    timeoutMillis: number(integration, 'TimeoutInMillis', DEFAULT_TIMEOUT_MS),
    requestTemplates: strings(integration, 'RequestTemplates', KNOWN_AT_DEPLOYMENT),
    passthroughBehavior: text(integration, 'PassthroughBehavior') ?? 'WHEN_NO_MATCH',
    contentHandling: text(integration, 'ContentHandling'),
    responses: records(integration, 'IntegrationResponses').map((response) => ({
      statusCode: text(response, 'StatusCode') ?? '',
      selectionPattern: text(response, 'SelectionPattern'),
      responseParameters: strings(response, 'ResponseParameters', UNKNOWN_LITERAL),
      responseTemplates: strings(response, 'ResponseTemplates', KNOWN_AT_DEPLOYMENT),
    })),
  };
}

/**
 * An OpenAPI definition's `x-amazon-apigateway-integration`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
 */
export function integrationOfOperation(integration: Properties): Integration {
  return {
    type: (text(integration, 'type') ?? '').toUpperCase(),
    functionId: functionIdOf(integration, 'uri'),
    httpMethod: text(integration, 'httpMethod'),
    streams: text(integration, 'responseTransferMode') === 'STREAM',
    timeoutMillis: number(integration, 'timeoutInMillis', DEFAULT_TIMEOUT_MS),
    requestTemplates: strings(integration, 'requestTemplates', KNOWN_AT_DEPLOYMENT),
    passthroughBehavior: (text(integration, 'passthroughBehavior') ?? 'when_no_match').toUpperCase(),
    contentHandling: text(integration, 'contentHandling'),
    responses: Object.keys(record(integration, 'responses')).map((pattern) =>
      responseOfOperation(pattern, record(record(integration, 'responses'), pattern)),
    ),
  };
}

function responseOfOperation(pattern: string, response: Properties): IntegrationResponse {
  return {
    statusCode: text(response, 'statusCode') ?? '',
    selectionPattern: pattern === 'default' ? undefined : pattern,
    responseParameters: strings(response, 'responseParameters', UNKNOWN_LITERAL),
    responseTemplates: strings(response, 'responseTemplates', KNOWN_AT_DEPLOYMENT),
  };
}

/** Returns undefined if the URI does not name a function of the template. */
export function functionIdOf(properties: Properties, name: string): string | undefined {
  return /:function:([^:/]+)/.exec(text(properties, name) ?? '')?.[1];
}

/** A gateway response whose properties start with a small or a capital letter. */
export function gatewayResponseOf(response: Properties, names: 'statusCode' | 'StatusCode'): GatewayResponse {
  const name = (suffix: string) => `${names === 'statusCode' ? 'r' : 'R'}${suffix}`;
  const status = text(response, names);
  return {
    statusCode: status === undefined ? undefined : Number(status),
    responseParameters: strings(response, name('esponseParameters'), UNKNOWN_LITERAL),
    responseTemplates: strings(response, name('esponseTemplates'), KNOWN_AT_DEPLOYMENT),
  };
}
