/** The CORS part of the configuration: environment variable names, defaults, and issues by variable. No I/O. */
import type { CorsSettings, PolicyIssue } from 'cors-policy';
import type { ConfigIssue } from './configError';

/** The environment variable of each field of the policy that users can set. */
export const CORS_VARIABLES = {
  origins: 'CORS_ALLOW_ORIGINS',
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

/** Reports an issue of the policy under the environment variable that it comes from. */
export function toConfigIssue({ field, value, reason, fix }: PolicyIssue): ConfigIssue {
  // The methods are constant, so no user can cause an issue with them.
  const setting = field === 'methods' ? 'methods' : CORS_VARIABLES[field];
  return { setting, value, reason, fix };
}
