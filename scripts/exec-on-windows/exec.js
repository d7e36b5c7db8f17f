#!/usr/bin/env node
/**
 * `exec COMMAND ARGS` for the Windows command prompt, which lacks it. In other shells, `exec` replaces the shell
 * with the command, so that the signals which npm receives reach the server.
 */
const { spawnSync } = require('node:child_process');

const [command, ...args] = process.argv.slice(2);
process.exitCode = spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;
