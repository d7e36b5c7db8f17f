/** Chromium's names for CORS errors, and the messages of its console. No I/O. */

/** @see https://chromedevtools.github.io/devtools-protocol/tot/Network/#type-CorsError */
export type CorsErrorName = keyof typeof REASONS;

/** The values that a console message contains. */
export interface CorsErrorCase {
  name: CorsErrorName;
  /** The URL of the request that failed. */
  url: string;
  /** The URL of the first request. Differs from `url` after redirects. */
  firstUrl: string;
  /** The origin of the web page. */
  origin: string;
  /** The value, method or header that causes the error. */
  hint: string;
}

/**
 * Returns the message that Chromium writes to its console, on one line. Escapes control characters because values
 * come from the server.
 */
export function corsErrorWords({ name, url, firstUrl, origin, hint }: CorsErrorCase): string {
  const redirected = url === firstUrl ? '' : `(redirected from '${firstUrl}') `;
  const subject = `Access to fetch at '${url}' ${redirected}from origin '${origin}'`;
  const preflight = name.startsWith('Preflight')
    ? "Response to preflight request doesn't pass access control check: "
    : '';
  const words = `${subject} has been blocked by CORS policy: ${preflight}${REASONS[name](hint)}`;
  return words.replace(/[^\x20-\x7e]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

const VALID_VALUE = ' Have the server send the header with a valid value.';

const wildcardOrigin = () =>
  "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.";

const missingOrigin = () => "No 'Access-Control-Allow-Origin' header is present on the requested resource.";

const multipleOrigins = (value: string) =>
  `The 'Access-Control-Allow-Origin' header contains multiple values '${value}', but only one is allowed.${VALID_VALUE}`;

const invalidOrigin = (value: string) =>
  `The 'Access-Control-Allow-Origin' header contains the invalid value '${value}'.${VALID_VALUE}`;

const otherOrigin = (value: string) =>
  `The 'Access-Control-Allow-Origin' header has a value '${value}' that is not equal to the supplied origin.${VALID_VALUE}`;

const invalidCredentials = (value: string) =>
  `The value of the 'Access-Control-Allow-Credentials' header in the response is '${value}' which must be 'true' when the request's credentials mode is 'include'.`;

const unreadable = (header: string) => () =>
  `Cannot parse ${header} response header field in preflight response.`;

/** The last part of the message, by the name of the error. */
export const REASONS = {
  DisallowedByMode: () => 'Cross origin requests are not allowed by request mode.',
  InvalidResponse: () => 'The response is invalid.',
  WildcardOriginNotAllowed: wildcardOrigin,
  MissingAllowOriginHeader: missingOrigin,
  MultipleAllowOriginValues: multipleOrigins,
  InvalidAllowOriginValue: invalidOrigin,
  AllowOriginMismatch: otherOrigin,
  InvalidAllowCredentials: invalidCredentials,
  CorsDisabledScheme: () =>
    'Cross origin requests are only supported for protocol schemes: chrome, chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, http, https, isolated-app.',
  PreflightInvalidStatus: () => 'It does not have HTTP ok status.',
  PreflightDisallowedRedirect: () => 'Redirect is not allowed for a preflight request.',
  PreflightWildcardOriginNotAllowed: wildcardOrigin,
  PreflightMissingAllowOriginHeader: missingOrigin,
  PreflightMultipleAllowOriginValues: multipleOrigins,
  PreflightInvalidAllowOriginValue: invalidOrigin,
  PreflightAllowOriginMismatch: otherOrigin,
  PreflightInvalidAllowCredentials: invalidCredentials,
  InvalidAllowMethodsPreflightResponse: unreadable('Access-Control-Allow-Methods'),
  InvalidAllowHeadersPreflightResponse: unreadable('Access-Control-Allow-Headers'),
  MethodDisallowedByPreflightResponse: (method: string) =>
    `Method ${method} is not allowed by Access-Control-Allow-Methods in preflight response.`,
  HeaderDisallowedByPreflightResponse: (header: string) =>
    `Request header field ${header} is not allowed by Access-Control-Allow-Headers in preflight response.`,
  RedirectContainsCredentials: (url: string) =>
    `Redirect location '${url}' contains a username and password, which is disallowed for cross-origin requests.`,
  InsecureLocalNetwork: (space: string) =>
    `The request client is not a secure context and the resource is in more-private address space \`${space}\`.`,
  InvalidLocalNetworkAccess: (space: string) =>
    `Request had a target IP address space of \`unknown\` yet the resource is in address space \`${space}\`.`,
  LocalNetworkAccessPermissionDenied: (space: string) =>
    `Permission was denied for this request to access the \`${space}\` address space.`,
} as const satisfies Record<string, (hint: string) => string>;
