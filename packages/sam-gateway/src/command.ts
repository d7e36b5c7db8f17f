/** The sam-gateway command: reads the template, starts the gateway, prints its routes. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { TemplateError, type Api } from 'sam-template';
import { parseArguments, USAGE, UsageError } from './arguments';
import { NoApiError, openGateway } from './open';

/** The account that examples in the documentation have. */
const ACCOUNT_ID = '123456789012';

/**
 * Runs the command until SIGINT or SIGTERM.
 *
 * @returns when the gateway listens, or the help text is printed.
 */
export async function runCommand(args: readonly string[]): Promise<void> {
  const given = parseArguments(args);
  if (given.help) {
    process.stdout.write(USAGE);
    return;
  }
  const gateway = await openGateway({
    template: await readFile(given.template, 'utf8'),
    root: dirname(given.template),
    parameters: given.parameters,
    surroundings: {
      region: given.region,
      accountId: ACCOUNT_ID,
      overrides: given.env,
      inherited: inherited(),
      log: (line) => process.stderr.write(`${line}\n`),
    },
  });
  const stop = () => {
    gateway.server.close();
    gateway.server.closeAllConnections();
    void gateway.close();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  gateway.server.listen(given.port, '127.0.0.1');
  await once(gateway.server, 'listening').catch(async (error: unknown) => {
    await gateway.close();
    throw error;
  });
  const { port } = gateway.server.address() as AddressInfo;
  process.stdout.write(banner(gateway.apis, gateway.notes, port));
}

/** What a function may see of this process: where programs are, and the user's AWS credentials. */
function inherited(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^(?:AWS_.+|HOME|LANG|PATH)$/.test(name)),
  );
}

function banner(apis: readonly Api[], notes: readonly string[], port: number): string {
  const lines = apis.flatMap(({ stage, methods }) =>
    methods.map(({ httpMethod, path, integration: { type, functionId = '' } }) => {
      return `  ${httpMethod.padEnd(7)} http://localhost:${port}/${stage}${path}  (${type} ${functionId})`;
    }),
  );
  const known = notes.length === 0 ? [] : ['', 'To know:', ...notes.map((note) => `  ${note}`)];
  return [...lines, ...known, '', ''].join('\n');
}

/** Prints user errors as one sentence and unexpected errors with their stack trace. */
export function explain(error: NodeJS.ErrnoException): string {
  if (error instanceof UsageError) return `${error.message}\n\n${USAGE}`;
  if (error instanceof TemplateError || error instanceof NoApiError)
    return `The template cannot be served: ${error.message}`;
  if (error.code === 'ENOENT')
    return `There is no template ${String(error.path)}: name the file, as in npm run gateway -- template.yaml`;
  if (error.code === 'EADDRINUSE') return `${error.message}. Take another port with --port.`;
  return error.stack ?? error.message;
}
