/** Lets the work of many responses take turns, so that short requests are served in between. No I/O. */

const waiting: (() => void)[] = [];

/** Resolves in an iteration of the event loop that no other caller shares. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(resolveNext);
  });
}

function resolveNext(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(resolveNext);
}
