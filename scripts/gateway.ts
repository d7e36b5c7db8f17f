/** npm run gateway: serves a template with sam-gateway, by default this project's with the embedded sample table. */
import { join } from 'node:path';
import { explain, parseArguments, runCommand } from 'sam-gateway';
import { startEmbedded } from '../src/embedded/start';

const TEMPLATE = join(__dirname, '../template.yaml');

async function main(args: readonly string[]): Promise<void> {
  const { help, template, env, parameters } = parseArguments(args, TEMPLATE);
  if (help || template !== TEMPLATE) return runCommand(args);
  // The sample is public.
  const auth = parameters.Auth === undefined ? ['--parameter', 'Auth=none'] : [];
  if (env.DYNAMODB !== undefined || parameters.DynamodbEndpoint !== undefined) {
    return runCommand([TEMPLATE, ...auth, ...args]);
  }
  const tableName = env.TABLE_NAME ?? parameters.TableName ?? 'RecordsTable';
  const table = await startEmbedded({ kind: 'sample', tableName });
  const close = () => void table.close();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, close);
  const environment = {
    DYNAMODB: table.endpoint,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  const options = Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  try {
    await runCommand([TEMPLATE, ...auth, ...options, ...args]);
  } catch (error) {
    close();
    throw error;
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${explain(error as Error)}\n`);
  process.exitCode = 1;
});
