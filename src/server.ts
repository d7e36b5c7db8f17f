/** npm start: configuration, table, app, listen, graceful close. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createApp } from './app';
import { parseArguments, USAGE, UsageError } from './cli/arguments';
import { banner } from './cli/startupMessage';
import { parseConfig, type Config } from './config/config';
import { ItemFileError } from './embedded/itemText';
import { gracefulClose } from './http/gracefulShutdown';
import { httpServer } from './http/httpServer';
import { ConfigError } from './config/configIssue';
import { openTable, type OpenTable } from './cli/openTable';
import { dynamodbProblem } from './scan/dynamodbProblem';

/** Milliseconds that answers in flight get to finish when the server stops. */
const GRACE = 10_000;

/** Milliseconds that the first lines wait for a table's record count. */
const COUNT_PATIENCE = 2000;

async function main(): Promise<void> {
  loadEnvFile();
  // Which versions of Node.js this project runs on, its package.json says.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const given = parseArguments(process.argv.slice(2));
  if (given.help) {
    process.stdout.write(USAGE);
    return;
  }
  const config = parseConfig(process.env);
  const logger = pino({ level: config.logLevel });
  const table = await openTable(config, given);
  const server = httpServer(createApp({ config, repository: table.repository, logger }), logger);
  const close = gracefulClose(server, GRACE, (connections) => {
    logger.error(`${connections} connections took longer than ${GRACE / 1000} seconds: reset`);
  });

  let stopping = false;
  function stop(signal: NodeJS.Signals): void {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info(
      `${signal}: answers in flight have ${GRACE / 1000} seconds to finish; a second signal ends them`,
    );
    void close().then(() => table.close());
  }
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  try {
    const port = await listen(server, config);
    process.stdout.write(
      banner({ config, port, engine: table.engine, records: await recordCount(table, config) }),
    );
  } catch (error) {
    await table.close();
    throw error;
  }
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

async function recordCount({ repository, itemCount }: OpenTable, { tableName }: Config): Promise<string> {
  if (itemCount !== undefined) return `${itemCount} ${itemCount === 1 ? 'record' : 'records'}`;
  const patience = AbortSignal.timeout(COUNT_PATIENCE);
  try {
    // Raced, for what finds credentials heeds no signal.
    const { itemCount } = await Promise.race([
      repository.describe(tableName, patience),
      once(patience, 'abort').then(() => Promise.reject(new Error('no answer yet'))),
    ]);
    return `about ${itemCount ?? 0} records by its own estimate`;
  } catch (error) {
    const reason = dynamodbProblem(error as Error)?.detail ?? 'DynamoDB takes its time.';
    return `how many records is not known. ${reason}`;
  }
}

/** What a user can mend is said in a sentence; anything else with its stack. */
function explain(error: NodeJS.ErrnoException): string {
  if (error instanceof ConfigError) return `The configuration cannot be used:\n${error.message}`;
  if (error instanceof UsageError || error instanceof ItemFileError) return error.message;
  if (error.code === 'EADDRINUSE') {
    return `${error.message}. Another program listens there: stop it, or take another port with PORT=3001.`;
  }
  if (error.syscall === 'listen' || error.syscall === 'getaddrinfo')
    return `${error.message}. HOST and PORT say where to listen.`;
  return error.stack ?? error.message;
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error as Error)}\n`);
  process.exitCode = 1;
});
