/** Causes that the web page can fix: the spelling of the method, and headers that it must not send. No I/O. */
import { splitNameList } from 'cors-policy';
import { RESPONSE_HEADER } from '../corsRequirements';
import type { PageCall } from '../diagnosis';
import { finding } from '../finding';
import type { Finding } from 'sam-template';
import { unsafeHeaderNames } from '../verdict/safelist';
import type { Cause, Failure } from './cause';
import { valuesOf } from './sentTwice';

export function webPageCause({ response, step }: Failure, call: PageCall): Cause | undefined {
  if (step.name === 'preflight: Access-Control-Allow-Methods') {
    return methodCase(call, listed(response, 'Access-Control-Allow-Methods'));
  }
  if (step.name === 'preflight: Access-Control-Allow-Headers') {
    return unneededHeaders(call, listed(response, 'Access-Control-Allow-Headers'));
  }
  return undefined;
}

/** Warns about response headers in the request even if the browser blocks it for another reason. */
export function responseHeadersInRequest({ headers }: PageCall): Finding[] {
  const names = headers.map(([name]) => name).filter((name) => RESPONSE_HEADER.test(name));
  if (names.length === 0) return [];
  return [
    finding(
      'response-header-in-request',
      'warning',
      `The web page sends ${names.join(', ')}. Only the server sends such headers; in a request they have no effect except that the preflight must allow them.`,
      'Remove them from the headers of fetch.',
    ),
  ];
}

function methodCase({ url, method }: PageCall, allowed: readonly string[]): Cause | undefined {
  const upperCase = method.toUpperCase();
  if (method === upperCase || !allowed.includes(upperCase)) return undefined;
  return {
    ruleId: 'method-case',
    message: `The web page sends the method ${method}, and the server allows ${upperCase}. Methods are case-sensitive, and fetch changes only DELETE, GET, HEAD, OPTIONS, POST and PUT to upper case.`,
    fix: {
      description: `Write ${upperCase} in the web page.`,
      lines: [`fetch('${url}', { method: '${upperCase}' /* … */ })`],
    },
  };
}

function unneededHeaders({ url, method, headers }: PageCall, allowed: readonly string[]): Cause | undefined {
  const lowerCase = allowed.map((name) => name.toLowerCase());
  const unsafe = unsafeHeaderNames(headers).filter((name) => !lowerCase.includes(name));
  const missing = headers.map(([name]) => name).filter((name) => unsafe.includes(name.toLowerCase()));
  const kept = headers.map(([name]) => name).filter((name) => !missing.includes(name));
  const isUnneeded = (name: string) =>
    RESPONSE_HEADER.test(name) || (isBodyless(method) && /^content-type$/i.test(name));
  if (missing.length === 0 || !missing.every(isUnneeded)) return undefined;
  const reason = missing.some((name) => RESPONSE_HEADER.test(name))
    ? 'Only the server sends it, with its response'
    : `A ${method} request has no body, so it needs no Content-Type`;
  const object = kept.length === 0 ? '' : `, headers: { /* only ${kept.join(', ')} */ }`;
  return {
    ruleId: 'unneeded-request-header',
    message: `The web page sends the header ${missing.join(', ')}, which the server does not allow. ${reason}.`,
    fix: {
      description: `Remove ${missing.join(', ')} from the headers of fetch. No change on the server is needed.`,
      lines: [`fetch('${url}', { method: '${method}'${object} /* … */ })`],
    },
  };
}

function isBodyless(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function listed(response: Failure['response'], name: string): string[] {
  return splitNameList(valuesOf(response, name).join(','));
}
