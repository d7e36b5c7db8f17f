/** Opens the configured table: embedded, in AWS, or at an endpoint. */
import { UsageError } from 'command-line';
import type { Config } from '../config/config';
import { createRepository, type Repository } from '../dynamodb/repository';
import type { Arguments } from './arguments';

/** A repository and everything that must be closed with it. */
export interface OpenTable {
  repository: Repository;
  /** The engine and the source of its items, in words. */
  engine: string;
  /** The number of items at startup; undefined if unknown. */
  itemCount: number | undefined;
  close(): Promise<void>;
}

/**
 * Opens the table of the configuration.
 *
 * The embedded engine is loaded on demand, so that it costs nothing when another DynamoDB is configured.
 *
 * @throws UsageError if a FILE is given but the table is not embedded.
 */
export async function openTable(config: Config, { file, key }: Arguments): Promise<OpenTable> {
  const { dynamodb, dynamodbTimeout: timeout, dynamodbFastPath: fastPath } = config;
  if (dynamodb.kind === 'embedded') return openEmbedded(config, file, key);
  if (file !== undefined) {
    throw new UsageError(`${file}: a FILE needs the embedded table. Remove it, or unset DYNAMODB`);
  }
  const repository = createRepository({ ...dynamodb, timeout, fastPath });
  return {
    repository,
    engine: dynamodb.kind === 'aws' ? 'DynamoDB in AWS' : `DynamoDB at ${dynamodb.endpoint}`,
    itemCount: undefined,
    close: () => {
      repository.close();
      return Promise.resolve();
    },
  };
}

async function openEmbedded(
  { tableName, dynamodbTimeout: timeout, dynamodbFastPath: fastPath }: Config,
  file: string | undefined,
  key: Arguments['key'],
): Promise<OpenTable> {
  const { startEmbedded } = await import('../embedded/start');
  const table = await startEmbedded(tableName, file, key);
  const repository = createRepository({
    endpoint: table.endpoint,
    region: 'us-east-1',
    anonymous: true,
    timeout,
    fastPath,
  });
  const source = file ?? 'the sample, a week of earthquakes';
  return {
    repository: {
      ...repository,
      // The engine counts the items neither of the table nor of its index.
      describe: async (...parameters) => ({
        ...(await repository.describe(...parameters)),
        itemCount: table.itemCount,
        indexItemCounts: new Map(),
      }),
    },
    engine: `the embedded engine with ${source}${table.partial ? ' (one part of a longer scan)' : ''}`,
    itemCount: table.itemCount,
    close: async () => {
      repository.close();
      await table.close();
    },
  };
}
