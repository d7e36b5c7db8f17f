/** Reads the console messages of Chromium, Chrome, Edge and Opera. No I/O. */
import { parseUrl } from 'cors-policy';
import { REASONS } from '../corsErrors';
import { findReason, type ConsoleMessage, type Problem, type Reason } from './message';

/** @see https://source.chromium.org/chromium/chromium/src/+/main:third_party/blink/renderer/platform/loader/cors/cors_error_string.cc */
const SUBJECT =
  /Access to (?:[\w ]+) at '(?<url>[^']*)' (?:\(redirected from '(?<firstUrl>[^']*)'\) )?from origin '(?<origin>[^']*)' has been blocked by CORS policy: (?<preflight>Response to preflight request doesn't pass access control check: )?/g;

/** The problem behind each of Chromium's errors. */
export const PROBLEMS: Readonly<Record<keyof typeof REASONS, Problem>> = {
  DisallowedByMode: 'request-mode',
  InvalidResponse: 'invalid-response',
  WildcardOriginNotAllowed: 'wildcard-with-credentials',
  MissingAllowOriginHeader: 'missing-origin',
  MultipleAllowOriginValues: 'multiple-origins',
  InvalidAllowOriginValue: 'invalid-origin',
  AllowOriginMismatch: 'origin-mismatch',
  InvalidAllowCredentials: 'credentials',
  CorsDisabledScheme: 'scheme',
  PreflightInvalidStatus: 'preflight-status',
  PreflightDisallowedRedirect: 'preflight-redirect',
  PreflightWildcardOriginNotAllowed: 'wildcard-with-credentials',
  PreflightMissingAllowOriginHeader: 'missing-origin',
  PreflightMultipleAllowOriginValues: 'multiple-origins',
  PreflightInvalidAllowOriginValue: 'invalid-origin',
  PreflightAllowOriginMismatch: 'origin-mismatch',
  PreflightInvalidAllowCredentials: 'credentials',
  InvalidAllowMethodsPreflightResponse: 'methods-unreadable',
  InvalidAllowHeadersPreflightResponse: 'headers-unreadable',
  MethodDisallowedByPreflightResponse: 'method',
  HeaderDisallowedByPreflightResponse: 'header',
  RedirectContainsCredentials: 'redirect-with-password',
  InsecureLocalNetwork: 'local-network',
  InvalidLocalNetworkAccess: 'local-network',
  LocalNetworkAccessPermissionDenied: 'local-network',
};

/** Stands for the value in a message. It must not contain characters that are special in patterns. */
const VALUE = '\u0000';

/** The reason is in this many characters after the subject. A header in it can be long, but rarely is. */
const MAX_REASON_CHARS = 200;

/** Sentences at the end of messages, which differ between versions. */
const VARIABLE_END = / Have the server send .*$|(?<=protocol schemes: ).*$/;

/** The words of the doctor are those of Chromium, so the patterns come from the same table. */
const CURRENT_REASONS: readonly Reason[] = Object.entries(REASONS).map(([name, words]) => {
  const literal = words(VALUE)
    .replace(VARIABLE_END, '')
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return [new RegExp(`^${literal.replace(VALUE, '(.*?)')}`), PROBLEMS[name as keyof typeof REASONS]];
});

/** Messages of older versions and of requests that `fetch` does not make. */
const OTHER_REASONS: readonly Reason[] = [
  [/^(?:No|The) 'Access-Control-Allow-(?:Private-Network|External)' header/, 'private-network-header'],
  [/^No 'Private-Network-Access-(?:Id|Name)' header/, 'private-network-header'],
  [/^Request had (?:no|a) target IP address space.*?address space `(\w+)`/, 'local-network'],
  [/^(?:Permission was denied|Unable to ask for permission).*? access the `(\w+)`/, 'local-network'],
  [/^The request mode is 'no-cors' but the redirect mode is not 'follow'/, 'request-mode'],
];

/** The line that DevTools writes after the message, or for a request without a response. */
const NETWORK_ERROR =
  /\b(?<method>[A-Z]+) (?<url>https?:\/\/\S+) net::(?<error>ERR_\w+)(?: (?<status>[1-5]\d\d)\b)?/g;

const MIXED_CONTENT =
  /Mixed Content: The page at '(?<page>[^']*)' was loaded over HTTPS, but requested an insecure [\w ]+ '(?<url>[^']*)'/g;

const CONTENT_SECURITY_POLICY =
  /(?:\w+ to connect|Connecting) to '(?<url>[^']*)' (?:because it )?violates the following Content Security Policy directive: "(?<directive>[^"]*)"/g;

/** Returns the messages in a text whose white space is single spaces. */
export function chromiumMessages(text: string): ConsoleMessage[] {
  const failures = [...text.matchAll(NETWORK_ERROR)].map(({ groups = {} }) => groups);
  const blocked = [...text.matchAll(SUBJECT)].map((match): ConsoleMessage => {
    const { url, firstUrl, origin, preflight } = match.groups ?? {};
    const rest = text.slice(match.index + match[0].length);
    const { problem = 'unspecified', value } = findReason(rest, [...CURRENT_REASONS, ...OTHER_REASONS]) ?? {};
    // The failure of the request says the method, and the status that the web page cannot see.
    const failure = failures.find((one) => one.url === (firstUrl ?? url));
    return {
      browser: 'Chromium',
      problem,
      atPreflight:
        preflight !== undefined || rest.slice(0, MAX_REASON_CHARS).includes(' in preflight response.'),
      url,
      firstUrl,
      origin,
      method: problem === 'method' ? value : failure?.method,
      status: failure?.status === undefined ? undefined : Number(failure.status),
      value,
    };
  });
  const blockedUrls = blocked.flatMap(({ url, firstUrl }) => [url, firstUrl]);
  const others = failures.filter(({ url }) => !blockedUrls.includes(url));
  return [
    ...blocked,
    ...[...text.matchAll(MIXED_CONTENT)].map(({ groups }): ConsoleMessage => {
      const { page = '', url } = groups ?? {};
      const origin = parseUrl(page)?.origin;
      return { browser: 'Chromium', problem: 'mixed-content', url, origin };
    }),
    ...[...text.matchAll(CONTENT_SECURITY_POLICY)].map(({ groups }): ConsoleMessage => {
      return {
        browser: 'Chromium',
        problem: 'content-security-policy',
        url: groups?.url,
        value: groups?.directive,
      };
    }),
    ...others.map(({ method, url, error }): ConsoleMessage => {
      const problem = error === 'ERR_FAILED' ? 'unspecified' : 'network';
      return { browser: 'Chromium', problem, method, url, value: error };
    }),
  ];
}
