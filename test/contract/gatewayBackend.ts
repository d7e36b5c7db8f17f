/** Runs the Lambda handler behind the emulated API Gateway, as declared in this project's template. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningBackend } from './backend';
import { startGateway } from '../helpers/gateway';

const ROOT = join(__dirname, '../..');

/** Template parameters, by environment variable. They set the function's variable and the preflight response. */
const PARAMETERS: Readonly<Record<string, string>> = {
  CORS_ALLOW_ORIGINS: 'CorsAllowOrigins',
  CORS_ALLOW_CREDENTIALS: 'CorsAllowCredentials',
  DYNAMODB: 'DynamodbEndpoint',
  TABLE_NAME: 'TableName',
  AUTH: 'Auth',
  API_KEYS: 'ApiKeys',
  VISIBLE_ATTRIBUTES: 'VisibleAttributes',
  ITEM_FILTER: 'ItemFilter',
  TOKEN_SECRET: 'TokenSecret',
};

/** Starts the gateway with the environment variables of a server. */
export async function startBehindGateway(
  environment: Readonly<Record<string, string>>,
): Promise<RunningBackend> {
  const entries = Object.entries(environment);
  const parameters = entries.flatMap(([name, value]) => {
    const parameter = PARAMETERS[name];
    return parameter === undefined ? [] : [[parameter, value] as const];
  });
  return startGateway(await readFile(join(ROOT, 'template.yaml'), 'utf8'), {
    root: ROOT,
    parameters: { Auth: 'none', ...Object.fromEntries(parameters) },
    environment: {
      LOG_LEVEL: 'silent',
      ...Object.fromEntries(entries.filter(([name]) => !Object.hasOwn(PARAMETERS, name))),
    },
  });
}
