#!/usr/bin/env node
/** npx sam-gateway: serves the REST APIs of a template on localhost, as API Gateway would. */
import { explain, runCommand } from './command';

runCommand(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${explain(error as Error)}\n`);
  process.exitCode = 1;
});
