/** The sam-gateway command: reads the template, starts the gateway and prints its routes. */
import { escapeControlCharacters, NotAFileError, readTextFile, UsageError } from 'command-line';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { TemplateError, type Api } from 'sam-template';
import { parseArguments, USAGE } from './arguments';
import { NoApiError, openGateway, type OpenGateway } from './open';

/** The example account ID of the AWS documentation. */
const ACCOUNT_ID = '123456789012';

/**
 * Starts the gateway, which runs until SIGINT, SIGTERM or SIGHUP. Resolves when it listens, the help is printed, or a
 * signal has stopped the start.
 *
 * @throws UsageError, TemplateError, NoApiError, file and network errors.
 */
export async function runCommand(args: readonly string[]): Promise<void> {
  const { help, template, port, region, parameters, env } = parseArguments(args);
  if (help) {
    process.stdout.write(USAGE);
    return;
  }
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
  // The program that reads the output can end first.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  try {
    const gateway = await openGateway({
      template: await readTextFile(template),
      root: dirname(template),
      parameters,
      surroundings: {
        region,
        accountId: ACCOUNT_ID,
        overrides: env,
        inherited: inheritedVariables(),
        log,
      },
      signal: stopping.signal,
    });
    await serve(gateway, port, stopping.signal);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  }
}

/** Listens, and prints the routes. The signal closes the server with all connections and processes. */
async function serve(gateway: OpenGateway, requestedPort: number, signal: AbortSignal): Promise<void> {
  const { server, apis, notes } = gateway;
  signal.addEventListener('abort', () => {
    server.close();
    server.closeAllConnections();
    void gateway.close();
  });
  server.listen(requestedPort, '127.0.0.1');
  await once(server, 'listening', { signal }).catch(async (error: unknown) => {
    await gateway.close();
    throw error;
  });
  // For example, the system has no file descriptor left for another connection.
  server.on('error', (error) => log(error.message));
  const { port } = server.address() as AddressInfo;
  process.stdout.write(banner(apis, notes, port));
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The environment variables that functions inherit from this process: paths and AWS credentials. */
function inheritedVariables(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^(?:AWS_.+|HOME|LANG|PATH)$/.test(name)),
  );
}

function banner(apis: readonly Api[], notes: readonly string[], port: number): string {
  const routes = apis.flatMap(({ stage, methods }) =>
    methods.map(({ httpMethod, path, integration: { type, functionId } }) => {
      const handler = functionId === undefined ? type : `${type} ${functionId}`;
      return `  ${httpMethod.padEnd(7)} http://localhost:${port}/${stage}${path}  (${handler})`;
    }),
  );
  const differences = notes.length === 0 ? [] : ['', 'Differences from AWS:', ...notes.flatMap(noteLines)];
  return [...routes, ...differences, '', ''].map(escapeControlCharacters).join('\n');
}

/** The error of a build can have several lines. */
function noteLines(note: string): string[] {
  return note.split('\n').map((line, at) => `${at === 0 ? '  ' : '    '}${line}`);
}

/** Describes user errors in one sentence and unexpected errors with their stack trace. */
export function explain(error: NodeJS.ErrnoException): string {
  if (error instanceof UsageError) return `${error.message}\n\n${USAGE}`;
  if (error instanceof TemplateError || error instanceof NoApiError) {
    return `Invalid template: ${error.message}`;
  }
  if (error instanceof NotAFileError) {
    return `Cannot read ${error.path}: ${error.message}. Pass the path of a template, for example: sam-gateway template.yaml`;
  }
  if (error.code === 'ENOENT') {
    return `Template file not found: ${String(error.path)}. Pass its path, for example: sam-gateway template.yaml`;
  }
  if (error.code === 'EADDRINUSE') return `${error.message}. Choose another port with --port.`;
  return error.stack ?? error.message;
}
