/** Compares property values with the types of CloudFormation's specification. No I/O. */
import type { Property, PropertyType, SpecDatabase } from '@aws-cdk/service-spec-types';
import { isAddingKey, isOpen } from '../template/openMap';
import { Unknown } from '../template/unknown';

/** One invalid or missing property. */
export interface PropertyIssue {
  /** For example `Integration.IntegrationResponses[0].StatusCode`. */
  path: string;
  reason: string;
  fix: string;
}

/**
 * Compares the properties of a resource with their specification.
 *
 * @param path prefix of the reported property names.
 */
export function propertyIssues(
  database: SpecDatabase,
  specified: Readonly<Record<string, Property>>,
  given: Readonly<Record<string, unknown>>,
  path = '',
): PropertyIssue[] {
  const missing = Object.entries(specified)
    .filter(([name, { required }]) => required === true && !Object.hasOwn(given, name) && !isOpen(given))
    .map(([name]) => ({
      path: `${path}${name}`,
      reason: 'this required property is missing',
      fix: `Add ${name}`,
    }));
  const invalid = Object.entries(given).flatMap(([name, value]) => {
    const property = Object.hasOwn(specified, name) ? specified[name] : undefined;
    if (isAddingKey(name)) return [];
    if (property !== undefined) return typeIssues(database, property.type, value, `${path}${name}`);
    const fix = `Use one of ${Object.keys(specified).sort().join(', ')}`;
    return [{ path: `${path}${name}`, reason: 'there is no such property', fix }];
  });
  return [...missing, ...invalid];
}

function typeIssues(
  database: SpecDatabase,
  type: PropertyType,
  value: unknown,
  path: string,
): PropertyIssue[] {
  // The rule `references` reports values that cannot be resolved.
  // SAM removes null values.
  if (value === undefined || value === null || value instanceof Unknown) return [];
  if (isRecord(value) && isOpen(value) && type.type !== 'map' && type.type !== 'ref') return [];
  switch (type.type) {
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
    case 'date-time':
      return scalarIssues(type, value, path);
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((item, at) => typeIssues(database, type.element, item, `${path}[${at}]`))
        : [wrongType(path, value, 'a list')];
    case 'map':
      return isRecord(value)
        ? Object.entries(value).flatMap(([key, item]) =>
            typeIssues(database, type.element, item, `${path}.${key}`),
          )
        : [wrongType(path, value, 'a map')];
    case 'ref':
      return isRecord(value)
        ? propertyIssues(
            database,
            database.get('typeDefinition', type.reference.$ref).properties,
            value,
            `${path}.`,
          )
        : [wrongType(path, value, 'a map')];
    case 'union':
      return unionIssues(type.types.map((option) => typeIssues(database, option, value, path)));
    case 'tag':
    case 'json':
    case 'null':
      return [];
  }
}

/** Returns no issues if one of the types accepts the value, otherwise the issues of the closest type. */
function unionIssues(issuesByType: readonly PropertyIssue[][]): PropertyIssue[] {
  return issuesByType.reduce(
    (fewest, issues) => (issues.length < fewest.length ? issues : fewest),
    issuesByType[0] ?? [],
  );
}

type ScalarType = Extract<PropertyType, { type: 'string' | 'integer' | 'number' | 'boolean' | 'date-time' }>;

/** The values that each type accepts. CloudFormation converts between scalars if nothing is lost. */
const SCALARS: Readonly<Record<ScalarType['type'], [expected: string, pattern: RegExp]>> = {
  string: ['a string', /^/],
  'date-time': ['a date and time', /^/],
  integer: ['a whole number', /^-?\d+$/],
  number: ['a number', /^-?\d+(?:\.\d+)?$/],
  boolean: ['true or false', /^(?:true|false)$/i],
};

function scalarIssues(type: ScalarType, value: unknown, path: string): PropertyIssue[] {
  const [expected, pattern] = SCALARS[type.type];
  const text = isScalar(value) ? String(value) : undefined;
  if (text === undefined || !pattern.test(text)) return [wrongType(path, value, expected)];
  const allowed = 'allowedValues' in type ? (type.allowedValues ?? []) : [];
  const isAllowed = allowed.length === 0 || allowed.some((choice) => String(choice) === text);
  return isAllowed ? [] : [wrongType(path, value, `one of ${allowed.join(', ')}`)];
}

function wrongType(path: string, value: unknown, expected: string): PropertyIssue {
  return { path, reason: `${JSON.stringify(value)} is not ${expected}`, fix: `Set it to ${expected}` };
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
