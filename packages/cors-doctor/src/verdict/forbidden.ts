/** Request headers that browsers do not let a web page set. No I/O. */
import { isForbiddenMethod, isForbiddenRequestHeader, splitNameList } from 'cors-policy';
import type { BrowserName, Header } from '../diagnosis';

const METHOD_OVERRIDE = /^x-(?:http-method|http-method-override|method-override)$/i;

/**
 * Returns whether the browser drops this header from a request. For some names the value decides. Chromium also drops
 * `User-Agent`, which the standard allows: https://crbug.com/571722
 *
 * @see https://fetch.spec.whatwg.org/#forbidden-request-header
 */
export function isForbiddenHeader([name, value]: Header, browser: BrowserName = 'chromium'): boolean {
  if (browser === 'chromium' && name.toLowerCase() === 'user-agent') return true;
  if (METHOD_OVERRIDE.test(name)) return splitNameList(value).some(isForbiddenMethod);
  return isForbiddenRequestHeader(name);
}
