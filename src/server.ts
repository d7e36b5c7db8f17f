/** Starts the server for `npm start`: configuration, table, app, graceful shutdown. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from 'command-line';
import { pino, type Logger } from 'pino';
import { createApp } from './app';
import { parseArguments, USAGE } from './cli/arguments';
import { openTable, type OpenTable } from './cli/openTable';
import { startupMessage } from './cli/startupMessage';
import { parseConfig, type Config } from './config/config';
import { ConfigError } from './config/configIssue';
import { ItemFileError } from './embedded/itemText';
import { gracefulShutdown } from './http/gracefulShutdown';
import { httpServer } from './http/httpServer';
import { dynamodbProblem } from './scan/dynamodbProblem';

/** How long responses in progress may take to finish after a signal. */
const SHUTDOWN_GRACE_MS = 10_000;

/** How long the startup message waits for the item count of a table. */
const ITEM_COUNT_TIMEOUT_MS = 2000;

async function main(): Promise<void> {
  loadEnvFile();
  // package.json declares the supported Node.js versions, so the SDK's own warning would only add noise.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const args = parseArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(USAGE);
    return;
  }
  const config = parseConfig(process.env);
  const logger = pino({ level: config.logLevel });
  const table = await openTable(config, args);
  const server = httpServer(createApp({ config, repository: table.repository, logger }), logger);
  shutDownOnSignal(server, table, logger);
  try {
    const port = await listen(server, config);
    const items = await describeItemCount(table, config);
    process.stdout.write(startupMessage({ config, port, engine: table.engine, items }));
  } catch (error) {
    await table.close();
    throw error;
  }
}

/** SIGTERM and SIGINT stop the server gracefully; a second signal stops it at once. */
function shutDownOnSignal(server: Server, table: OpenTable, logger: Logger): void {
  const seconds = SHUTDOWN_GRACE_MS / 1000;
  const shutDown = gracefulShutdown(server, SHUTDOWN_GRACE_MS, (connections) => {
    logger.error(`reset ${connections} connections that took longer than ${seconds} seconds`);
  });
  let stopping = false;
  function stop(signal: NodeJS.Signals): void {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info(
      `${signal}: responses in progress have ${seconds} seconds to finish; a second signal stops the server at once`,
    );
    void shutDown().then(() => table.close());
  }
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
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

async function describeItemCount(
  { repository, itemCount }: OpenTable,
  { tableName }: Config,
): Promise<string> {
  if (itemCount !== undefined) return `${itemCount} ${itemCount === 1 ? 'item' : 'items'}`;
  const timeout = AbortSignal.timeout(ITEM_COUNT_TIMEOUT_MS);
  try {
    // The SDK's search for credentials ignores the signal, so the timeout also races against it.
    const { itemCount } = await Promise.race([
      repository.describe(tableName, timeout),
      once(timeout, 'abort').then(() => Promise.reject(new Error('timeout'))),
    ]);
    return `about ${itemCount ?? 0} items, as estimated by DynamoDB`;
  } catch (error) {
    const reason = dynamodbProblem(error as Error)?.detail ?? 'DynamoDB did not respond in time.';
    return `item count unavailable: ${reason}`;
  }
}

/** Describes user errors in one sentence and unexpected errors with their stack trace. */
function explain(error: NodeJS.ErrnoException): string {
  if (error instanceof ConfigError) return `Invalid configuration:\n${error.message}`;
  if (error instanceof UsageError || error instanceof ItemFileError) return error.message;
  if (error.code === 'EADDRINUSE') {
    return `${error.message}. Another program uses this port. Stop it, or set another port, for example PORT=3001.`;
  }
  if (error.syscall === 'listen' || error.syscall === 'getaddrinfo') {
    return `${error.message}. Set HOST and PORT to an address that the server can listen on.`;
  }
  return error.stack ?? error.message;
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error as Error)}\n`);
  process.exitCode = 1;
});
