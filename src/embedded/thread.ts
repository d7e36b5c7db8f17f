/** Starts the embedded tables in a thread of their own: they load beside the app, and never delay a request. */
import { on } from 'node:events';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ItemFileError } from './files/itemFileError';
import type { ProgressDisplay } from './progress';
import type { EmbeddedSource, EmbeddedTables, Progress } from './start';

export type LoadedTables = Pick<EmbeddedTables, 'endpoint' | 'tables' | 'warnings'>;

/** A message of the thread. The last one is `loaded` or `invalid`. */
export type ThreadMessage =
  | { kind: 'progress'; progress: Progress }
  | { kind: 'loaded'; tables: LoadedTables }
  | { kind: 'invalid'; message: string };

const ENTRY = join(__dirname, `threadMain${extname(__filename)}`);

/**
 * Starts the thread and waits until the tables have all their items.
 *
 * @throws ItemFileError if any part of a file cannot be loaded. The thread has ended then.
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
    return { ...(await loadedTables(thread)), close };
  } catch (error) {
    await close();
    throw outOfMemory(error) ?? error;
  }
}

/** The items themselves are outside of the heap, but about as many bytes are needed to keep track of many small items. */
function outOfMemory(cause: unknown): ItemFileError | undefined {
  if ((cause as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') return undefined;
  return new ItemFileError(
    'The files have more items than the memory of Node.js can keep. Set NODE_OPTIONS=--max-old-space-size=MEGABYTES to a larger number, serve fewer files, or import them into a table in AWS or in DynamoDB Local',
    { cause },
  );
}

/** In development the thread runs TypeScript, from any working directory. */
function sourceOptions(): string[] {
  return ['--conditions=source', '--require', require.resolve('ts-node/register/transpile-only')];
}

async function loadedTables(thread: Worker): Promise<LoadedTables> {
  let display: ProgressDisplay | undefined;
  try {
    const messages = on(thread, 'message', { close: ['exit'] }) as AsyncIterable<[ThreadMessage]>;
    for await (const [message] of messages) {
      if (message.kind === 'loaded') return message.tables;
      if (message.kind === 'invalid') throw new ItemFileError(message.message);
      display ??= (await import('./progress')).showProgress();
      display.update(message.progress);
    }
  } finally {
    display?.stop();
  }
  throw new Error('The embedded engine ended before the table was loaded.');
}
