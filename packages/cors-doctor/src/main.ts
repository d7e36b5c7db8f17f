#!/usr/bin/env node
/** The executable `cors-doctor`. Connects the command to the process. */
import { readTextFile } from 'command-line';
import { localFiles } from 'sam-template';
import { runDoctor } from './command';
import { createTransport } from './http';
import { styleFor } from './terminal';

runDoctor(process.argv.slice(2), {
  transport: createTransport(),
  readFile: readTextFile,
  filesIn: localFiles,
  write: (text) => process.stdout.write(text),
  style: styleFor(process.stdout.isTTY, process.env.NO_COLOR),
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
    process.exitCode = 2;
  },
);
