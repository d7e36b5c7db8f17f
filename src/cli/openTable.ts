/** Opens the configured table: embedded, in AWS, or at an endpoint. */
import { UsageError } from 'command-line';
import type { Config } from '../config/config';
import type { Repository } from '../dynamodb/repository';
import type { ServedTable } from '../embedded/start';
import type { ServeArguments } from './arguments';
import { openEmbedded } from './openEmbedded';

/** A repository and everything that must be closed with it. */
export interface OpenTable {
  repository: Repository;
  /** Returns where the items come from, in words. */
  source: () => string;
  /** Returns the names of the tables that exist. */
  listTables: (signal: AbortSignal) => Promise<string[]>;
  /** The tables of the embedded engine, the default one first; undefined for other DynamoDBs. */
  tables: readonly ServedTable[] | undefined;
  /** Sentences about parts of the files that are not served. */
  warnings: readonly string[];
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
 * @param isNamed whether the user has set the name of the table. Otherwise files can name it.
 * @param print prints one line for the user.
 * @throws UsageError if an option does not apply to the configured DynamoDB.
 */
export async function openTable(
  config: Config,
  { files, wait, settings }: Pick<ServeArguments, 'files' | 'wait' | 'settings'>,
  { isNamed = false, print = () => undefined }: { isNamed?: boolean; print?: (line: string) => void } = {},
): Promise<OpenTable> {
  const { dynamodb, dynamodbTimeout: timeout, dynamodbFastPath: fastPath } = config;
  if (dynamodb.kind === 'embedded') {
    const remote = REMOTE_SETTINGS.map((name) => settings.get(name)?.option);
    const option = [...remote, wait ? '--wait' : undefined].find((given) => given !== undefined);
    if (config.tableName.startsWith('arn:')) {
      throw new UsageError(
        `${config.tableName}: an ARN is the name of a table in AWS. Add --dynamodb aws, or use a name such as Orders for the embedded engine.`,
      );
    }
    if (option === undefined) return openEmbedded(config, files, { isNamed, print });
    throw new UsageError(
      `${option} does not apply to the embedded engine. Add --dynamodb aws or --endpoint-url URL, or remove ${option}.`,
    );
  }
  if (files !== undefined) {
    throw new UsageError(
      `${files.paths.join(' ')}: a FILE needs the embedded engine. Remove it, or add --dynamodb embedded.`,
    );
  }
  const { createRepository } = await import('../dynamodb/repository');
  const repository = createRepository({ ...dynamodb, timeout, fastPath });
  return {
    repository,
    source: () => sourceOf(dynamodb, repository.endpoint()),
    listTables: (signal) => repository.listTables(signal),
    tables: undefined,
    warnings: [],
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
