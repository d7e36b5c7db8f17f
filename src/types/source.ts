/** Writes the TypeScript interface of a table's items, in the plain JSON that clients receive. No I/O. */
import { mergeAttributes, type MapShape, type Shape, type TypeName } from './shape';

/** How the client returns numbers; see its option `numbers`. */
export type Numbers = 'number' | 'string' | 'bigint-when-unsafe';

/** The TypeScript type of a number in each mode. */
export const NUMBER_TYPES: Readonly<Record<Numbers, string>> = {
  number: 'number',
  string: '`${number}`',
  'bigint-when-unsafe': 'number | bigint | `${number}`',
};

/** A map with more names than this, each in less than half of the maps, has names that are data, such as ids. */
const MAX_RARE_NAMES = 30;

export interface SourceOptions {
  tableName: string;
  /** The attributes of the primary key, which come first. */
  keyAttributes: readonly string[];
  numbers: Numbers;
  /** Whether the sample has every item of the table. */
  isWholeTable: boolean;
}

/**
 * Returns an interface in which attributes that some items lack are optional. After the key, attributes are in alphabetical
 * order, so that the result changes only if the table does.
 */
export function interfaceSource(items: MapShape, options: SourceOptions): string {
  const { tableName, keyAttributes, numbers, isWholeTable } = options;
  const name = interfaceName(tableName);
  const sample = isWholeTable ? `all ${items.count} items` : `a sample of ${items.count} items`;
  const isKey = (attribute: string) => keyAttributes.includes(attribute);
  const names = [...items.attributes.keys()].sort();
  const ordered = [
    ...keyAttributes.filter((key) => items.attributes.has(key)),
    ...names.filter((attribute) => !isKey(attribute)),
  ];
  return [
    `// Inferred from ${sample} of the table ${tableName} by: scan-records types`,
    ...(isWholeTable ? [] : ['// Other items may have other attributes and types.']),
    `export interface ${name} {`,
    ...ordered.flatMap((attribute) => propertyLines(attribute, items, numbers, '  ')),
    '}',
    '',
  ].join('\n');
}

/** Returns the name of a table or an ARN in PascalCase, with the suffix `Item`. */
export function interfaceName(tableName: string): string {
  const words = tableName.replace(/^arn:.*\//, '').split(/[^A-Za-z0-9]+/);
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return /^\d/.test(name) ? `Table${name}Item` : `${name}Item`;
}

function propertyLines(name: string, map: MapShape, numbers: Numbers, indent: string): string[] {
  const shape = map.attributes.get(name);
  if (shape === undefined) return [];
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  const isOptional = shape.count < map.count;
  // Every object inherits this name, so its value is not of the type if the item lacks it.
  const isInherited = isOptional && name in Object.prototype;
  const notes = [...shape.types].map((type) => NOTES[type]).filter((note) => note !== undefined);
  return [
    ...(notes.length === 0 ? [] : [`${indent}/** ${notes.join(' ')} */`]),
    `${indent}${key}${isOptional ? '?' : ''}: ${isInherited ? 'unknown' : typeOf(shape, numbers, indent)};`,
  ];
}

/** What plain JSON does not show. */
const NOTES: Readonly<Partial<Record<TypeName, string>>> = {
  B: 'Binary, as base64.',
  SS: 'A set of strings.',
  NS: 'A set of numbers.',
  BS: 'A set of binary values, as base64.',
};

/** The order of the parts of a union. */
const ORDER: readonly TypeName[] = ['S', 'B', 'N', 'BOOL', 'SS', 'BS', 'NS', 'L', 'M', 'NULL'];

function typeOf(shape: Shape, numbers: Numbers, indent: string): string {
  const parts = ORDER.filter((type) => shape.types.has(type)).map((type) =>
    partOf(type, shape, numbers, indent),
  );
  // An attribute that is always null has values of an unknown type elsewhere.
  return parts.every((part) => part === 'null') ? 'unknown' : [...new Set(parts)].join(' | ');
}

function partOf(type: TypeName, { elements, maps }: Shape, numbers: Numbers, indent: string): string {
  switch (type) {
    case 'S':
    case 'B':
      return 'string';
    case 'N':
      return NUMBER_TYPES[numbers];
    case 'BOOL':
      return 'boolean';
    case 'NULL':
      return 'null';
    case 'SS':
    case 'BS':
      return 'string[]';
    case 'NS':
      return arrayOf(NUMBER_TYPES[numbers]);
    case 'L':
      return elements === undefined ? 'unknown[]' : arrayOf(typeOf(elements, numbers, indent));
    case 'M':
      return maps === undefined ? 'object' : mapType(maps, numbers, indent);
  }
}

function arrayOf(element: string): string {
  return /\s/.test(element) ? `(${element})[]` : `${element}[]`;
}

function mapType(maps: MapShape, numbers: Numbers, indent: string): string {
  const { count, attributes } = maps;
  if (attributes.size === 0) return 'Record<string, unknown>';
  const isDictionary =
    attributes.size > MAX_RARE_NAMES && [...attributes.values()].every((shape) => shape.count < count / 2);
  if (isDictionary) return `Record<string, ${typeOf(mergeAttributes(maps), numbers, indent)}>`;
  const lines = [...attributes.keys()]
    .sort()
    .flatMap((name) => propertyLines(name, maps, numbers, `${indent}  `));
  return `{\n${lines.join('\n')}\n${indent}}`;
}
