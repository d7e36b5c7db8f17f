/** Express, with or without the cors package. */
import { lacksOrigin, type Evidence } from '../evidence';
import { finding, type Finding } from '../finding';
import { headerOf, listContains } from '../headers';
import { needsOf, type Needs } from '../needs';
import type { Platform } from './platform';

export const express: Platform = {
  name: 'Express',
  matches: (answer) => headerOf(answer, 'x-powered-by')?.toLowerCase() === 'express',
  explain(evidence) {
    return [...refusal(evidence), ...shadowedHandler(evidence)];
  },
};

function refusal(evidence: Evidence): Finding[] {
  const { diagnosis, request } = evidence;
  if (diagnosis.verdict !== 'blocked') return [];
  const after = request !== undefined && request.status >= 400 && lacksOrigin(evidence);
  return [
    finding(
      'express-cors',
      'error',
      after
        ? `The answer ${request.status} was written before, or without, the cors middleware.`
        : 'The cors middleware is missing, comes after what answered, or has another policy.',
      'Run npm install cors, and write these lines before all routes and before whatever can refuse a request; they answer preflights as well.',
      [`const cors = require('cors');`, corsLine(needsOf(evidence.call))],
    ),
  ];
}

function corsLine({ origin, method, headers, credentials, exposed }: Needs): string {
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
 * What cors() with its defaults answers: 204, any origin, its own list of methods, and the request's
 * headers repeated. A handler for OPTIONS behind it is never asked, and from outside nobody can see
 * whether there is one.
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
      'Likely: app.use(cors()) with its defaults answered this preflight by itself: 204, the methods GET,HEAD,PUT,PATCH,POST,DELETE, and the headers that were asked for, repeated. An app.options(...) handler behind it never runs, and none of the headers that it sets are sent.',
      'If there is such a handler, take it out and give cors its policy, or let cors pass preflights on.',
      ['app.use(cors({ preflightContinue: true }));'],
    ),
  ];
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
