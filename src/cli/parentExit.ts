/** Notices that npm has ended. */

/** How often the parent process is looked up. */
const CHECK_INTERVAL_MS = 500;

/**
 * Calls `stop` when the parent process ends, if npm started this process.
 *
 * npm runs scripts in a shell. A signal to npm ends the shell, and not every shell passes the signal on: the server
 * would keep its port.
 */
export function onParentExit(stop: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, CHECK_INTERVAL_MS);
  timer.unref();
}
