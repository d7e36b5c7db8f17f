#!/usr/bin/env node
/** Entry point of the `scan-contract` command. */
import { createProgress } from './progress';
import { run } from './run';

run(process.argv.slice(2), {
  write: (text) => process.stdout.write(text),
  progress: createProgress(process.stderr),
}).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
    process.exitCode = 2;
  },
);
