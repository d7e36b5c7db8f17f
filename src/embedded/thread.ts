/** Starts the embedded table in a thread of its own: it loads beside the app, and never delays a request. */
import { on } from 'node:events';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { KeyNames } from './keys';
import type { Progress } from './progress';
import { ItemFileError } from './splitItems';
import type { EmbeddedTable } from './start';

/** What the thread loads. */
export interface EmbeddedSource {
  tableName: string;
  /** Path of the user's file; undefined loads the sample. */
  file: string | undefined;
  keyNames: KeyNames;
}

export type LoadedTable = Pick<EmbeddedTable, 'endpoint' | 'itemCount' | 'partial'>;

/** A message of the thread. The last one is `loaded` or `invalid`. */
export type ThreadMessage =
  | { kind: 'progress'; itemCount: number; total: number }
  | { kind: 'loaded'; table: LoadedTable }
  | { kind: 'invalid'; message: string };

const ENTRY = join(__dirname, `threadMain${extname(__filename)}`);

/**
 * Starts the thread and waits until the table has all its items.
 *
 * @throws ItemFileError if any part of the file cannot be loaded. The thread has ended then.
 */
export async function startInThread(source: EmbeddedSource) {
  const thread = new Worker(ENTRY, {
    workerData: source,
    ...(extname(ENTRY) === '.ts' && { execArgv: sourceOptions() }),
  });
  const close = async () => {
    await thread.terminate();
  };
  try {
    return { ...(await loadedTable(thread)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** In development the thread runs TypeScript, from any working directory. */
function sourceOptions(): string[] {
  return ['--conditions=source', '--require', require.resolve('ts-node/register/transpile-only')];
}

async function loadedTable(thread: Worker): Promise<LoadedTable> {
  let progress: Progress | undefined;
  try {
    const messages = on(thread, 'message', { close: ['exit'] }) as AsyncIterable<[ThreadMessage]>;
    for await (const [message] of messages) {
      if (message.kind === 'loaded') return message.table;
      if (message.kind === 'invalid') throw new ItemFileError(message.message);
      progress ??= (await import('./progress')).showProgress(message.total);
      progress.update(message.itemCount);
    }
  } finally {
    progress?.stop();
  }
  throw new Error('The embedded engine ended before the table was loaded.');
}
