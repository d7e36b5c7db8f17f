/** MOCK integrations: the request template says a status code, and that chooses the answer. */
import type { IntegrationResponse } from './api/api';
import { headerName } from './api/rawApi';
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
  const { integration } = call.method;
  const response = chooseResponse(integration.responses, statusOf(call));
  const rendered = render(response.responseTemplates['application/json'] ?? '', call, '');
  const body = Buffer.from(rendered.text.trim());
  return {
    statusCode: Number(rendered.override.status ?? response.statusCode),
    headers: [
      ['Content-Type', 'application/json'],
      ['x-amzn-RequestId', call.request.requestId],
      ...mappedHeaders(response, call),
      ...Object.entries(rendered.override.header).map(([name, value]) => [name, String(value)] as const),
    ],
    body,
  };
}

function statusOf(call: Call): string {
  const body = textBody(call);
  const template = templateFor(call);
  const text = template === undefined ? body : render(template, call, body).text;
  const said = parseJson(text);
  if (!Number.isInteger(said)) {
    throw new GatewayFailure('API_CONFIGURATION_ERROR', 'the request template yields no integer statusCode');
  }
  return String(said);
}

function parseJson(text: string): unknown {
  try {
    return (JSON.parse(text) as { statusCode?: unknown }).statusCode;
  } catch {
    return undefined;
  }
}

/** Templates take text: where binary media types are on, a body is none until it is converted. */
function textBody({ api, method, request }: Call): string {
  const mediaType = header(request, 'Content-Type') ?? 'application/json';
  if (isBinary(api.binaryMediaTypes, mediaType) && method.integration.contentHandling !== 'CONVERT_TO_TEXT') {
    const reason = `a body of ${mediaType} is binary, and the integration has no CONVERT_TO_TEXT`;
    throw new GatewayFailure('API_CONFIGURATION_ERROR', reason);
  }
  return request.body.toString();
}

function templateFor({ method, request }: Call): string | undefined {
  const { requestTemplates, passthroughBehavior } = method.integration;
  const [mediaType = ''] = (header(request, 'Content-Type') ?? 'application/json').split(';');
  const template = requestTemplates[mediaType.trim().toLowerCase()];
  if (template !== undefined) return template;
  const hasOthers = Object.keys(requestTemplates).length > 0;
  if (passthroughBehavior === 'NEVER' || (passthroughBehavior === 'WHEN_NO_TEMPLATES' && hasOthers)) {
    throw new GatewayFailure('UNSUPPORTED_MEDIA_TYPE', `no request template is for ${mediaType}`);
  }
  return undefined;
}

/** The pattern that matches the whole status, else the response without one. */
function chooseResponse(responses: readonly IntegrationResponse[], status: string): IntegrationResponse {
  const matching = responses.find(({ selectionPattern: pattern }) => {
    return pattern !== undefined && pattern !== '' && new RegExp(`^(?:${pattern})$`).test(status);
  });
  const response = matching ?? responses.find(({ selectionPattern: pattern }) => (pattern ?? '') === '');
  if (response === undefined) {
    throw new GatewayFailure('API_CONFIGURATION_ERROR', `no integration response is for ${status}`);
  }
  return response;
}

/** Only what the method response declares gets out. */
function mappedHeaders(
  { statusCode, responseParameters }: IntegrationResponse,
  call: Call,
): [string, string][] {
  const declared = call.method.methodResponses.get(statusCode);
  return Object.entries(responseParameters).flatMap(([parameter, source]) => {
    const value = valueOf(source, call);
    if (value === undefined || declared?.has(headerName(parameter)) !== true) return [];
    return [[parameter.replace('method.response.header.', ''), value]];
  });
}

/** A literal in quotes, or a context variable; an integration that is a mock has nothing else to map. */
function valueOf(source: string, call: Call): string | undefined {
  const name = /^context\.(\w+)$/.exec(source)?.[1];
  if (name === undefined) return /^'(.*)'$/s.exec(source)?.[1];
  const value = (contextOf(call) as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}

function render(template: string, call: Call, body: string): Rendered {
  try {
    return renderTemplate(template, call, body);
  } catch (error) {
    throw new GatewayFailure(
      'API_CONFIGURATION_ERROR',
      `the mapping template fails: ${(error as Error).message}`,
    );
  }
}
