#!/usr/bin/env node
/** The command `scan-records`: arguments, configuration, table, app, graceful shutdown. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError, USAGE_EXIT_CODE } from 'command-line';
import type { Logger } from 'pino';
import { parseArguments, USAGE, type ServeArguments, type TypesArguments } from './cli/arguments';
import { describeItemCount } from './cli/findTable';
import { ignoredVariables } from './cli/ignoredVariables';
import { createLogger } from './cli/logger';
import { openInBrowser } from './cli/openInBrowser';
import { openTable, type OpenTable } from './cli/openTable';
import { browserUrl, startupMessage } from './cli/startupMessage';
import { packageVersion } from './cli/version';
import { parseConfig, type Config } from './config/config';
import { ConfigError } from './config/configError';
import { ItemFileError } from './embedded/files/itemFileError';
import { gracefulShutdown } from './http/gracefulShutdown';
import { httpServer } from './http/httpServer';

/** How long responses in progress may take to finish after a signal. */
const SHUTDOWN_GRACE_MS = 10_000;

/** How long the last log lines may take after everything is closed. */
const LOG_GRACE_MS = 500;

async function main(): Promise<void> {
  const args = parseArguments(process.argv.slice(2));
  if (args.kind === 'help') process.stdout.write(USAGE);
  else if (args.kind === 'version') process.stdout.write(`${packageVersion()}\n`);
  else if (args.kind === 'key') process.stdout.write((await import('./cli/newKey')).newKeyMessage(args.name));
  else if (args.kind === 'types') await printTypes(args);
  else await serve(args);
}

async function printTypes(args: TypesArguments): Promise<void> {
  loadEnvFile();
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const configured = readConfig(args);
  const table = await openTable(configured, args, { isNamed: isSet('TABLE_NAME') });
  const config = readConfig(args, table.tables);
  try {
    const { typesMessage } = await import('./cli/typesMessage');
    process.stdout.write(await typesMessage(table, config, args, printLine));
  } finally {
    await table.close();
  }
}

async function serve(args: ServeArguments): Promise<void> {
  loadEnvFile();
  // The server continues without a reader of its messages.
  process.stderr.on('error', () => undefined);
  // package.json declares the supported Node.js versions, so the SDK's own warning would only add noise.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const configured = readConfig(args);
  // The engine's thread starts first. The app, the AWS SDK and the logger load at the same time.
  const [table, { createApp }, logger] = await Promise.all([
    openTable(configured, args, { isNamed: isSet('TABLE_NAME'), print: printLine }),
    import('./app'),
    createLogger(configured.logLevel),
  ]);
  const config = readConfig(args, table.tables);
  const app = createApp({ config, repository: table.repository, logger });
  const server = httpServer(app, logger, { keepAliveTimeoutMs: config.keepAliveTimeout });
  const stopped = shutDownOnSignal(server, table, logger);
  try {
    const port = await listen(server, config);
    // Only scans need it. It loads before DynamoDB has a limited time to respond.
    await import('./scan/handler');
    const items = await describeItemCount(table, config, {
      wait: args.wait,
      print: printLine,
      signal: stopped,
    });
    const isSample = config.dynamodb.kind === 'embedded' && args.files === undefined;
    const warnings = [...ignoredVariables(process.env, config.dynamodb), ...table.warnings];
    const others = table.tables?.filter(({ name }) => name !== config.tableName) ?? [];
    printLine(startupMessage({ config, port, source: table.source(), items, others, isSample, warnings }));
    if (args.open) await openInBrowser(browserUrl(config, port));
  } catch (error) {
    if (stopped.aborted) return;
    server.close();
    server.closeAllConnections();
    await table.close();
    throw error;
  }
}

/**
 * Reads the configuration from the environment and the options, which take precedence.
 *
 * @param tables the tables of the user's files, which are the default for the tables to serve.
 */
function readConfig(
  { settings, files }: Pick<ServeArguments, 'settings' | 'files'>,
  tables?: OpenTable['tables'],
): Config {
  // In the environment, because the AWS SDK reads its region and profile from there.
  for (const [variable, { value }] of settings) process.env[variable] = value;
  const names = tables?.map(({ name }) => name) ?? [];
  if (names[0] !== undefined && !isSet('TABLE_NAME')) process.env.TABLE_NAME = names[0];
  if (names.length > 1 && !isSet('ALLOWED_TABLES')) process.env.ALLOWED_TABLES = names.join(',');
  try {
    return parseConfig(process.env, { servesSample: files === undefined });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(
      error.issues.map((issue) => ({
        ...issue,
        setting: settings.get(issue.setting)?.option ?? issue.setting,
      })),
    );
  }
}

/**
 * SIGTERM and SIGINT stop the server gracefully; a second signal stops it at once.
 *
 * @returns a signal that is aborted when the server begins to stop.
 */
function shutDownOnSignal(server: Server, table: OpenTable, logger: Logger): AbortSignal {
  const seconds = SHUTDOWN_GRACE_MS / 1000;
  const shutDown = gracefulShutdown(server, SHUTDOWN_GRACE_MS, (connections) => {
    logger.error(`reset ${connections} connections that took longer than ${seconds} seconds`);
  });
  const stopped = new AbortController();
  function stop(signal: NodeJS.Signals): void {
    if (stopped.signal.aborted) process.exit(1);
    stopped.abort();
    logger.info(
      `${signal}: responses in progress have ${seconds} seconds to finish; a second signal stops the server at once`,
    );
    void shutDown()
      .then(() => table.close())
      // Log lines that standard output does not take would keep the process alive.
      .then(() => setTimeout(() => process.exit(), LOG_GRACE_MS).unref());
  }
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return stopped.signal;
}

function isSet(variable: string): boolean {
  return (process.env[variable] ?? '') !== '';
}

function loadEnvFile(): void {
  try {
    process.loadEnvFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function listen(server: Server, { port, host }: Config): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Describes user errors in one sentence and unexpected errors with their stack trace. */
function explain(error: NodeJS.ErrnoException): string {
  if (error instanceof ConfigError) return `Invalid configuration:\n${error.message}`;
  if (error instanceof UsageError) return `${error.message}\nRun scan-records --help for all options.`;
  if (error instanceof ItemFileError) return error.message;
  if (error.code === 'EADDRINUSE') {
    return `${error.message}. Another program uses this port. Stop it, or choose another port, for example --port 3001.`;
  }
  if (error.syscall === 'listen' || error.syscall === 'getaddrinfo') {
    return `${error.message}. Set --host and --port to an address that the server can listen on.`;
  }
  return error.stack ?? error.message;
}

/** To standard error: standard output is the log. */
function printLine(text: string): void {
  process.stderr.write(`${text}\n`);
}

main().catch((error: unknown) => {
  printLine(explain(error as Error));
  process.exitCode = error instanceof UsageError || error instanceof ConfigError ? USAGE_EXIT_CODE : 1;
});
