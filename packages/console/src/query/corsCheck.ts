/** Decides what a browser does with a request of another page, by the server's own policy. No I/O. */
import {
  decide,
  isBlocking,
  isForbiddenMethod,
  isForbiddenRequestHeader,
  isOrigin,
  isToken,
  splitNameList,
  type BlockingDecision,
  type CorsPolicy,
  type CorsSettings,
} from 'cors-policy';

/** The `fetch` call of a web page. */
export interface PageCall {
  origin: string;
  method: string;
  /** Names, separated by commas. */
  headers: string;
  credentials: boolean;
}

export interface Outcome {
  verdict: 'allowed' | 'blocked' | 'invalid';
  /** Sentences: why, and what would change it. */
  reasons: string[];
  /** Whether the browser sends an OPTIONS request first. */
  preflight: boolean;
}

type SettingNames = Partial<Record<keyof CorsSettings, string>>;

const SAFELISTED_METHODS = ['GET', 'HEAD', 'POST'];

/** Safe with ordinary values. Content-Type is not among them, because items are requested with a JSON body. */
const SAFELISTED_HEADERS = ['accept', 'accept-language', 'content-language', 'range'];

/** https://fetch.spec.whatwg.org/#concept-method-normalize: `patch` is not among them. */
const NORMALIZED_METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];

/** @param settings the server's setting for each field of the policy. */
export function checkCall(policy: CorsPolicy, settings: SettingNames, call: PageCall): Outcome {
  const method = normalizedMethod(call.method);
  const names = splitNameList(call.headers);
  const invalid = invalidReasons(call.origin, method, names);
  if (invalid.length > 0) return { verdict: 'invalid', reasons: invalid, preflight: false };

  const unsafe = names.map((name) => name.toLowerCase()).filter((name) => !SAFELISTED_HEADERS.includes(name));
  const preflight = !SAFELISTED_METHODS.includes(method) || unsafe.length > 0;
  const request = { method, origin: call.origin, requestMethod: undefined, requestHeaders: undefined };
  const decision = decide(
    policy,
    preflight
      ? { ...request, method: 'OPTIONS', requestMethod: method, requestHeaders: unsafe.sort().join(',') }
      : request,
  );
  const reasons = [
    ...(isBlocking(decision) ? [explain(decision, policy, settings)] : []),
    ...(call.credentials ? credentialReasons(policy, settings) : []),
  ];
  if (reasons.length > 0) return { verdict: 'blocked', reasons, preflight };
  const origin = policy.origins === '*' ? 'Every origin is allowed' : `${call.origin} is an allowed origin`;
  const rest = preflight ? ', and the preflight allows the method and the headers.' : '.';
  return { verdict: 'allowed', reasons: [`${origin}${rest}`], preflight };
}

function normalizedMethod(method: string): string {
  const upper = method.toUpperCase();
  return NORMALIZED_METHODS.includes(upper) ? upper : method;
}

function invalidReasons(origin: string, method: string, names: readonly string[]): string[] {
  const reasons: string[] = [];
  if (origin !== 'null' && !isOrigin(origin)) {
    reasons.push(
      'This is not an origin. Use scheme, host and optional port, for example http://localhost:5173.',
    );
  }
  if (!isToken(method)) reasons.push('Enter a method, for example POST.');
  else if (isForbiddenMethod(method)) reasons.push(`fetch throws for the method ${method}.`);
  for (const name of names) {
    if (!isToken(name)) reasons.push(`"${name}" is not a header name.`);
    else if (isForbiddenRequestHeader(name))
      reasons.push(`Only the browser itself can set the header ${name}.`);
  }
  return reasons;
}

function explain(decision: BlockingDecision, { methods }: CorsPolicy, settings: SettingNames): string {
  switch (decision.name) {
    case 'OriginNotAllowed':
      return `The origin is not allowed. ${change(settings.origins, isOrigin(decision.origin) ? `Add ${decision.origin} to` : 'Only * allows it in')}`;
    case 'MethodNotAllowed':
      return `The method ${decision.method} is not allowed. Send one of ${methods.join(', ')}.`;
    case 'HeadersNotAllowed':
      return `The preflight does not allow ${decision.headers.join(', ')}. ${change(settings.allowHeaders, 'Add it to')}`;
  }
}

function credentialReasons({ credentials, origins }: CorsPolicy, settings: SettingNames): string[] {
  if (credentials) return [];
  const list = origins === '*' ? ` ${change(settings.origins, 'List the origins in')}` : '';
  return [`The server does not allow credentials. ${change(settings.credentials, 'Set to true:')}${list}`];
}

function change(setting: string | undefined, what: string): string {
  return setting === undefined ? 'No setting of the server changes this.' : `${what} ${setting}.`;
}

/** Returns the command that asks the server itself. */
export function doctorCommand(url: string, { origin, method, headers, credentials }: PageCall): string {
  const options = [
    `--origin ${shellWord(origin)}`,
    `--method ${shellWord(method)}`,
    ...splitNameList(headers).map((name) => `--header ${shellWord(name)}`),
    ...(credentials ? ['--credentials'] : []),
  ];
  return `npx cors-doctor ${[shellWord(url), ...options].join(' ')}`;
}

function shellWord(text: string): string {
  return /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
