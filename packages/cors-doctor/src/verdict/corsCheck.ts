/** Checks whether a response lets an origin read it. No I/O. */
import { parseUrl } from 'cors-policy';
import type { CorsErrorName } from '../corsErrors';
import type { Header, PageCall } from '../diagnosis';
import { check, SECTION, shown, untilFailure, type Check } from './check';
import { headerOf } from '../headers';

type OriginError =
  | 'WildcardOriginNotAllowed'
  | 'MissingAllowOriginHeader'
  | 'MultipleAllowOriginValues'
  | 'InvalidAllowOriginValue'
  | 'AllowOriginMismatch';

/** Which response is checked. Chromium has separate error names for preflights. */
export interface Subject {
  purpose: 'preflight' | 'request';
  origin: string;
  credentials: PageCall['credentials'];
}

/**
 * The CORS check: `Access-Control-Allow-Origin` is the origin byte by byte, or `*` without credentials;
 * with credentials, `Access-Control-Allow-Credentials` is exactly `true`.
 *
 * @see https://fetch.spec.whatwg.org/#cors-check
 */
export function corsCheck(headers: readonly Header[], subject: Subject): Check[] {
  const { purpose, origin, credentials } = subject;
  const included = credentials === 'include';
  const label = purpose === 'preflight' ? 'preflight' : 'response';
  const allowOrigin = headerOf({ headers }, 'Access-Control-Allow-Origin');
  const error = originError(allowOrigin, origin, included);
  const byOrigin = check(
    {
      name: `${label}: Access-Control-Allow-Origin`,
      passed: error === undefined,
      received: shown(allowOrigin),
      needed: included ? `${origin} (* is not allowed with credentials)` : `${origin} or *`,
      link: SECTION.corsCheck,
    },
    error && { name: named(error, purpose), hint: allowOrigin ?? '' },
  );
  if (!included) return [byOrigin];

  const allowCredentials = headerOf({ headers }, 'Access-Control-Allow-Credentials');
  const byCredentials = check(
    {
      name: `${label}: Access-Control-Allow-Credentials`,
      passed: allowCredentials === 'true',
      received: shown(allowCredentials),
      needed: 'true, in lower case',
      link: SECTION.corsCheck,
    },
    { name: named('InvalidAllowCredentials', purpose), hint: allowCredentials ?? '' },
  );
  return untilFailure([byOrigin, byCredentials]);
}

function originError(
  allowed: string | undefined,
  origin: string,
  included: boolean,
): OriginError | undefined {
  if (allowed === undefined) return 'MissingAllowOriginHeader';
  if (allowed === '*') return included ? 'WildcardOriginNotAllowed' : undefined;
  if (allowed === origin) return undefined;
  if (/[ ,]/.test(allowed)) return 'MultipleAllowOriginValues';
  if (allowed !== 'null' && parseUrl(allowed) === undefined) return 'InvalidAllowOriginValue';
  return 'AllowOriginMismatch';
}

function named(error: OriginError | 'InvalidAllowCredentials', purpose: Subject['purpose']): CorsErrorName {
  return purpose === 'preflight' ? `Preflight${error}` : error;
}
