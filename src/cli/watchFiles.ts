/** Watches the user's files. */
import { watch, type FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

/** A program may write a file in several steps. It has finished when nothing has changed for this time. */
const QUIET_MS = 200;

export interface FileWatcher {
  /** Resolves when no change is being handled any more. */
  close(): Promise<void>;
}

/**
 * Calls `onChange` after files have changed, never two times at once. A change during a call leads to another call.
 *
 * Watches the folder of each file, because many programs replace a file instead of writing to it.
 */
export function watchFiles(paths: readonly string[], onChange: () => Promise<void>): FileWatcher {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(onChange);
    }, QUIET_MS);
  };
  const watchers = Promise.all(paths.map(async (path) => watchPath(resolve(path), changed)));
  return {
    async close() {
      for (const watcher of await watchers) watcher.close();
      clearTimeout(timer);
      await running;
    },
  };
}

async function watchPath(path: string, changed: () => void): Promise<FSWatcher> {
  if ((await stat(path)).isDirectory()) return watch(path, { recursive: true }, changed);
  const name = basename(path);
  return watch(dirname(path), (_event, changedName) => {
    if (changedName === name) changed();
  });
}
