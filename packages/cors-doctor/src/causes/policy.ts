/** A CORS policy that is missing or too narrow, by the check that fails. No I/O. */
import { splitNameList } from 'cors-policy';
import type { Evidence } from '../evidence';
import { ALLOW_ORIGIN, headerOf, listContains } from '../headers';
import { unsafeHeaderNames } from '../verdict/safelist';
import type { Cause, Failure } from './cause';

export function policyCause(failure: Failure, evidence: Evidence): Cause {
  const { response, step } = failure;
  const name = step.name.replace(/^\w+: /, '');
  const [ruleId, message] = EXPLANATIONS[name]?.(failure, evidence) ?? [
    'cors-headers',
    `${step.name}: received ${step.received}, needed ${step.needed}.`,
  ];
  const html = response.contentType === 'text/html' && response.bodyStart.trimStart().startsWith('<');
  return {
    ruleId,
    message: `${message}${html ? ' The response is an HTML page, so also check that the URL is the one of the API.' : ''}`,
    fix: 'allow',
  };
}

type Explanation = readonly [ruleId: string, message: string];

const EXPLANATIONS: Readonly<
  Record<string, (failure: Failure, evidence: Evidence) => Explanation | undefined>
> = {
  'Access-Control-Allow-Origin': missingOrigin,
  'Access-Control-Allow-Credentials': ({ step }) => [
    'credentials-not-allowed',
    `The web page sends credentials, and Access-Control-Allow-Credentials is ${step.received}. It must be exactly true, in lower case.`,
  ],
  'Access-Control-Allow-Methods': methods,
  'Access-Control-Allow-Headers': headers,
};

function missingOrigin({ response }: Failure, { call, preflight }: Evidence): Explanation | undefined {
  const isPreflight = response.purpose === 'preflight';
  const label = `The response to ${isPreflight ? 'OPTIONS' : call.method}`;
  if (!isPreflight && preflight !== undefined && headerOf(preflight, ALLOW_ORIGIN) !== undefined) {
    return [
      'headers-on-options-only',
      `The CORS headers are set for OPTIONS only. ${label} needs Access-Control-Allow-Origin too.`,
    ];
  }
  const configured =
    response.headers.some(([name]) => /^access-control-allow-(?:methods|headers|credentials)$/i.test(name)) ||
    listContains(headerOf(response, 'vary'), 'Origin');
  return configured
    ? [
        'origin-not-allowed',
        `CORS is configured, but not for ${call.origin}. The origin must be in the list exactly like this: a slash at the end, http instead of https, or another port makes it a different one.`,
      ]
    : [
        'no-cors',
        `${label} has no CORS headers: CORS is not configured for this path, or not for exactly ${call.origin}. An origin with a slash at the end is a different one.`,
      ];
}

function methods({ response, step }: Failure, { call }: Evidence): Explanation {
  const listed = splitNameList(headerOf(response, 'Access-Control-Allow-Methods') ?? '');
  const { method } = call;
  if (step.needed.startsWith('names')) return invalidList('Access-Control-Allow-Methods', step.received);
  const other = listed.find((one) => one.toUpperCase() === method.toUpperCase());
  if (other !== undefined) {
    return [
      'method-case',
      `The server allows ${other}, and the browser sends ${method}. Methods are case-sensitive.`,
    ];
  }
  if (listed.includes('*')) {
    return ['method-not-allowed', `With credentials, * is not a wildcard. The server must list ${method}.`];
  }
  return [
    'method-not-allowed',
    `The server ${listed.length === 0 ? 'allows no methods except GET, HEAD and POST' : `allows ${listed.join(', ')}`}, but not ${method}.`,
  ];
}

function headers({ response, step }: Failure, { call }: Evidence): Explanation {
  if (step.needed.startsWith('names')) return invalidList('Access-Control-Allow-Headers', step.received);
  const listed = splitNameList(headerOf(response, 'Access-Control-Allow-Headers') ?? '').map((one) =>
    one.toLowerCase(),
  );
  const missing = unsafeHeaderNames(call.headers).filter((name) => !listed.includes(name));
  const names = call.headers.map(([name]) => name).filter((name) => missing.includes(name.toLowerCase()));
  if (listed.includes('*')) {
    return [
      'header-not-allowed',
      `* does not cover ${names.join(', ')} here. The server must list the name.`,
    ];
  }
  return [
    'header-not-allowed',
    `The server does not allow the request header ${names.join(', ')}: Access-Control-Allow-Headers is ${step.received}.`,
  ];
}

function invalidList(name: string, received: string): Explanation {
  return ['invalid-list', `${name} is not a list of names separated by commas: ${received}.`];
}
