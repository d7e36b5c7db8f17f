/** One check of the standard and how it came out, with the error that it becomes where it fails. No I/O. */
import type { CorsErrorName } from '../corsErrors';
import type { Step } from '../diagnosis';

export interface Check extends Step {
  /** Set where the check failed and Chromium has a name for that. */
  error?: { name: CorsErrorName; hint?: string };
}

/** The sections of the standard that checks come from. */
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
  corsResponse: 'https://fetch.spec.whatwg.org/#concept-filtered-response-cors',
  network: 'https://fetch.spec.whatwg.org/#concept-network-error',
} as const;

/** A check with its failure's error kept only where it failed. */
export function check(step: Step, error?: Check['error']): Check {
  return step.passed || error === undefined ? step : { ...step, error };
}

/** Checks in order, up to the first that fails: the others a browser no longer makes. */
export function untilFailure(checks: readonly Check[]): Check[] {
  const failure = checks.findIndex(({ passed }) => !passed);
  return failure === -1 ? [...checks] : checks.slice(0, failure + 1);
}

/** A header's value as steps show it. */
export function shown(value: string | undefined): string {
  return value === undefined ? 'not there' : value === '' ? 'empty' : printable(value);
}

/** With what a terminal would obey written out, for servers send what they like. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
