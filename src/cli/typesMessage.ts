/** The output of `scan-records types`. */
import { UsageError } from 'command-line';
import type { Config } from '../config/config';
import { DynamodbError } from '../dynamodb/dynamodbError';
import { dynamodbProblem } from '../scan/dynamodbProblem';
import { readSample } from '../types/sample';
import { addMap, emptyMapShape } from '../types/shape';
import { interfaceSource } from '../types/source';
import type { TypesArguments } from './arguments';
import { describeItemCount } from './findTable';
import type { OpenTable } from './openTable';

/**
 * Returns a TypeScript interface of the items that clients can see.
 *
 * @param print prints one line for the user.
 * @throws UsageError if the table cannot be read, or has no items.
 */
export async function typesMessage(
  table: OpenTable,
  config: Config,
  { numbers, sampleSize, wait }: TypesArguments,
  print: (line: string) => void,
): Promise<string> {
  const { repository, source } = table;
  const { tableName, visibleAttributes } = config;
  const { signal } = new AbortController();
  // Names the tables that exist if this one does not.
  await describeItemCount(table, config, { wait, print, signal });
  const shape = emptyMapShape();
  try {
    const { key } = await repository.describe(tableName, signal);
    const keyAttributes = key.map((attribute) => attribute.AttributeName);
    const { items, isWholeTable } = await readSample(repository, tableName, sampleSize, signal);
    for (const item of items) addMap(shape, item);
    if (shape.count === 0)
      throw new UsageError(`The table ${tableName} in ${source()} has no items, so their types are unknown.`);
    for (const name of shape.attributes.keys()) {
      if (visibleAttributes?.[tableName]?.includes(name) === false) shape.attributes.delete(name);
    }
    return interfaceSource(shape, { tableName, keyAttributes, numbers, isWholeTable });
  } catch (error) {
    if (!(error instanceof DynamodbError)) throw error;
    throw new UsageError(
      `Cannot read the table ${tableName} in ${source()}: ${dynamodbProblem(error)?.detail ?? error.message}`,
    );
  }
}
