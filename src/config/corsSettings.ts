/** The CORS part of the configuration: environment variable names, defaults, and issues by variable. No I/O. */
import { validatePolicy, type CorsPolicy, type CorsSettings, type PolicyIssue } from 'cors-policy';
import type { ConfigIssue } from './configError';
import type { SettingsReader } from './settingsReader';

/** The environment variable of each field of the policy that users can set. */
export const CORS_VARIABLES = {
  origins: 'CORS_ALLOW_ORIGINS',
  allowHeaders: 'CORS_ALLOW_HEADERS',
  exposeHeaders: 'CORS_EXPOSE_HEADERS',
  credentials: 'CORS_ALLOW_CREDENTIALS',
  maxAge: 'CORS_MAX_AGE',
} as const;

/** The default origins of the sample table, which is public. */
export const SAMPLE_ORIGINS: readonly string[] = ['*'];

/** The default origins of all other items: the web pages of this machine. */
export const LOOPBACK_ORIGINS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'].flatMap((host) => [
  `http://${host}:*`,
  `https://${host}:*`,
]);

export const DEFAULT_CORS_SETTINGS: Omit<CorsSettings, 'origins'> = {
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
    'X-Scanned-Count',
    'X-Count',
  ],
  credentials: false,
  maxAge: 7200,
};

/** The headers that only a server with authentication, or with a rate limit, sends. */
export const CHALLENGE_HEADERS: readonly string[] = ['WWW-Authenticate'];
export const RATE_LIMIT_HEADERS: readonly string[] = ['RateLimit', 'RateLimit-Policy'];

/**
 * @param defaultOrigins the origins if `CORS_ALLOW_ORIGINS` is not set.
 * @param ownHeaders headers that this server sends in addition, exposed unless `CORS_EXPOSE_HEADERS` is set.
 */
export function readCors(
  reader: SettingsReader,
  defaultOrigins: readonly string[],
  ownHeaders: readonly string[],
): CorsPolicy {
  const defaults = DEFAULT_CORS_SETTINGS;
  const exposeHeaders = reader.list(CORS_VARIABLES.exposeHeaders, [...defaults.exposeHeaders, ...ownHeaders]);
  checkPaging(reader, exposeHeaders);
  const policy = validatePolicy({
    origins: readOrigins(reader, defaultOrigins),
    methods: defaults.methods,
    allowHeaders: reader.list(CORS_VARIABLES.allowHeaders, defaults.allowHeaders),
    exposeHeaders,
    credentials: reader.choice(CORS_VARIABLES.credentials, ['true', 'false'], 'false') === 'true',
    maxAge: reader.integer(CORS_VARIABLES.maxAge, defaults.maxAge, 0, 86_400),
  });
  if (!Array.isArray(policy)) return policy;
  reader.issues.push(...policy.map(toConfigIssue));
  // Never used: the issues make parseConfig throw.
  return { ...defaults, origins: [] };
}

/** The exception to "empty counts as absent": an emptied allow-list must not mean the default. */
function readOrigins(reader: SettingsReader, defaultOrigins: readonly string[]): string[] {
  return reader.environment[CORS_VARIABLES.origins] === undefined
    ? [...defaultOrigins]
    : reader.list(CORS_VARIABLES.origins, []);
}

/** A web page that reads X-Count but not X-Next-Token would take a part of the items for all of them. */
function checkPaging(reader: SettingsReader, exposeHeaders: readonly string[]): void {
  const names = exposeHeaders.map((name) => name.toLowerCase());
  if (!names.includes('x-count') || names.includes('x-next-token') || names.includes('*')) return;
  const reason =
    'has X-Count without X-Next-Token, so a web page cannot see that a response has only some of the items';
  const fix = 'Add X-Next-Token, or remove X-Count';
  reader.addIssue(CORS_VARIABLES.exposeHeaders, exposeHeaders.join(','), reason, fix);
}

/** Reports an issue of the policy under the environment variable that it comes from. */
function toConfigIssue({ field, value, reason, fix }: PolicyIssue): ConfigIssue {
  // The methods are constant, so no user can cause an issue with them.
  const setting = field === 'methods' ? 'methods' : CORS_VARIABLES[field];
  return { setting, value, reason, fix };
}
