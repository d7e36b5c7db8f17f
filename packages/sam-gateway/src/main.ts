#!/usr/bin/env node
/** npx sam-gateway: a template's REST APIs on localhost, as API Gateway would serve them. */
import { explain, runCommand } from './command';

runCommand(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${explain(error as Error)}\n`);
  process.exitCode = 1;
});
