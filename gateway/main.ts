/** npm run gateway: a template's REST APIs on localhost, as API Gateway would serve them. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { startEmbedded } from '../src/embedded/start';
import { parseArguments, USAGE, UsageError, type Arguments } from './arguments';
import type { Api } from './api/api';
import { NoApiError, openGateway } from './open';
import { TemplateError } from './template/parse';

const OWN_TEMPLATE = join(__dirname, '../template.yaml');

/** The account that examples in the documentation have. */
const ACCOUNT_ID = '123456789012';

async function main(): Promise<void> {
  const given = parseArguments(process.argv.slice(2));
  if (given.help) {
    process.stdout.write(USAGE);
    return;
  }
  const file = given.template ?? OWN_TEMPLATE;
  const template = await readFile(file, 'utf8');
  const embedded = usesEmbedded(given)
    ? await startEmbedded(tableName(given), undefined, { hash: 'id' })
    : undefined;
  try {
    const gateway = await openGateway({
      template,
      root: dirname(file),
      parameters: given.parameters,
      surroundings: {
        region: given.region,
        accountId: ACCOUNT_ID,
        overrides: { ...(embedded && { ...ANYONE, DYNAMODB: embedded.endpoint }), ...given.env },
        inherited: inherited(),
        log: (line) => process.stderr.write(`${line}\n`),
      },
    });
    const stop = () => {
      gateway.server.close();
      gateway.server.closeAllConnections();
      void Promise.all([gateway.close(), embedded?.close()]);
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
  } catch (error) {
    await embedded?.close();
    throw error;
  }
}

function usesEmbedded({ template, env, parameters }: Arguments): boolean {
  return template === undefined && env.DYNAMODB === undefined && parameters.DynamodbEndpoint === undefined;
}

function tableName({ env, parameters }: Arguments): string {
  return env.TABLE_NAME ?? parameters.TableName ?? 'RecordsTable';
}

/** The embedded engine looks at no credentials, but the SDK wants some. */
const ANYONE = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

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

function explain(error: NodeJS.ErrnoException): string {
  if (error instanceof UsageError) return `${error.message}\n\n${USAGE}`;
  if (error instanceof TemplateError || error instanceof NoApiError)
    return `The template cannot be served: ${error.message}`;
  if (error.code === 'ENOENT')
    return `There is no template ${String(error.path)}: name the file, as in npm run gateway -- template.yaml`;
  if (error.code === 'EADDRINUSE') return `${error.message}. Take another port with --port.`;
  return error.stack ?? error.message;
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error as Error)}\n`);
  process.exitCode = 1;
});
