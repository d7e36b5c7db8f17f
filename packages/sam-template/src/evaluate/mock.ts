/** MOCK integrations: the request template returns a status code, and that selects the response. */
import type { Integration, IntegrationResponse } from '../api/api';
import { header, isBinary, type Call, type GatewayResult } from './gatewayRequest';
import { GatewayError } from './gatewayResponse';
import { contextOf, renderTemplate, type Rendered } from './vtl';

/**
 * Returns the response of a MOCK integration.
 *
 * @throws GatewayError
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
export function evaluateMock(call: Call): GatewayResult {
  checkTemplates(call);
  const { integration, methodResponses } = call.method;
  const status = mockStatusOf(call);
  if (typeof status !== 'number') throw misconfigured(`the request template returns ${status}`);
  const response = chosenResponse(integration, status);
  if (response === undefined) throw misconfigured(`no integration response matches ${status}`);
  const { text, override } = attempt(() => renderResponse(response, call));
  const declared = methodResponses.get(response.statusCode);
  return {
    statusCode: Number(override.status ?? response.statusCode),
    headers: [
      ['Content-Type', 'application/json'],
      ['x-amzn-RequestId', call.request.requestId],
      // Only headers that the method response declares are sent.
      ...mappedHeaders(response, call).filter(([name]) => declared?.has(name.toLowerCase()) === true),
      ...Object.entries(override.header).map(([name, value]) => [name, String(value)] as const),
    ],
    body: Buffer.from(text.trim()),
  };
}

/** Returns the status code of the request template, or a description of what it returns instead. */
export function mockStatusOf(call: Call): number | string {
  const { requestTemplates } = call.method.integration;
  const template = requestTemplates[mediaTypeOf(call)];
  let text: string;
  try {
    const body = call.request.body.toString();
    text = template === undefined ? body : renderTemplate(template, call, body).text;
  } catch (error) {
    return `an error: ${(error as Error).message}`;
  }
  // API Gateway accepts names without quotes too.
  const value = /["']?statusCode["']?\s*:\s*([^\s,}]+)/.exec(text)?.[1];
  if (value === undefined) return 'no statusCode';
  return /^\d{3}$/.test(value) ? Number(value) : `statusCode ${value}, which is not an integer`;
}

/**
 * Returns the response for a status code: the first whose SelectionPattern matches it completely, otherwise the
 * one without a pattern.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_IntegrationResponse.html
 */
export function chosenResponse({ responses }: Integration, status: number): IntegrationResponse | undefined {
  const matching = responses.find(({ selectionPattern: pattern = '' }) => {
    return pattern !== '' && new RegExp(`^(?:${pattern})$`).test(String(status));
  });
  return matching ?? responses.find(({ selectionPattern: pattern = '' }) => pattern === '');
}

/** Returns the headers that a response maps, whether they are declared or not. */
export function mappedHeaders({ responseParameters }: IntegrationResponse, call: Call): [string, string][] {
  return Object.entries(responseParameters).flatMap(([parameter, source]) => {
    const value = valueOf(source, call);
    return value === undefined ? [] : [[parameter.replace('method.response.header.', ''), value]];
  });
}

/** Renders the template of a response. Throws if it is not valid Velocity. */
export function renderResponse({ responseTemplates }: IntegrationResponse, call: Call): Rendered {
  return renderTemplate(responseTemplates['application/json'] ?? '', call, '');
}

/** Returns a literal in quotes or a context variable. A MOCK integration has nothing else to map. */
function valueOf(source: string, call: Call): string | undefined {
  const name = /^context\.(\w+)$/.exec(source)?.[1];
  if (name === undefined) return /^'(.*)'$/s.exec(source)?.[1];
  const value = (contextOf(call) as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}

/** Templates need text of a matching type. With binary media types, a body is binary until it is converted. */
function checkTemplates(call: Call): void {
  const { contentHandling, requestTemplates, passthroughBehavior } = call.method.integration;
  const mediaType = mediaTypeOf(call);
  if (isBinary(call.api.binaryMediaTypes, mediaType) && contentHandling !== 'CONVERT_TO_TEXT') {
    throw misconfigured(`a body of type ${mediaType} is binary, and the integration has no CONVERT_TO_TEXT`);
  }
  if (requestTemplates[mediaType] !== undefined) return;
  const hasOthers = Object.keys(requestTemplates).length > 0;
  if (passthroughBehavior === 'NEVER' || (passthroughBehavior === 'WHEN_NO_TEMPLATES' && hasOthers)) {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', `there is no request template for ${mediaType}`);
  }
}

/** A request without Content-Type counts as JSON. */
function mediaTypeOf({ request }: Call): string {
  const [mediaType = ''] = (header(request, 'Content-Type') ?? 'application/json').split(';');
  return mediaType.trim().toLowerCase();
}

function attempt<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw misconfigured(`the mapping template fails: ${(error as Error).message}`);
  }
}

function misconfigured(reason: string): GatewayError {
  return new GatewayError('API_CONFIGURATION_ERROR', reason);
}
