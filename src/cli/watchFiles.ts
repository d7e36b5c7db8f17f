/** Watches the user's files. */
import { unwatchFile, watchFile } from 'node:fs';
import { join } from 'node:path';

/** How often the files are looked at. Their events would be lost for links and for folders that are replaced. */
const INTERVAL_MS = 300;

/** Changes with each export, and is in each of them. */
const MANIFEST = 'manifest-files.json';

export interface FileWatcher {
  /** Resolves when no change is being handled any more. */
  close(): Promise<void>;
}

/** Calls `onChange` after files have changed, never two times at once. A change during a call leads to another call. */
export function watchFiles(paths: readonly string[], onChange: () => Promise<void>): FileWatcher {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  // A program may write a file in several steps, so the files are read when they have not changed for a while.
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(onChange);
    }, INTERVAL_MS);
  };
  const watched = paths.flatMap((path) => [path, join(path, MANIFEST)]);
  for (const path of watched) watchFile(path, { interval: INTERVAL_MS }, changed);
  return {
    async close() {
      for (const path of watched) unwatchFile(path, changed);
      clearTimeout(timer);
      await running;
    },
  };
}
