/** MOCK integrations: the request template says a status code, and that chooses the answer. */
import type { Integration, IntegrationResponse } from '../api/api';
import { header, isBinary, type Call, type GatewayAnswer } from './exchange';
import { GatewayFailure } from './gatewayResponse';
import { contextOf, renderTemplate, type Rendered } from './vtl';

/**
 * Answers a call of a MOCK integration.
 *
 * @throws GatewayFailure
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
export function answerMock(call: Call): GatewayAnswer {
  checkTemplates(call);
  const { integration, methodResponses } = call.method;
  const status = yieldedStatus(call);
  if (typeof status !== 'number') throw misconfigured(`the request template yields ${status}`);
  const response = chosenResponse(integration, status);
  if (response === undefined) throw misconfigured(`no integration response is for ${status}`);
  const { text, override } = attempt(() => rendered(response, call));
  const declared = methodResponses.get(response.statusCode);
  return {
    statusCode: Number(override.status ?? response.statusCode),
    headers: [
      ['Content-Type', 'application/json'],
      ['x-amzn-RequestId', call.request.requestId],
      // Only what the method response declares gets out.
      ...mappedHeaders(response, call).filter(([name]) => declared?.has(name.toLowerCase()) === true),
      ...Object.entries(override.header).map(([name, value]) => [name, String(value)] as const),
    ],
    body: Buffer.from(text.trim()),
  };
}

/** The status code that the request template yields, or words for what there is in its place. */
export function yieldedStatus(call: Call): number | string {
  const { requestTemplates } = call.method.integration;
  const template = requestTemplates[mediaTypeOf(call)];
  let text: string;
  try {
    const body = call.request.body.toString();
    text = template === undefined ? body : renderTemplate(template, call, body).text;
  } catch (error) {
    return `an error: ${(error as Error).message}`;
  }
  // API Gateway takes names without quotes too.
  const value = /["']?statusCode["']?\s*:\s*([^\s,}]+)/.exec(text)?.[1];
  if (value === undefined) return 'no statusCode';
  return /^\d{3}$/.test(value) ? Number(value) : `statusCode ${value}, which is no integer`;
}

/**
 * The response that a status code picks: one whose SelectionPattern it matches as a whole, else the one
 * without.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_IntegrationResponse.html
 */
export function chosenResponse({ responses }: Integration, status: number): IntegrationResponse | undefined {
  const matching = responses.find(({ selectionPattern: pattern = '' }) => {
    return pattern !== '' && new RegExp(`^(?:${pattern})$`).test(String(status));
  });
  return matching ?? responses.find(({ selectionPattern: pattern = '' }) => pattern === '');
}

/** The headers that a response maps, whether they are declared or not. */
export function mappedHeaders({ responseParameters }: IntegrationResponse, call: Call): [string, string][] {
  return Object.entries(responseParameters).flatMap(([parameter, source]) => {
    const value = valueOf(source, call);
    return value === undefined ? [] : [[parameter.replace('method.response.header.', ''), value]];
  });
}

/** What a response's template makes of a call. Throws where it is no Velocity. */
export function rendered({ responseTemplates }: IntegrationResponse, call: Call): Rendered {
  return renderTemplate(responseTemplates['application/json'] ?? '', call, '');
}

/** A literal in quotes, or a context variable; an integration that is a mock has nothing else to map. */
function valueOf(source: string, call: Call): string | undefined {
  const name = /^context\.(\w+)$/.exec(source)?.[1];
  if (name === undefined) return /^'(.*)'$/s.exec(source)?.[1];
  const value = (contextOf(call) as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}

/** Templates take text, and of some type: where binary media types are on, a body is none until it is converted. */
function checkTemplates(call: Call): void {
  const { contentHandling, requestTemplates, passthroughBehavior } = call.method.integration;
  const mediaType = mediaTypeOf(call);
  if (isBinary(call.api.binaryMediaTypes, mediaType) && contentHandling !== 'CONVERT_TO_TEXT') {
    throw misconfigured(`a body of ${mediaType} is binary, and the integration has no CONVERT_TO_TEXT`);
  }
  if (requestTemplates[mediaType] !== undefined) return;
  const hasOthers = Object.keys(requestTemplates).length > 0;
  if (passthroughBehavior === 'NEVER' || (passthroughBehavior === 'WHEN_NO_TEMPLATES' && hasOthers)) {
    throw new GatewayFailure('UNSUPPORTED_MEDIA_TYPE', `no request template is for ${mediaType}`);
  }
}

/** Where none is said, it counts as JSON. */
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

function misconfigured(reason: string): GatewayFailure {
  return new GatewayFailure('API_CONFIGURATION_ERROR', reason);
}
