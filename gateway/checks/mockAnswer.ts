/** The answer of a MOCK integration to one request: mapped headers and those of its template. No I/O. */
import type { ApiMethod } from '../api/api';
import { headerName } from '../api/rawApi';
import { chosenResponse } from './mock';
import { renderTemplate } from './velocity';

export interface MockAnswer {
  /** By name, in lower case. */
  headers: ReadonlyMap<string, string>;
  body: string;
}

/**
 * Answers a request as API Gateway would.
 *
 * @param headers of the request, as the client spells them.
 * @throws Error where a template is no Velocity.
 */
export function answerMock(
  { integration }: ApiMethod,
  headers: Readonly<Record<string, string>>,
): MockAnswer {
  const response = chosenResponse(integration);
  const mapped = Object.entries(response?.responseParameters ?? {}).flatMap(([parameter, source]) => {
    const value = valueOf(source, headers);
    return value === undefined ? [] : [[headerName(parameter), value] as const];
  });
  const rendered = renderTemplate(response?.responseTemplates['application/json'] ?? '', headers);
  return { headers: new Map([...mapped, ...rendered.overrides]), body: rendered.body };
}

/** Literals stand in single quotes; all else names a part of the request. */
function valueOf(source: string, headers: Readonly<Record<string, string>>): string | undefined {
  const literal = /^'(.*)'$/s.exec(source)?.[1];
  if (literal !== undefined) return literal;
  const name = /^(?:method|integration)\.request\.header\.(.+)$/.exec(source)?.[1]?.toLowerCase();
  return Object.entries(headers).find(([given]) => given.toLowerCase() === name)?.[1];
}
