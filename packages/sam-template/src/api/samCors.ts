/** Adds the OPTIONS methods that SAM creates for the property Cors of a REST API. No I/O. */
import { isOpen, openMap } from '../template/openMap';
import { Unknown } from '../template/unknown';
import type { Place } from './api';
import { mockIntegration, UNKNOWN_LITERAL } from './integration';
import { ANY_KEY } from './openapi';
import { isRecord, type Properties } from './properties';
import type { Operation } from './security';

const ALL_METHODS = 'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT';

/**
 * Returns a MOCK on OPTIONS for every path that has none, also beside ANY.
 *
 * @param pathKeys the keys of each path item, including methods whose condition is false.
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-corsconfiguration.html
 */
export function corsOperations(
  cors: unknown,
  pathKeys: ReadonlyMap<string, readonly string[]>,
  place: Place,
): Operation[] {
  if (!isEnabled(cors)) return [];
  const settings = isRecord(cors)
    ? cors
    : cors instanceof Unknown && cors.canBeMap
      ? openMap(cors)
      : { AllowOrigin: cors };
  // API Gateway treats /path and /path/ as the same path.
  const first = new Map([...pathKeys.keys()].reverse().map((path) => [path.replace(/(?<=.)\/+$/, ''), path]));
  return [...pathKeys]
    .filter(([path, keys]) => !keys.includes('options') && [...first.values()].includes(path))
    .map(([path, keys]) => preflightOperation(path, corsParameters(settings, keys), place));
}

/** SAM ignores an empty value of Cors. */
function isEnabled(cors: unknown): boolean {
  return isRecord(cors) ? Object.keys(cors).length > 0 : Boolean(cors);
}

function preflightOperation(
  path: string,
  headers: Readonly<Record<string, string>>,
  { logicalId, line }: Place,
): Operation {
  const names = Object.keys(headers).map((name) => name.slice(PREFIX.length).toLowerCase());
  return {
    logicalId,
    line,
    path,
    httpMethod: 'OPTIONS',
    origin: 'cors',
    integration: mockIntegration(headers),
    methodResponses: new Map([['200', new Set(names)]]),
    security: [],
  };
}

const PREFIX = 'method.response.header.';

function corsParameters(settings: Properties, keys: readonly string[]): Record<string, string> {
  // A transform can add each of them at deployment.
  const added = isOpen(settings) ? UNKNOWN_LITERAL : undefined;
  const given = Object.entries({
    'Allow-Origin': settings.AllowOrigin ?? added ?? "'*'",
    'Allow-Headers': settings.AllowHeaders ?? added ?? '',
    'Allow-Methods': settings.AllowMethods ?? added ?? `'${methodsOf(keys)}'`,
    'Max-Age': settings.MaxAge ?? '',
    'Allow-Credentials': settings.AllowCredentials === true ? "'true'" : '',
  });
  return Object.fromEntries(
    given
      .map(([name, value]) => [`${PREFIX}Access-Control-${name}`, valueOf(value)] as const)
      .filter(([, value]) => value !== ''),
  );
}

function valueOf(value: unknown): string {
  if (value instanceof Unknown) return UNKNOWN_LITERAL;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** SAM lists every key of the path item, even those that are not methods. */
function methodsOf(keys: readonly string[]): string {
  if (keys.includes(ANY_KEY)) return ALL_METHODS;
  return [...new Set([...keys, 'options'].map((key) => key.toUpperCase()))].sort().join(',');
}
