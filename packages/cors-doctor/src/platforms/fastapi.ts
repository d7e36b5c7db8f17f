/** FastAPI and Starlette, usually on uvicorn. */
import type { Finding } from 'sam-template';
import { requirementsOf } from '../corsRequirements';
import { failsAtPreflight, jsonField, type Evidence } from '../evidence';
import { finding } from '../finding';
import { headerOf, type HttpResponse } from '../headers';
import { originsToAllow, quotedList, requiredBy } from './lines';
import type { Platform } from './platform';

export const fastapi: Platform = {
  name: 'FastAPI or Starlette',
  detect(response) {
    const isServer = /^(?:uvicorn|hypercorn)/i.test(headerOf(response, 'server') ?? '');
    if (DISALLOWED.test(response.body) || (isServer && isOwnError(response))) return 'certain';
    return isServer || isOwnError(response) ? 'likely' : undefined;
  },
  sender: 'FastAPI',
  explain: disallowed,
  allow(evidence) {
    const { exposed, credentials } = requiredBy(evidence);
    // Starlette sends the response to an exception outside of all middleware of the application.
    const wraps = !failsAtPreflight(evidence) && evidence.request?.status === 500;
    const options = [
      `allow_origins=[${quotedList(originsToAllow(evidence))}],`,
      "allow_methods=['*'],",
      "allow_headers=['*'],",
      ...(exposed.length > 0 ? [`expose_headers=[${quotedList(exposed)}],`] : []),
      ...(credentials ? ['allow_credentials=True,'] : []),
    ].map((line) => `    ${line}`);
    return {
      description: wraps
        ? 'Put these lines at the end of the file, in place of app.add_middleware(CORSMiddleware, …). Only in this way do unhandled exceptions have CORS headers too.'
        : 'If allow_origins already has the origin with a slash at the end, delete the slash. Otherwise, put these lines after app = FastAPI() and after all other middleware, in place of a CORSMiddleware that you already have. The last one that is added runs first.',
      lines: [
        'from starlette.middleware.cors import CORSMiddleware',
        '',
        ...(wraps ? ['app = CORSMiddleware(', '    app,'] : ['app.add_middleware(', '    CORSMiddleware,']),
        ...options,
        ')',
      ],
    };
  },
};

/** https://github.com/encode/starlette/blob/master/starlette/middleware/cors.py */
const DISALLOWED =
  /^Disallowed CORS (?<parts>(?:origin|method|headers|private-network)(?:, (?:origin|method|headers|private-network))*)$/;

function isOwnError(response: HttpResponse): boolean {
  const detail = jsonField(response, 'detail');
  return detail === 'Not Found' || detail === 'Method Not Allowed' || detail === 'Not authenticated';
}

function disallowed(evidence: Evidence): Finding[] {
  const { preflight, call } = evidence;
  const parts = DISALLOWED.exec(preflight?.body.trim() ?? '')?.groups?.parts?.split(', ');
  if (!failsAtPreflight(evidence) || parts === undefined) return [];
  const reasons = parts.map((part) => REASONS[part]?.(evidence) ?? part);
  return [
    finding(
      'starlette-disallowed',
      'error',
      `CORSMiddleware rejects the preflight of ${call.method} with "${preflight?.body.trim() ?? ''}". ${reasons.join(' ')}`,
      fastapi.allow?.(evidence).description ?? '',
      fastapi.allow?.(evidence).lines,
    ),
  ];
}

const REASONS: Readonly<Record<string, (evidence: Evidence) => string>> = {
  origin: ({ call: { origin } }) =>
    `allow_origins does not contain exactly ${quotedList([origin])}. The most frequent reason is a slash at the end, as in ${quotedList([`${origin}/`])}: an origin never ends in a slash. Another port, or https instead of http, makes it a different origin too.`,
  method: ({ call: { method } }) => `allow_methods does not contain ${method}.`,
  headers: ({ call }) => `allow_headers does not contain all of ${requirementsOf(call).headers.join(', ')}.`,
};
