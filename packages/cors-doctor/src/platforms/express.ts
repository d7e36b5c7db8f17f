/** Express, with or without the cors package. */
import { lacksOrigin, type Evidence } from '../evidence';
import type { Finding } from 'sam-template';
import { finding } from '../finding';
import { headerOf, listContains } from '../headers';
import { requirementsOf, type CorsRequirements } from '../corsRequirements';
import type { Platform } from './platform';

export const express: Platform = {
  name: 'Express',
  matches: (response) => headerOf(response, 'x-powered-by')?.toLowerCase() === 'express',
  explain(evidence) {
    return [...blocked(evidence), ...shadowedHandler(evidence)];
  },
};

function blocked(evidence: Evidence): Finding[] {
  const { diagnosis, request } = evidence;
  if (diagnosis.verdict !== 'blocked') return [];
  const after = request !== undefined && request.status >= 400 && lacksOrigin(evidence);
  return [
    finding(
      'express-cors',
      'error',
      after
        ? `The response with status ${request.status} was sent before or without the cors middleware.`
        : 'The cors middleware is missing, is added after the route, or has a different policy.',
      'Run npm install cors, and add these lines before all routes and before any middleware that can reject a request. They also respond to preflights.',
      [`const cors = require('cors');`, corsLine(requirementsOf(evidence.call))],
    ),
  ];
}

function corsLine({ origin, method, headers, credentials, exposed }: CorsRequirements): string {
  const options = [
    `origin: '${origin}'`,
    `methods: ['${method}']`,
    ...(headers.length > 0 ? [`allowedHeaders: [${quoted(headers)}]`] : []),
    ...(exposed.length > 0 ? [`exposedHeaders: [${quoted(exposed)}]`] : []),
    ...(credentials ? ['credentials: true'] : []),
  ];
  return `app.use(cors({ ${options.join(', ')} }));`;
}

/**
 * Detects the response of cors() with its defaults: 204, any origin, its own list of methods, and the requested
 * headers. It never calls an OPTIONS handler that comes after it, and clients cannot see whether there is one.
 */
function shadowedHandler({ preflight }: Evidence): Finding[] {
  if (preflight?.status !== 204) return [];
  const varies = listContains(headerOf(preflight, 'vary'), 'Access-Control-Request-Headers');
  const methods = headerOf(preflight, 'access-control-allow-methods');
  if (!varies || methods !== 'GET,HEAD,PUT,PATCH,POST,DELETE') return [];
  return [
    finding(
      'cors-answers-preflights',
      'note',
      'Likely: app.use(cors()) with its defaults responded to this preflight: 204, the methods GET,HEAD,PUT,PATCH,POST,DELETE, and the requested headers. An app.options(...) handler after it never runs, so the headers that it sets are not sent.',
      'If you have such a handler, remove it and configure cors() instead, or let cors() pass preflights on.',
      ['app.use(cors({ preflightContinue: true }));'],
    ),
  ];
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
