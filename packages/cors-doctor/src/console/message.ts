/** A message of a browser's console about a blocked request. No I/O. */

/** Why the browser blocked the request. */
export type Problem =
  | 'missing-origin'
  | 'origin-mismatch'
  | 'invalid-origin'
  | 'multiple-origins'
  | 'wildcard-with-credentials'
  | 'credentials'
  | 'preflight-status'
  | 'preflight-redirect'
  | 'methods-unreadable'
  | 'headers-unreadable'
  | 'method'
  | 'header'
  | 'authorization-wildcard'
  | 'redirect-with-password'
  | 'redirect-elsewhere'
  | 'scheme'
  | 'request-mode'
  | 'cors-disabled'
  | 'origin-not-sent'
  | 'invalid-response'
  | 'local-network'
  | 'private-network-header'
  | 'mixed-content'
  | 'content-security-policy'
  /** There was no response. The value is the name of the network error, for example `ERR_CONNECTION_REFUSED`. */
  | 'network'
  /** The message does not say why. */
  | 'unspecified';

export interface ConsoleMessage {
  browser: 'Chromium' | 'Firefox' | 'Safari';
  problem: Problem;
  /** Whether the response to the preflight was wrong; undefined if the message does not say. */
  atPreflight?: boolean | undefined;
  url?: string | undefined;
  /** The URL of the first request, if the browser was redirected. */
  firstUrl?: string | undefined;
  origin?: string | undefined;
  method?: string | undefined;
  status?: number | undefined;
  /** The value, method, header or error that the message names. */
  value?: string | undefined;
}

/** A part of a message, and what it means. Group 1 of the pattern, if any, is the value. */
export type Reason = readonly [pattern: RegExp, problem: Problem, atPreflight?: boolean];

/** Returns the first reason whose pattern matches the beginning of the text, and the value. */
export function findReason(
  text: string,
  reasons: readonly Reason[],
): { problem: Problem; atPreflight?: boolean | undefined; value: string | undefined } | undefined {
  for (const [pattern, problem, atPreflight] of reasons) {
    const match = pattern.exec(text);
    if (match !== null) return { problem, atPreflight, value: match[1] };
  }
  return undefined;
}
