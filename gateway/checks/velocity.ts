/** Mapping templates, rendered as API Gateway does. No I/O. */
import { render } from 'velocityjs';
import { JAVA_STRING_METHODS } from '../template/javaStrings';

/** What a template can see of a request, and what it leaves behind. */
export interface Rendered {
  body: string;
  /** Headers of the answer that it sets, in lower case. */
  overrides: Map<string, string>;
}

/**
 * Renders a template for a request.
 *
 * @param headers as the client spells them.
 * @throws Error where the template is no Velocity.
 */
export function renderTemplate(template: string, headers: Readonly<Record<string, string>>): Rendered {
  const header: Record<string, unknown> = {};
  const context = { responseOverride: { header } };
  const body = render(template, { context, input: inputOf(headers) }, undefined, {
    customMethodHandlers: JAVA_STRING_METHODS,
  });
  const overrides = Object.entries(header).map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  return { body, overrides: new Map(overrides) };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html */
function inputOf(headers: Readonly<Record<string, string>>) {
  const value = (name: string) => (Object.hasOwn(headers, name) ? headers[name] : '');
  const none = { keySet: () => [], get: () => '' };
  const all = { header: { keySet: () => Object.keys(headers), get: value }, querystring: none, path: none };
  return {
    params: (name?: string) => (name === undefined ? all : value(name)),
    body: '',
    json: () => '""',
    path: () => '',
  };
}
