/** The CORS policy: one value, validated as a whole. No I/O. */
import { isForbiddenMethod, isForbiddenRequestHeader, isForbiddenResponseHeader, isToken } from './names';
import { parseOriginPattern, type OriginPattern } from './origin';

/** The settings that a policy is made from. Header and method names are sent as written here. */
export interface CorsSettings {
  /** Origins, patterns such as `https://*.example.com` or `http://localhost:*`, or only `*`. */
  origins: readonly string[];
  methods: readonly string[];
  allowHeaders: readonly string[];
  exposeHeaders: readonly string[];
  credentials: boolean;
  /** How many seconds a browser may cache a preflight response. */
  maxAge: number;
}

/** A valid policy, as returned by `validatePolicy`. */
export interface CorsPolicy extends Omit<CorsSettings, 'origins'> {
  origins: '*' | readonly OriginPattern[];
}

/** One reason why settings are not a valid policy. */
export interface PolicyIssue {
  field: keyof CorsSettings;
  value: string;
  reason: string;
  fix: string;
}

const MAX_AGE_SECONDS = 86_400;

/**
 * Makes a policy from its settings, or returns every issue.
 *
 * Rejects what browsers would reject or misread (`*` with credentials, names that are not tokens,
 * forbidden headers), and what allows more than it seems to (`null`, wildcards inside a label).
 *
 * @example
 * const policy = validatePolicy({ origins: ['http://localhost:5173'], methods: ['POST'],
 *   allowHeaders: ['Content-Type'], exposeHeaders: [], credentials: false, maxAge: 7200 });
 */
export function validatePolicy(settings: CorsSettings): CorsPolicy | PolicyIssue[] {
  const origins = validateOrigins(settings);
  const issues = [
    ...origins.issues,
    ...settings.methods.flatMap(methodIssues),
    ...settings.allowHeaders.flatMap((name) => headerIssues('allowHeaders', name, isForbiddenRequestHeader)),
    ...settings.exposeHeaders.flatMap((name) =>
      headerIssues('exposeHeaders', name, isForbiddenResponseHeader),
    ),
    ...wildcardIssues(settings),
    ...maxAgeIssues(settings.maxAge),
  ];
  return issues.length > 0 ? issues : { ...settings, origins: origins.patterns };
}

function validateOrigins({ origins }: CorsSettings): {
  patterns: CorsPolicy['origins'];
  issues: PolicyIssue[];
} {
  if (origins.length === 1 && origins[0] === '*') return { patterns: '*', issues: [] };
  const issues: PolicyIssue[] = [];
  if (origins.length === 0) {
    issues.push(issue('origins', '', 'the list is empty', 'List the origins, or use * for any origin'));
  }
  if (origins.includes('*')) {
    const reason = '* allows any origin, so the other entries have no effect';
    issues.push(issue('origins', origins.join(','), reason, 'Keep either * or the list'));
  }
  const patterns = origins
    .filter((entry) => entry !== '*')
    .flatMap((entry) => {
      const parsed = parseOriginPattern(entry);
      if ('scheme' in parsed) return [parsed];
      issues.push(issue('origins', entry, parsed.reason, parsed.fix));
      return [];
    });
  return { patterns, issues };
}

function wildcardIssues({ origins, allowHeaders, exposeHeaders, credentials }: CorsSettings): PolicyIssue[] {
  if (!credentials) return [];
  const reason = 'with credentials, browsers do not treat * as a wildcard';
  const lists = { origins, allowHeaders, exposeHeaders };
  return (Object.keys(lists) as (keyof typeof lists)[])
    .filter((field) => lists[field].includes('*'))
    .map((field) => issue(field, '*', reason, 'List the values, or turn credentials off'));
}

function methodIssues(method: string): PolicyIssue[] {
  if (!isToken(method)) {
    return [issue('methods', method, 'not a valid method name', 'Use a method such as POST')];
  }
  if (isForbiddenMethod(method)) {
    return [issue('methods', method, 'browsers never send this method', 'Remove it')];
  }
  return [];
}

function headerIssues(
  field: 'allowHeaders' | 'exposeHeaders',
  name: string,
  isForbidden: (name: string) => boolean,
): PolicyIssue[] {
  if (!isToken(name)) {
    const fix = 'Use names such as Content-Type, separated by commas';
    return [issue(field, name, 'not a valid header name', fix)];
  }
  if (isForbidden(name)) {
    return [issue(field, name, 'browsers do not give web pages access to this header', 'Remove it')];
  }
  return [];
}

function maxAgeIssues(maxAge: number): PolicyIssue[] {
  if (Number.isInteger(maxAge) && maxAge >= 0 && maxAge <= MAX_AGE_SECONDS) return [];
  const fix = `Use a whole number of seconds from 0 to ${MAX_AGE_SECONDS}; Chromium honors at most 7200`;
  return [issue('maxAge', String(maxAge), 'not a valid max age', fix)];
}

function issue(field: PolicyIssue['field'], value: string, reason: string, fix: string): PolicyIssue {
  return { field, value, reason, fix };
}
