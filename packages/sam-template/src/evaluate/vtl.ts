/** Renders mapping templates: VTL with the variables of API Gateway. */
import { render } from 'velocityjs';
import { header, type Call } from './gatewayRequest';
import { JAVA_STRING_METHODS } from '../template/javaStrings';

export interface Rendered {
  text: string;
  /** The values that the template has set in `$context.responseOverride`. */
  override: { status?: unknown; header: Record<string, unknown> };
}

/** A template uses a feature that is not emulated. */
class UnsupportedTemplateError extends Error {
  override name = 'UnsupportedTemplateError';
}

/**
 * Renders a mapping template.
 *
 * @throws UnsupportedTemplateError, or the error of velocityjs for an invalid template.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function renderTemplate(template: string, call: Call, body: string): Rendered {
  const override: Rendered['override'] = { header: {} };
  const context = {
    input: inputOf(call, body),
    context: { ...contextOf(call), responseOverride: override },
    stageVariables: {},
    util: UTIL,
  };
  const text = render(template, context, undefined, { customMethodHandlers: JAVA_STRING_METHODS });
  return { text, override };
}

function inputOf(call: Call, body: string) {
  const { request, pathParameters } = call;
  const parameters = {
    header: Object.fromEntries(request.headers),
    querystring: Object.fromEntries(request.query),
    path: pathParameters,
  };
  const json = (path: string) => jsonAt(path, body);
  return {
    body,
    params: (name?: string) =>
      name === undefined
        ? parameters
        : (pathParameters[name] ?? request.query.get(name) ?? header(request, name) ?? ''),
    path: json,
    json: (path: string) => JSON.stringify(json(path)),
  };
}

/** Returns the emulated part of `$context`. */
export function contextOf({ api, method, request }: Call) {
  return {
    apiId: api.logicalId,
    httpMethod: request.method,
    path: request.path,
    requestId: request.requestId,
    resourcePath: method.path,
    stage: api.stage,
    identity: { sourceIp: request.sourceIp, userAgent: header(request, 'User-Agent') ?? '' },
  };
}

/** Evaluates the part of JSONPath that names one position, for example `$.a.b[0]`. */
function jsonAt(path: string, body: string): unknown {
  if (!/^\$(?:\.\w+|\[\d+\]|\['[^']*'\])*$/.test(path)) {
    throw new UnsupportedTemplateError(`the JSONPath ${path} is not emulated`);
  }
  const steps = [...path.matchAll(/\.(\w+)|\[(\d+)\]|\['([^']*)'\]/g)].map((step) => step.slice(1).join(''));
  let value: unknown = body === '' ? {} : JSON.parse(body);
  for (const step of steps) value = (value as Record<string, unknown> | null)?.[step];
  return value ?? '';
}

const UTIL = {
  escapeJavaScript: (text: string) => JSON.stringify(text).slice(1, -1).replaceAll("'", "\\'"),
  parseJson: (text: string): unknown => JSON.parse(text),
  urlEncode: encodeURIComponent,
  urlDecode: decodeURIComponent,
  base64Encode: (text: string) => Buffer.from(text).toString('base64'),
  base64Decode: (text: string) => Buffer.from(text, 'base64').toString(),
};
