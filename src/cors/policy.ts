/** The CORS policy: one value, validated as a whole. No I/O. */
import type { Mistake } from '../mistakes';
import { parseOriginPattern, type OriginPattern } from './origin';

/** What a policy is made from; header and method names as they will be sent. */
export interface CorsSettings {
  /** Origins, patterns such as `https://*.example.com`, or `*` alone. */
  origins: readonly string[];
  methods: readonly string[];
  allowHeaders: readonly string[];
  exposeHeaders: readonly string[];
  credentials: boolean;
  /** Seconds a browser may keep a preflight's answer. */
  maxAge: number;
}

/** A policy that holds together; made by `validatePolicy` alone. */
export interface CorsPolicy extends Omit<CorsSettings, 'origins'> {
  origins: '*' | readonly OriginPattern[];
}

/** The settings that a policy's parts come from. */
export const CORS_SETTINGS = {
  origins: 'CORS_ALLOW_ORIGINS',
  methods: 'CORS_ALLOW_METHODS',
  allowHeaders: 'CORS_ALLOW_HEADERS',
  exposeHeaders: 'CORS_EXPOSE_HEADERS',
  credentials: 'CORS_ALLOW_CREDENTIALS',
  maxAge: 'CORS_MAX_AGE',
} as const;

export const DEFAULT_CORS_SETTINGS: CorsSettings = {
  origins: ['*'],
  methods: ['POST', 'OPTIONS'],
  allowHeaders: ['Content-Type', 'X-Amz-Date', 'Authorization', 'X-Api-Key', 'X-Amz-Security-Token'],
  exposeHeaders: [
    'X-Request-Id',
    'Retry-After',
    'Content-Disposition',
    'X-Item-Count-Estimate',
    'X-Next-Token',
    'X-Last-Evaluated-Key',
    'X-Consumed-Capacity-Units',
  ],
  credentials: false,
  maxAge: 7200,
};

/** https://httpwg.org/specs/rfc9110.html#tokens */
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

/** https://fetch.spec.whatwg.org/#forbidden-method */
const FORBIDDEN_METHODS = ['CONNECT', 'TRACE', 'TRACK'];

/** https://fetch.spec.whatwg.org/#forbidden-request-header */
const FORBIDDEN_REQUEST_HEADER =
  /^(?:accept-charset|accept-encoding|access-control-request-(?:headers|method|private-network)|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/i;

/** https://fetch.spec.whatwg.org/#forbidden-response-header-name */
const FORBIDDEN_RESPONSE_HEADER = /^set-cookie2?$/i;

const LONGEST_MAX_AGE = 86_400;

/**
 * Makes a policy from its settings, or says everything that is wrong with them.
 *
 * Refused are what browsers would refuse or take for less than it says (`*` with credentials, names
 * that are no tokens, forbidden headers) and what admits more than it seems to (`null`, wildcards
 * inside a label).
 */
export function validatePolicy(settings: CorsSettings): CorsPolicy | Mistake[] {
  const origins = validateOrigins(settings);
  const mistakes = [
    ...origins.mistakes,
    ...settings.methods.flatMap(methodMistakes),
    ...settings.allowHeaders.flatMap((name) =>
      headerMistakes('allowHeaders', name, FORBIDDEN_REQUEST_HEADER),
    ),
    ...settings.exposeHeaders.flatMap((name) =>
      headerMistakes('exposeHeaders', name, FORBIDDEN_RESPONSE_HEADER),
    ),
    ...wildcardMistakes(settings),
    ...maxAgeMistakes(settings.maxAge),
  ];
  return mistakes.length > 0 ? mistakes : { ...settings, origins: origins.patterns };
}

function validateOrigins({ origins }: CorsSettings): {
  patterns: CorsPolicy['origins'];
  mistakes: Mistake[];
} {
  if (origins.length === 1 && origins[0] === '*') return { patterns: '*', mistakes: [] };
  const mistakes: Mistake[] = [];
  if (origins.length === 0) {
    mistakes.push(mistake('origins', '', 'it names no origin', 'List the origins, or leave it out for any'));
  }
  if (origins.includes('*')) {
    const reason = '* admits any origin, so the others mean nothing';
    mistakes.push(mistake('origins', origins.join(','), reason, 'Keep either * or the list'));
  }
  const patterns = origins
    .filter((entry) => entry !== '*')
    .flatMap((entry) => {
      const parsed = parseOriginPattern(entry);
      if ('scheme' in parsed) return [parsed];
      mistakes.push(mistake('origins', entry, parsed.reason, parsed.mend));
      return [];
    });
  return { patterns, mistakes };
}

function wildcardMistakes({ origins, allowHeaders, exposeHeaders, credentials }: CorsSettings): Mistake[] {
  if (!credentials) return [];
  const reason = 'with credentials, browsers do not take * for "any"';
  return Object.entries({ origins, allowHeaders, exposeHeaders })
    .filter(([, values]) => values.includes('*'))
    .map(([part]) =>
      mistake(part as Part, '*', reason, 'List the values, or set CORS_ALLOW_CREDENTIALS=false'),
    );
}

function methodMistakes(method: string): Mistake[] {
  if (!TOKEN.test(method)) {
    return [mistake('methods', method, 'it is no method name', 'Write a method such as POST')];
  }
  if (FORBIDDEN_METHODS.includes(method.toUpperCase())) {
    return [mistake('methods', method, 'browsers never send this method', 'Leave it out')];
  }
  return [];
}

function headerMistakes(part: Part, name: string, forbidden: RegExp): Mistake[] {
  if (!TOKEN.test(name)) {
    return [mistake(part, name, 'it is no header name', 'Write names such as Content-Type, comma separated')];
  }
  if (forbidden.test(name)) {
    return [mistake(part, name, 'browsers keep this header from pages', 'Leave it out')];
  }
  return [];
}

function maxAgeMistakes(maxAge: number): Mistake[] {
  if (Number.isInteger(maxAge) && maxAge >= 0 && maxAge <= LONGEST_MAX_AGE) return [];
  const mend = 'Take 0 to 86400 seconds; Chromium honours up to 7200';
  return [mistake('maxAge', String(maxAge), `it is not between 0 and ${LONGEST_MAX_AGE}`, mend)];
}

type Part = keyof typeof CORS_SETTINGS;

function mistake(part: Part, value: string, reason: string, mend: string): Mistake {
  return { setting: CORS_SETTINGS[part], value, reason, mend };
}
