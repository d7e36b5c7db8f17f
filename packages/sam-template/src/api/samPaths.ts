/** Collects the paths of a REST API of SAM, from its definition and from events. No I/O. */
import type { Place } from './api';
import type { ApiEvent } from './events';
import { ANY_KEY, readDefinition, unreadable, type Definition } from './openapi';
import { isRecord, list, record, type Properties } from './properties';
import { withEventAuth } from './samAuth';
import type { Operation } from './security';

interface Paths {
  definition: Definition;
  operations: readonly Operation[];
  /** The keys of each path that exists. */
  pathKeys: ReadonlyMap<string, readonly string[]>;
  /** Why the definition is not examined. */
  reason?: string;
}

/** A definition is the API: events add nothing to it, except with MergeDefinitions or OverrideApiAuth. */
export function pathsOf(properties: Properties, events: readonly ApiEvent[], place: Place): Paths {
  const { DefinitionBody, DefinitionUri } = properties;
  if (DefinitionBody === undefined && DefinitionUri === undefined) return eventPaths(events, place);
  const reason =
    DefinitionBody === undefined
      ? `its definition ${describe(DefinitionUri)} is not a local file that can be read`
      : unreadable(DefinitionBody);
  const definition = readDefinition(isRecord(DefinitionBody) ? DefinitionBody : {}, place);
  if (reason !== undefined) return { definition, operations: [], pathKeys: new Map(), reason };
  const overridden = definition.operations.map((operation) => overrideAuth(operation, events));
  const { operations, pathKeys } = definition;
  const hasPaths = isRecord((DefinitionBody as Properties).paths);
  return properties.MergeDefinitions === true && hasPaths
    ? mergeEvents({ definition, operations, pathKeys }, events)
    : { definition, operations: overridden, pathKeys };
}

function describe(uri: unknown): string {
  return typeof uri === 'string' ? uri : 'in S3';
}

/** Without a definition, the paths are those of the events. Conditions are decided after Cors. */
function eventPaths(events: readonly ApiEvent[], place: Place): Paths {
  const operations = unique(events.filter(({ isExcluded }) => !isExcluded).map(eventOperation));
  const paths = new Set(operations.map(({ path }) => path));
  return {
    definition: readDefinition({}, place),
    operations,
    pathKeys: new Map(
      [...paths].map((path) => [path, events.filter(isOn(path)).map(({ operation }) => keyOf(operation))]),
    ),
  };
}

const isOn = (path: string) => (event: ApiEvent) => event.operation.path === path;

function keyOf({ httpMethod }: Operation): string {
  return httpMethod === 'ANY' ? ANY_KEY : httpMethod.toLowerCase();
}

function eventOperation({ operation, properties }: ApiEvent): Operation {
  return withEventAuth(operation, record(properties, 'Auth'));
}

/** SAM rejects a second event with the same path and method. */
function unique(operations: readonly Operation[]): Operation[] {
  return operations.filter(
    (operation, at) => operations.findIndex((other) => isSame(operation, other)) === at,
  );
}

function isSame(left: Operation, right: Operation): boolean {
  return left.path === right.path && left.httpMethod === right.httpMethod;
}

/** The generated parts of an operation win over those of the definition. */
function mergeEvents({ definition, operations, pathKeys }: Paths, events: readonly ApiEvent[]): Paths {
  const generated = events
    .filter(({ isExcluded, isFunction }) => !isExcluded && isFunction)
    .map(eventOperation);
  if (generated.some(({ httpMethod }) => httpMethod === 'ANY')) {
    const reason =
      'with MergeDefinitions, SAM writes the method "any" of an event as it is, which is not OpenAPI';
    return { definition, operations: [], pathKeys: new Map(), reason };
  }
  const merged = generated.map((operation) => {
    const written = operations.find((other) => isSame(operation, other));
    return written !== undefined && operation.security.length === 0
      ? { ...operation, security: written.security }
      : operation;
  });
  const all = unique([...merged, ...operations]);
  const keys = new Map([...pathKeys].map(([path, own]) => [path, [...own]]));
  for (const operation of generated) {
    const own = keys.get(operation.path) ?? [];
    if (!own.includes(keyOf(operation))) keys.set(operation.path, [...own, keyOf(operation)]);
  }
  return { definition, operations: all, pathKeys: keys };
}

/** An event can set the auth of a method of the definition with `OverrideApiAuth: true`. */
function overrideAuth(operation: Operation, events: readonly ApiEvent[]): Operation {
  return events
    .filter((event) => !event.isExcluded && event.isFunction && isSame(event.operation, operation))
    .map(({ properties }) => record(properties, 'Auth'))
    .filter(({ OverrideApiAuth }) => OverrideApiAuth === true)
    .reduce(withEventAuth, operation);
}

/**
 * Returns the keys of each path before conditions are decided. If a condition selects the whole path, SAM lists the
 * methods of its first value for both.
 *
 * @param written the properties of the API before their functions are evaluated.
 * @param pathKeys the keys of each path in the resolved definition.
 */
export function keysBeforeConditions(
  { DefinitionBody }: Properties,
  pathKeys: ReadonlyMap<string, readonly string[]>,
): Map<string, readonly string[]> {
  const paths = record(record({ DefinitionBody }, 'DefinitionBody'), 'paths');
  return new Map([...pathKeys].map(([path, own]) => [path, writtenKeys(record(paths, path), own)]));
}

function writtenKeys(item: Properties, own: readonly string[]): string[] {
  const [first] = list(item, 'Fn::If')
    .slice(1)
    .filter(isRecord)
    .filter((value) => !('Ref' in value));
  if (first === undefined)
    return [...new Set([...Object.keys(item).filter((key) => !key.startsWith('Fn::')), ...own])];
  return [
    ...Object.keys(first).filter((key) => key !== 'options'),
    ...own.filter((key) => key === 'options'),
  ];
}
