/** Finds the method of an API for a request. */
import type { Api, ApiMethod } from './api';

export interface Route {
  method: ApiMethod;
  /** Decoded. */
  pathParameters: Record<string, string>;
}

/**
 * Finds a request's method as API Gateway does: on the most specific path that matches. Literal segments come before
 * parameters, and these before `{proxy+}`. If that path does not have the method, a REST API tries no other path; an
 * HTTP API does, and `$default` comes last.
 *
 * @param path without the stage, still encoded.
 */
export function route(api: Api, httpMethod: string, path: string): Route | undefined {
  const paths = [...new Set(api.methods.map((method) => method.path))].sort(bySpecificity);
  for (const template of paths) {
    const pathParameters = template === '$default' ? {} : matchPath(template, path);
    if (pathParameters === undefined) continue;
    const here = api.methods.filter((method) => method.path === template);
    const method =
      here.find((candidate) => candidate.httpMethod === httpMethod) ??
      here.find((candidate) => candidate.httpMethod === 'ANY');
    if (method !== undefined) return { method, pathParameters };
    if (api.kind === 'REST') return undefined;
  }
  return undefined;
}

function matchPath(template: string, path: string): Record<string, string> | undefined {
  const names: string[] = [];
  const pattern = template.split('/').map((segment) => {
    const parameter = /^\{([^}+]+)(\+?)\}$/.exec(segment);
    if (parameter === null) return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    names.push(parameter[1] ?? '');
    return parameter[2] === '+' ? '(.+)' : '([^/]+)';
  });
  const values = new RegExp(`^${pattern.join('/')}$`).exec(path)?.slice(1);
  return values && Object.fromEntries(names.map((name, at) => [name, decode(values[at] ?? '')]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Compares segment by segment. If one path is the beginning of the other, the longer one is more specific. */
function bySpecificity(left: string, right: string): number {
  const [ranks, others] = [left, right].map((path) => path.split('/').map(rank).join(''));
  return (ranks ?? '') < (others ?? '') ? -1 : 1;
}

function rank(segment: string): number {
  if (segment === '$default') return 4;
  if (segment.endsWith('+}')) return 3;
  return segment.startsWith('{') ? 2 : 1;
}
