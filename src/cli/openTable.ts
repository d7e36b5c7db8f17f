/** Opens the configured table: embedded, in AWS, or at an endpoint. */
import { UsageError } from 'command-line';
import type { Config } from '../config/config';
import type { Repository } from '../dynamodb/repository';
import { startInThread } from '../embedded/thread';
import type { ServeArguments } from './arguments';

/** A repository and everything that must be closed with it. */
export interface OpenTable {
  repository: Repository;
  /** Returns where the items come from, in words. */
  source: () => string;
  /** Returns the names of the tables that exist. */
  listTables: (signal: AbortSignal) => Promise<string[]>;
  /** The number of items at startup; undefined if unknown. */
  itemCount: number | undefined;
  close(): Promise<void>;
}

/** Options that only make sense for a DynamoDB outside of this process, by their environment variable. */
const REMOTE_SETTINGS = ['AWS_REGION', 'AWS_PROFILE'];

/**
 * Opens the table of the configuration.
 *
 * The embedded engine runs in its own thread, which starts before this function returns its promise. So the caller can
 * load other code at the same time.
 *
 * @throws UsageError if an option does not apply to the configured DynamoDB.
 */
export async function openTable(
  config: Config,
  { file, key, wait, settings }: Pick<ServeArguments, 'file' | 'key' | 'wait' | 'settings'>,
): Promise<OpenTable> {
  const { dynamodb, dynamodbTimeout: timeout, dynamodbFastPath: fastPath } = config;
  if (dynamodb.kind === 'embedded') {
    const remote = REMOTE_SETTINGS.map((name) => settings.get(name)?.option);
    const option = [...remote, wait ? '--wait' : undefined].find((given) => given !== undefined);
    if (option === undefined) return openEmbedded(config, file, key);
    throw new UsageError(
      `${option} does not apply to the embedded engine. Add --dynamodb aws or --endpoint-url URL, or remove ${option}.`,
    );
  }
  if (file !== undefined) {
    throw new UsageError(`${file}: a FILE needs the embedded engine. Remove it, or add --dynamodb embedded.`);
  }
  const { createRepository } = await import('../dynamodb/repository');
  const repository = createRepository({ ...dynamodb, timeout, fastPath });
  return {
    repository,
    source: () => sourceOf(dynamodb, repository.endpoint()),
    listTables: (signal) => repository.listTables(signal),
    itemCount: undefined,
    close: () => {
      repository.close();
      return Promise.resolve();
    },
  };
}

/** With `aws`, the endpoint that the SDK uses depends on the region, environment variables and configuration files. */
function sourceOf(
  dynamodb: Exclude<Config['dynamodb'], { kind: 'embedded' }>,
  used: string | undefined,
): string {
  const endpoint = used ?? (dynamodb.kind === 'endpoint' ? dynamodb.endpoint : undefined);
  if (endpoint === undefined) return 'DynamoDB in AWS';
  const isAws = /\.(?:amazonaws\.com(?:\.cn)?|api\.aws)(?::\d+)?$/.test(endpoint);
  return isAws ? `DynamoDB in AWS, ${endpoint}` : `DynamoDB at ${endpoint}`;
}

async function openEmbedded(
  { tableName, dynamodbTimeout: timeout, dynamodbFastPath: fastPath }: Config,
  file: string | undefined,
  key: ServeArguments['key'],
): Promise<OpenTable> {
  const started = startInThread({ tableName, file, keyNames: key });
  const [table, { createRepository }, { checkNesting }] = await Promise.all([
    started,
    import('../dynamodb/repository'),
    import('../embedded/nesting'),
  ]);
  const repository = createRepository({
    endpoint: table.endpoint,
    region: 'us-east-1',
    anonymous: true,
    timeout,
    fastPath,
  });
  const items = file ?? 'the sample, a week of earthquakes';
  return {
    repository: {
      ...repository,
      scanPage: async (call, signal) => {
        checkNesting(call);
        return repository.scanPage(call, signal);
      },
      // dynalite's DescribeTable has no item counts.
      describe: async (...parameters) => ({
        ...(await repository.describe(...parameters)),
        itemCount: table.itemCount,
        indexItemCounts: new Map(),
      }),
    },
    source: () => `the embedded engine with ${items}${table.partial ? ' (one part of a longer scan)' : ''}`,
    listTables: () => Promise.resolve([tableName]),
    itemCount: table.itemCount,
    close: async () => {
      repository.close();
      await table.close();
    },
  };
}
