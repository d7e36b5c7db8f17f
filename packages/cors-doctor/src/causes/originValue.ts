/** An Access-Control-Allow-Origin that is not the origin of the web page: says what is different. No I/O. */
import { parseUrl } from 'cors-policy';
import type { PageCall } from '../diagnosis';
import type { Cause, Failure } from './cause';
import { valuesOf } from './sentTwice';

export function originValue(
  { response, step }: Failure,
  call: PageCall,
  sentOrigin: string,
): Cause | undefined {
  if (!step.name.endsWith('Access-Control-Allow-Origin')) return undefined;
  const [value] = valuesOf(response, 'Access-Control-Allow-Origin');
  if (value === undefined) return undefined;
  const [ruleId, difference] = differenceOf(value, sentOrigin, call.credentials === 'include');
  return {
    ruleId,
    message: `The server sends Access-Control-Allow-Origin: ${value}. ${difference}`,
    fix: 'allow',
  };
}

type Difference = readonly [ruleId: string, sentence: string];

function differenceOf(value: string, origin: string, included: boolean): Difference {
  if (value === '*' && included) {
    return [
      'wildcard-with-credentials',
      'With credentials, browsers do not accept *: the server must send the origin itself.',
    ];
  }
  return spelling(value, origin) ?? otherOrigin(value, origin);
}

/** Values that no browser accepts from any web page, or that only look like the origin. */
function spelling(value: string, origin: string): Difference | undefined {
  if (value === '') return ['origin-empty', 'The value is empty.'];
  if (/^["'].*["']$/.test(value))
    return ['origin-quoted', `The quotes are part of the value. It must be ${origin}, without quotes.`];
  if (value === `${origin}/`)
    return [
      'origin-slash',
      `The slash at the end is the error: an origin never ends in a slash. It must be ${origin}.`,
    ];
  if (value.toLowerCase() === origin)
    return ['origin-case', `Browsers compare the exact text, and the origin is ${origin}.`];
  if (/[\s,;|]/.test(value)) {
    return [
      'origin-list',
      'Browsers accept one origin, not a list. The server must compare the Origin of the request with its list, and send only the one that matches.',
    ];
  }
  if (value.includes('*')) {
    return [
      'origin-pattern',
      'Browsers accept * only alone, not as a part of an origin. The server must compare the Origin of the request with the pattern, and send that origin.',
    ];
  }
  if (value === 'null')
    return [
      'origin-null',
      `null is the origin of sandboxed web pages and of local files. The web page has the origin ${origin}.`,
    ];
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) {
    return [
      'origin-without-scheme',
      `An origin begins with its scheme, such as http:// or https://. It must be ${origin}.`,
    ];
  }
  const url = parseUrl(value);
  if (url?.origin === origin) {
    return ['origin-path', `An origin has no path and no default port. It must be ${origin}.`];
  }
  return undefined;
}

function otherOrigin(value: string, origin: string): Difference {
  if (origin === 'null') {
    return [
      'origin-not-allowed',
      'The browser sends Origin: null, because the web page is sandboxed or a local file, or because of a redirect to another server.',
    ];
  }
  const [allowed, page] = [parseUrl(value), new URL(origin)];
  const differs = (ruleId: string, what: string): Difference => [
    ruleId,
    `The web page has the origin ${origin}: ${what}.`,
  ];
  if (allowed === undefined) return differs('origin-not-allowed', 'the value is not a valid origin');
  const sameHost = allowed.hostname === page.hostname;
  if (sameHost && allowed.protocol !== page.protocol) {
    return differs(
      'origin-scheme',
      `${allowed.protocol.slice(0, -1)} and ${page.protocol.slice(0, -1)} are different origins`,
    );
  }
  if (sameHost) return differs('origin-port', 'the port is different, and the port is part of the origin');
  if (isLoopback(allowed) && isLoopback(page)) {
    return differs(
      'origin-host',
      `${allowed.hostname} and ${page.hostname} are different origins, although both are this machine`,
    );
  }
  return differs('origin-not-allowed', 'the host is different');
}

function isLoopback({ hostname }: URL): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
