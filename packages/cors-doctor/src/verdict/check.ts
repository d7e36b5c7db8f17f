/** The result of one check of the Fetch standard. No I/O. */
import type { CorsErrorName } from '../corsErrors';
import type { Step } from '../diagnosis';

export interface Check extends Step {
  /** Set if the check failed and Chromium has a name for the error. */
  error?: { name: CorsErrorName; hint?: string };
}

/** The sections of the standards that define the checks. */
export const SECTION = {
  corsCheck: 'https://fetch.spec.whatwg.org/#cors-check',
  preflight: 'https://fetch.spec.whatwg.org/#cors-preflight-fetch-0',
  mainFetch: 'https://fetch.spec.whatwg.org/#concept-main-fetch',
  httpFetch: 'https://fetch.spec.whatwg.org/#concept-http-fetch',
  redirect: 'https://fetch.spec.whatwg.org/#concept-http-redirect-fetch',
  request: 'https://fetch.spec.whatwg.org/#dom-request',
  forbiddenHeader: 'https://fetch.spec.whatwg.org/#forbidden-request-header',
  badPort: 'https://fetch.spec.whatwg.org/#block-bad-port',
  mixedContent: 'https://w3c.github.io/webappsec-mixed-content/#should-block-fetch',
  localNetwork: 'https://wicg.github.io/local-network-access/',
  corsResponse: 'https://fetch.spec.whatwg.org/#concept-filtered-response-cors',
  network: 'https://fetch.spec.whatwg.org/#concept-network-error',
} as const;

/** Creates a check. Ignores the error if the step passed. */
export function check(step: Step, error?: Check['error']): Check {
  return step.passed || error === undefined ? step : { ...step, error };
}

/** Returns the checks up to the first that fails, because browsers stop there. */
export function untilFailure(checks: readonly Check[]): Check[] {
  const failure = checks.findIndex(({ passed }) => !passed);
  return failure === -1 ? [...checks] : checks.slice(0, failure + 1);
}

/** Formats a header value for a step. */
export function shown(value: string | undefined): string {
  return value === undefined ? 'missing' : value === '' ? 'empty' : printable(value);
}

/** Makes control and invisible characters visible, because values come from the server. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
