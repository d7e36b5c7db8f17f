/** Keys and indexes of a table, and how a table description states them. No I/O. */
import { isObject } from '../../dynamodb/attributeValue';
import { ItemFileError } from './itemFileError';

/** Names of the key attributes: the hash key and, if there is one, the range key. */
export interface KeyNames {
  hash: string;
  range?: string;
}

/** An index, with the attributes that it contains besides the keys. */
export interface Index {
  name: string;
  kind: 'Global' | 'Local';
  key: KeyNames;
  projection: { ProjectionType: string; NonKeyAttributes?: string[] };
}

/** The keys of a table, as a description or the user states them. */
export interface TableSchema {
  key: KeyNames;
  indexes: readonly Index[];
  /** The types of key attributes, as far as a description states them. */
  types: ReadonlyMap<string, string>;
}

/** A table description, with the name of the table. */
export interface DescribedTable extends TableSchema {
  tableName: string;
}

/** Returns the names of the key attributes in order. */
export function namesOf({ hash, range }: KeyNames): string[] {
  return range === undefined ? [hash] : [hash, range];
}

/**
 * Reads the `Table` of the output of `aws dynamodb describe-table`.
 *
 * @throws ItemFileError if a part is missing.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
 */
export function describedTable(table: unknown): DescribedTable {
  const indexes = (field: string, kind: Index['kind']) =>
    listOf(table, field).map((index): Index => {
      return {
        name: textOf(index, 'IndexName'),
        kind,
        key: keySchemaOf(index),
        projection: projectionOf(index),
      };
    });
  return {
    tableName: textOf(table, 'TableName'),
    key: keySchemaOf(table),
    indexes: [...indexes('GlobalSecondaryIndexes', 'Global'), ...indexes('LocalSecondaryIndexes', 'Local')],
    types: typesIn(listOf(table, 'AttributeDefinitions')),
  };
}

/** Reads a table of a model of NoSQL Workbench, without its items. */
export function modeledTable(table: unknown): DescribedTable {
  const key = (owner: unknown): KeyNames => {
    const attributes = fieldOf(owner, 'KeyAttributes');
    const sortKey = fieldOf(attributes, 'SortKey');
    const hash = textOf(fieldOf(attributes, 'PartitionKey'), 'AttributeName');
    return sortKey === undefined ? { hash } : { hash, range: textOf(sortKey, 'AttributeName') };
  };
  const indexes = listOf(table, 'GlobalSecondaryIndexes').map((index): Index => {
    return {
      name: textOf(index, 'IndexName'),
      kind: 'Global',
      key: key(index),
      projection: projectionOf(index),
    };
  });
  const attributes = fieldOf(table, 'KeyAttributes');
  const types = typesIn([fieldOf(attributes, 'PartitionKey'), fieldOf(attributes, 'SortKey')]);
  return { tableName: textOf(table, 'TableName'), key: key(table), indexes, types };
}

function typesIn(attributes: readonly unknown[]): Map<string, string> {
  return new Map(
    attributes.flatMap((attribute): [string, string][] => {
      const [name, type] = [fieldOf(attribute, 'AttributeName'), fieldOf(attribute, 'AttributeType')];
      return typeof name === 'string' && typeof type === 'string' ? [[name, type]] : [];
    }),
  );
}

function keySchemaOf(owner: unknown): KeyNames {
  const keys = listOf(owner, 'KeySchema');
  const named = (type: string) => keys.find((key) => fieldOf(key, 'KeyType') === type);
  const hash = textOf(named('HASH'), 'AttributeName');
  const range = named('RANGE');
  return range === undefined ? { hash } : { hash, range: textOf(range, 'AttributeName') };
}

function projectionOf(index: unknown): Index['projection'] {
  const projection = fieldOf(index, 'Projection');
  const attributes = listOf(projection, 'NonKeyAttributes').map(String);
  const type = fieldOf(projection, 'ProjectionType');
  return {
    ProjectionType: typeof type === 'string' ? type : 'ALL',
    ...(attributes.length > 0 && { NonKeyAttributes: attributes }),
  };
}

function fieldOf(owner: unknown, name: string): unknown {
  return isObject(owner) ? owner[name] : undefined;
}

function listOf(owner: unknown, name: string): unknown[] {
  const list = fieldOf(owner, name);
  return Array.isArray(list) ? list : [];
}

function textOf(owner: unknown, name: string): string {
  const text = fieldOf(owner, name);
  if (typeof text === 'string' && text !== '') return text;
  throw new ItemFileError(
    `the table description has no ${name} where one is needed. Write it again with aws dynamodb describe-table`,
  );
}
