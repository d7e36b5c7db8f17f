/** Values against the types of CloudFormation's specification. */
import type { Property, PropertyType, SpecDatabase } from '@aws-cdk/service-spec-types';

/** What is wrong with one property. */
export interface Fault {
  /** Such as `Integration.IntegrationResponses[0].StatusCode`. */
  path: string;
  reason: string;
  mend: string;
}

/** Compares the properties that are given with those that are specified. */
export function faultsOf(
  database: SpecDatabase,
  specified: Readonly<Record<string, Property>>,
  given: Readonly<Record<string, unknown>>,
  path = '',
): Fault[] {
  const missing = Object.entries(specified)
    .filter(([name, { required }]) => required === true && !Object.hasOwn(given, name))
    .map(([name]) => ({ path: `${path}${name}`, reason: 'it is required', mend: 'Add it' }));
  const faults = Object.entries(given).flatMap(([name, value]) => {
    const property = Object.hasOwn(specified, name) ? specified[name] : undefined;
    if (property !== undefined) return typeFaults(database, property.type, value, `${path}${name}`);
    const mend = `Take one of ${Object.keys(specified).sort().join(', ')}`;
    return [{ path: `${path}${name}`, reason: 'there is no such property', mend }];
  });
  return [...missing, ...faults];
}

function typeFaults(database: SpecDatabase, type: PropertyType, value: unknown, path: string): Fault[] {
  // What could not be resolved is a finding of its own.
  if (value === undefined) return [];
  switch (type.type) {
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
    case 'date-time':
      return scalarFaults(type, value, path);
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((item, at) => typeFaults(database, type.element, item, `${path}[${at}]`))
        : [fault(path, value, 'a list')];
    case 'map':
      return isRecord(value)
        ? Object.entries(value).flatMap(([key, item]) =>
            typeFaults(database, type.element, item, `${path}.${key}`),
          )
        : [fault(path, value, 'a map')];
    case 'ref':
      return isRecord(value)
        ? faultsOf(
            database,
            database.get('typeDefinition', type.reference.$ref).properties,
            value,
            `${path}.`,
          )
        : [fault(path, value, 'a map')];
    case 'union':
      return unionFaults(type.types.map((one) => typeFaults(database, one, value, path)));
    case 'tag':
    case 'json':
    case 'null':
      return [];
  }
}

/** No fault where one of the types takes the value, else those of the type that comes closest. */
function unionFaults(faults: readonly Fault[][]): Fault[] {
  return faults.reduce((least, some) => (some.length < least.length ? some : least), faults[0] ?? []);
}

type ScalarType = Extract<PropertyType, { type: 'string' | 'integer' | 'number' | 'boolean' | 'date-time' }>;

/** CloudFormation turns scalars into each other, where that loses nothing. */
const SCALARS: Readonly<Record<ScalarType['type'], [words: string, form: RegExp]>> = {
  string: ['a text', /^/],
  'date-time': ['a time', /^/],
  integer: ['a whole number', /^-?\d+$/],
  number: ['a number', /^-?\d+(?:\.\d+)?$/],
  boolean: ['true or false', /^(?:true|false)$/i],
};

function scalarFaults(type: ScalarType, value: unknown, path: string): Fault[] {
  const [words, form] = SCALARS[type.type];
  const written = isScalar(value) ? String(value) : undefined;
  if (written === undefined || !form.test(written)) return [fault(path, value, words)];
  const allowed = 'allowedValues' in type ? (type.allowedValues ?? []) : [];
  const isAllowed = allowed.length === 0 || allowed.some((one) => String(one) === written);
  return isAllowed ? [] : [fault(path, value, `one of ${allowed.join(', ')}`)];
}

function fault(path: string, value: unknown, words: string): Fault {
  return { path, reason: `${JSON.stringify(value)} is not ${words}`, mend: `Give it ${words}` };
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
