/** Temporary directories for build output. */
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Process IDs are unique on one host only, and containers can share a directory. */
const PREFIX = `sam-gateway-${hostname()}-`;

/** Creates an empty directory that only this user can read. */
export async function createWorkspace(): Promise<string> {
  // Node.js resolves symbolic links in the paths of modules.
  return mkdtemp(join(await realpath(tmpdir()), `${PREFIX}${process.pid}-`));
}

/** Deletes the directories of processes that were killed. Leaves those that it may not delete. */
export async function removeLeftovers(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  const leftovers = names.filter((name) => {
    const pid = name.startsWith(PREFIX) ? /^(\d+)-/.exec(name.slice(PREFIX.length))?.[1] : undefined;
    return pid !== undefined && !isRunning(Number(pid));
  });
  const removals = leftovers.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true }));
  await Promise.allSettled(removals);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Other errors mean that the process belongs to another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
