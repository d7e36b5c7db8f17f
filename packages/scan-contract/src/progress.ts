/** Shows how far a run is, on the error stream, so that the report can be redirected. */

export interface Progress {
  /** Called before each case. */
  update(state: { done: number; total: number; name: string }): void;
  /** Removes the line, so that other output can follow. */
  clear(): void;
}

/** Where progress is written. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** Time between two lines of a stream that is not a terminal. */
const LOG_INTERVAL_MS = 10_000;

/** Shows one line that changes on a terminal, and otherwise a line every ten seconds. */
export function createProgress(stream: ProgressStream, now: () => number = Date.now): Progress {
  return stream.isTTY === true ? terminalProgress(stream) : logProgress(stream, now);
}

const ERASE_LINE = '\r\u001b[K';

function terminalProgress(stream: ProgressStream): Progress {
  return {
    update: ({ done, total, name }) => {
      const line = `${done + 1} of ${total}: ${name}`;
      // A longer line would wrap, and could not be erased.
      stream.write(`${ERASE_LINE}${line.slice(0, (stream.columns ?? 80) - 1)}`);
    },
    clear: () => {
      stream.write(ERASE_LINE);
    },
  };
}

function logProgress(stream: ProgressStream, now: () => number): Progress {
  let lastWrite = now();
  return {
    update: ({ done, total, name }) => {
      if (now() - lastWrite < LOG_INTERVAL_MS) return;
      lastWrite = now();
      stream.write(`${done} of ${total} cases done. Next: ${name}\n`);
    },
    clear: () => undefined,
  };
}
