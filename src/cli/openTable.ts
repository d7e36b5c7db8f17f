/** The table behind the app: embedded, in AWS, or at an endpoint. */
import { UsageError, type Arguments } from './arguments';
import type { Config } from '../config/config';
import { openRemote } from './remoteTable';
import { createRepository, type Repository } from '../dynamodb/repository';

/** A repository with all that it stands on. */
export interface OpenTable {
  repository: Repository;
  /** The engine and where its records come from, in words. */
  engine: string;
  /** How many records it started with, where that is known. */
  itemCount: number | undefined;
  close(): Promise<void>;
}

/** Opens what `DYNAMODB` names; the embedded engine is loaded only here and only then. */
export async function openTable(config: Config, { file, key }: Arguments): Promise<OpenTable> {
  if (config.dynamodb.kind === 'embedded') return openEmbedded(config, file, key);
  if (file !== undefined) {
    throw new UsageError(`${file}: a FILE is for the embedded table; leave it out, or leave DYNAMODB unset`);
  }
  const { dynamodb } = config;
  const repository = openRemote(dynamodb, config.dynamodbTimeout);
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
  { tableName, dynamodbTimeout: timeout }: Config,
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
  });
  const source = file ?? 'the sample, a week of earthquakes';
  return {
    repository: {
      ...repository,
      // The engine itself counts none, neither in the table nor in its index.
      describe: async (...asked) => ({
        ...(await repository.describe(...asked)),
        itemCount: table.itemCount,
        indexItemCounts: new Map(),
      }),
    },
    engine: `the embedded engine, filled from ${source}${table.partial ? ' (one part of a longer scan)' : ''}`,
    itemCount: table.itemCount,
    close: async () => {
      repository.close();
      await table.close();
    },
  };
}
