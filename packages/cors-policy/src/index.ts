/** cors-policy: parses and validates a CORS policy, and decides whether it allows a request. */
export {
  isForbiddenMethod,
  isForbiddenRequestHeader,
  isForbiddenResponseHeader,
  isToken,
  normalizeHeaderValue,
  splitNameList,
} from './names';
export { hostNameOf, isLoopbackHost, isRebindableHost } from './host';
export { parseUrl } from './url';
export { formatOrigin, isOrigin, matchesOrigin, parseOriginPattern } from './origin';
export type { OriginIssue, OriginPattern } from './origin';
export { validatePolicy } from './policy';
export type { CorsPolicy, CorsSettings, PolicyIssue } from './policy';
export { decide, isBlocking, variesByOrigin } from './decision';
export type { BlockingDecision, CorsDecision, CorsRequest } from './decision';
