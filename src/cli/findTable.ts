/** Finds the table when the server starts, and its number of items. */
import { setTimeout } from 'node:timers/promises';
import { UsageError } from 'command-line';
import type { Config } from '../config/config';
import { DynamodbError } from '../dynamodb/dynamodbError';
import { dynamodbProblem } from '../scan/dynamodbProblem';
import type { OpenTable } from './openTable';

/** How long the startup message waits for DynamoDB. */
const TIMEOUT_MS = 2000;

/** How often `--wait` looks for the table. */
const WAIT_INTERVAL_MS = 1000;

interface Options {
  /** Wait until the table exists. */
  wait: boolean;
  /** Prints one line for the user. */
  print: (line: string) => void;
  /** Ends the waiting. */
  signal: AbortSignal;
}

/**
 * Returns the number of items in words, or why it is unavailable.
 *
 * @throws UsageError if the table does not exist, or the signal's reason.
 */
export async function describeItemCount(
  table: OpenTable,
  { tableName }: Pick<Config, 'tableName'>,
  { wait, print, signal }: Options,
): Promise<string> {
  const [served] = table.tables?.filter(({ name }) => name === tableName) ?? [];
  if (served !== undefined) return inWords(served.itemCount);
  for (let attempt = 0; ; attempt++) {
    try {
      const { itemCount } = await withTimeout((signal) => table.repository.describe(tableName, signal));
      return `about ${inWords(itemCount ?? 0)}, as estimated by DynamoDB`;
    } catch (error) {
      const isMissing = error instanceof DynamodbError && error.name === 'ResourceNotFoundException';
      if (!isMissing) {
        const reason = dynamodbProblem(error as Error)?.detail ?? 'DynamoDB did not respond in time.';
        return `item count unavailable: ${reason}`;
      }
      if (!wait) throw new UsageError(await describeMissingTable(table, tableName));
      if (attempt === 0) print(`Waiting until the table ${tableName} exists in ${table.source()}.`);
      await setTimeout(WAIT_INTERVAL_MS, undefined, { signal });
    }
  }
}

function inWords(count: number): string {
  return `${count} ${count === 1 ? 'item' : 'items'}`;
}

async function describeMissingTable(table: OpenTable, tableName: string): Promise<string> {
  const missing = `The table ${tableName} does not exist in ${table.source()}.`;
  const fix = 'Choose one with --table-name or TABLE_NAME, or wait until it exists with --wait.';
  return `${missing} ${await describeTables(table)} ${fix}`;
}

async function describeTables({ listTables }: OpenTable): Promise<string> {
  try {
    const names = await withTimeout(listTables);
    return names.length === 0 ? 'It has no tables.' : `Its tables are: ${names.join(', ')}.`;
  } catch (error) {
    const { name } = error as Error;
    return `Its tables cannot be listed (${name}).`;
  }
}

/** The SDK's search for credentials ignores the signal, so the timeout also races against it. */
async function withTimeout<Result>(send: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  return Promise.race([
    send(timeout),
    new Promise<never>((_, reject) => {
      timeout.addEventListener('abort', () => reject(timeout.reason as Error), { once: true });
    }),
  ]);
}
