/** Reads the console messages of Firefox. No I/O. */
import { findReason, type ConsoleMessage, type Reason } from './message';

/** @see https://searchfox.org/mozilla-central/source/dom/locales/en-US/chrome/security/security.properties */
const MESSAGE =
  /Cross-Origin Request (?:Blocked|Warning): The Same Origin Policy (?:disallows|will disallow) reading the remote resource at [‘']?(?<url>[^\s’']+?)[’']?(?:\.| soon\.) \(Reason: (?<reason>.*?)\)\.(?: Status code: (?<status>\d+))?/g;

const REASONS: readonly Reason[] = [
  [/^CORS disabled/, 'cors-disabled'],
  [/^CORS request did not succeed/, 'network'],
  [/^CORS header .Origin. cannot be added/, 'origin-not-sent'],
  [/^CORS request external redirect not allowed/, 'redirect-elsewhere'],
  [/^CORS request not http/, 'scheme'],
  [/^CORS header .Access-Control-Allow-Origin. missing/, 'missing-origin'],
  [/^Multiple CORS header .Access-Control-Allow-Origin. not allowed/, 'multiple-origins'],
  [/^CORS header .Access-Control-Allow-Origin. does not match [‘'](.*)[’']/, 'origin-mismatch'],
  [/^Credential is not supported if the CORS header/, 'wildcard-with-credentials'],
  [/^Did not find method in CORS header .Access-Control-Allow-Methods/, 'method', true],
  [/^expected .true. in CORS header .Access-Control-Allow-Credentials/, 'credentials'],
  [/^CORS preflight (?:response|channel) did not succeed/, 'preflight-status', true],
  [/^invalid token .(.*?). in CORS header .Access-Control-Allow-Methods/, 'methods-unreadable', true],
  [/^invalid token .(.*?). in CORS header .Access-Control-Allow-Headers/, 'headers-unreadable', true],
  [
    /^(?:header|missing token) .(.*?). (?:is not allowed according to|in CORS) header .Access-Control-Allow-Headers/,
    'header',
    true,
  ],
  [
    /^When the .Access-Control-Allow-Headers. is .\*., the .Authorization. header is not covered/,
    'authorization-wildcard',
    true,
  ],
];

/** Returns the messages in a text whose white space is single spaces. */
export function firefoxMessages(text: string): ConsoleMessage[] {
  return [...text.matchAll(MESSAGE)].map(({ groups }): ConsoleMessage => {
    const { url, reason = '', status } = groups ?? {};
    const { problem = 'unspecified', atPreflight, value } = findReason(reason, REASONS) ?? {};
    return {
      browser: 'Firefox',
      problem,
      atPreflight,
      url,
      // Firefox writes 0 or (null) if there was no response.
      status: status === undefined || status === '0' ? undefined : Number(status),
      value,
    };
  });
}
