/** Writes log lines to standard output without ever stopping the server: lines that it does not take are lost. */
import { fstatSync, writeSync } from 'node:fs';

/** A destination of pino. */
export interface LogDestination {
  write(line: string): void;
}

/** Size of the lines that may wait for a slow reader. */
const MAX_WAITING_BYTES = 1024 * 1024;

const STDOUT = 1;

/** Returns the destination for the kind of file that standard output is. */
export function logDestination(): LogDestination {
  const kind = fstatSync(STDOUT);
  const write = kind.isFIFO() || kind.isSocket() ? pipeWriter() : fileWriter();
  let lost = 0;
  return {
    write: (line) => {
      if (lost > 0 && write(lostLines(lost))) lost = 0;
      if (lost > 0 || !write(line)) lost++;
    },
  };
}

/** Returns whether the line was taken. */
type TryWrite = (line: string) => boolean;

/** For a pipe, Node.js writes in the background and keeps what the reader has not taken yet. */
function pipeWriter(): TryWrite {
  const { stdout } = process;
  let isClosed = false;
  // The reader has gone.
  stdout.on('error', () => (isClosed = true));
  return (line) => {
    if (isClosed || stdout.writableLength > MAX_WAITING_BYTES) return false;
    stdout.write(line);
    return true;
  };
}

/** A file takes a line at once, unless the disk is full. */
function fileWriter(): TryWrite {
  let isLineOpen = false;
  return (line) => {
    const bytes = Buffer.from(isLineOpen ? `\n${line}` : line);
    try {
      const written = writeSync(STDOUT, bytes);
      isLineOpen = written < bytes.byteLength && (isLineOpen || written > 0);
      return written === bytes.byteLength;
    } catch {
      return false;
    }
  };
}

function lostLines(count: number): string {
  const msg = `${count} log lines were lost, because standard output did not take them`;
  return `${JSON.stringify({ level: 40, time: Date.now(), pid: process.pid, msg })}\n`;
}
