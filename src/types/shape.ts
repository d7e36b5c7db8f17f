/** Collects the types of the attributes in a sample of items. No I/O. */
import type { Attributes } from '../dynamodb/attributeValue';

/** DynamoDB's names of the types. */
export type TypeName = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'L' | 'M' | 'SS' | 'NS' | 'BS';

/** All values of one attribute, or all elements of a list. */
export interface Shape {
  /** Number of values. */
  count: number;
  types: Set<TypeName>;
  /** The elements of all lists; undefined if no list has an element. */
  elements: Shape | undefined;
  /** The maps; undefined if there are none. */
  maps: MapShape | undefined;
}

/** All items, or all maps in the same place. */
export interface MapShape {
  /** Number of items or maps. */
  count: number;
  attributes: Map<string, Shape>;
}

export function emptyMapShape(): MapShape {
  return { count: 0, attributes: new Map() };
}

/** Adds an item or a map of typed values, such as `{"id":{"S":"a"}}`. */
export function addMap(shape: MapShape, attributes: Attributes): void {
  shape.count++;
  for (const [name, value] of Object.entries(attributes)) {
    const attribute = shape.attributes.get(name) ?? emptyShape();
    shape.attributes.set(name, attribute);
    addValue(attribute, value as object);
  }
}

/** Merges the attributes of a map into one shape, for maps whose names are data. */
export function mergeAttributes({ attributes }: MapShape): Shape {
  return [...attributes.values()].reduce(mergeShapes, emptyShape());
}

function emptyShape(): Shape {
  return { count: 0, types: new Set(), elements: undefined, maps: undefined };
}

function addValue(shape: Shape, value: object): void {
  const [entry] = Object.entries(value) as [TypeName, unknown][];
  const [type, content] = entry ?? (['NULL', true] as const);
  shape.count++;
  shape.types.add(type);
  if (type === 'M') addMap((shape.maps ??= emptyMapShape()), content as Attributes);
  if (type === 'L') {
    for (const element of content as object[]) addValue((shape.elements ??= emptyShape()), element);
  }
}

function mergeShapes(one: Shape, other: Shape): Shape {
  return {
    count: one.count + other.count,
    types: new Set([...one.types, ...other.types]),
    elements: mergeDefined(one.elements, other.elements, mergeShapes),
    maps: mergeDefined(one.maps, other.maps, mergeMaps),
  };
}

function mergeMaps(one: MapShape, other: MapShape): MapShape {
  const attributes = new Map(one.attributes);
  for (const [name, shape] of other.attributes) {
    const existing = attributes.get(name);
    attributes.set(name, existing === undefined ? shape : mergeShapes(existing, shape));
  }
  return { count: one.count + other.count, attributes };
}

function mergeDefined<Value>(
  one: Value | undefined,
  other: Value | undefined,
  merge: (one: Value, other: Value) => Value,
): Value | undefined {
  return one === undefined || other === undefined ? (one ?? other) : merge(one, other);
}
