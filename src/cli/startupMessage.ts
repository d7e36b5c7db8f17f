/** The startup message of `npm start`: the served table, its URL, and commands to try. No I/O. */
import { formatOrigin } from 'cors-policy';
import { isLoopback, type Config } from '../config/config';
import { CORS_VARIABLES, LOOPBACK_ORIGINS } from '../config/corsSettings';
import type { ServedTable } from '../embedded/start';
import { SCAN_PATH } from '../scan/path';

export interface StartupInfo {
  config: Pick<Config, 'host' | 'tableName' | 'cors' | 'auth' | 'console'>;
  port: number;
  /** Where the items come from, in words. */
  source: string;
  /** The number of items in words, or why it is unavailable. */
  items: string;
  /** Whether the items are the public sample. */
  isSample: boolean;
  /** The tables besides the default table. */
  others: readonly Pick<ServedTable, 'name' | 'itemCount'>[];
  /** Sentences about settings and parts of files that have no effect. */
  warnings: readonly string[];
}

/** The header that a client must send, as an example. */
const CREDENTIALS: Readonly<
  Record<Config['auth']['kind'], readonly [name: string, value: string] | undefined>
> = {
  none: undefined,
  key: ['X-Api-Key', 'KEY'],
  jwt: ['Authorization', 'Bearer TOKEN'],
};

/** Formats the message; it ends with a line break. */
export function startupMessage({
  config,
  port,
  source,
  items,
  others,
  isSample,
  warnings,
}: StartupInfo): string {
  const url = `${serverUrl(config, port)}${SCAN_PATH}`;
  const origin = exampleOrigin(config.cors);
  const header = CREDENTIALS[config.auth.kind];
  return `Serving ${config.tableName} at ${url}
  from ${source}: ${items}
${otherTables(others)}${isSample ? '' : `  ${readers(config.cors)}\n${networkWarning(config)}`}${warnings.map((sentence) => `  Warning: ${sentence}\n`).join('')}
${config.console ? `Look at the items in a browser:\n  ${browserUrl(config, port)}\n` : ''}Send a preflight as a browser does:
  curl -i -X OPTIONS ${url} -H 'Origin: ${origin}' -H 'Access-Control-Request-Method: POST'
Get every item:
  curl -X POST ${url}${header === undefined ? '' : ` -H '${header.join(': ')}'`}
Get every item from a web page, in the browser's console:
  await fetch('${url}', { method: 'POST'${header === undefined ? '' : `, headers: { '${header.join("': '")}' }`} }).then((response) => response.json())
`;
}

function otherTables(tables: StartupInfo['others']): string {
  const [first] = tables;
  if (first === undefined) return '';
  const list = tables.map(({ name, itemCount }) => `${name} (${itemCount})`).join(', ');
  return `  and with {"TableName":${JSON.stringify(first.name)}} in the body, by name: ${list}\n`;
}

/** Says which web pages can read the items. */
function readers({ origins }: Config['cors']): string {
  if (origins === '*') {
    return `Warning: every web page that you open can read them, because ${CORS_VARIABLES.origins}=*.`;
  }
  const entries = origins.map(({ scheme, host, port, subdomains }) =>
    formatOrigin(scheme, subdomains ? `*.${host}` : host, port),
  );
  const isDefault = entries.join() === LOOPBACK_ORIGINS.join();
  return isDefault
    ? `Web pages of this machine can read them. Add other origins to ${CORS_VARIABLES.origins}.`
    : `Web pages of ${entries.join(', ')} can read them (${CORS_VARIABLES.origins}).`;
}

function networkWarning({ host, auth }: StartupInfo['config']): string {
  if (isLoopback(host) || auth.kind !== 'none') return '';
  return `  Warning: everyone who reaches ${host} can read them, because AUTH=none.\n`;
}

/** Returns the URL to open in a browser: the console, or the description of the API if there is no console. */
export function browserUrl(config: Pick<Config, 'host' | 'console'>, port: number): string {
  return new URL(config.console ? '/' : '/openapi.json', serverUrl(config, port)).href;
}

/** Returns the URL of the server, without a trailing slash. */
function serverUrl({ host }: Pick<Config, 'host'>, port: number): string {
  return `http://${displayHost(host)}:${port}`;
}

/** Shows wildcard and loopback addresses as localhost, and IPv6 addresses in brackets. */
function displayHost(host: string): string {
  if (['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function exampleOrigin({ origins }: Config['cors']): string {
  const [first] = origins;
  if (origins === '*' || first === undefined || typeof first === 'string') return 'http://localhost:5173';
  const { scheme, host, port, subdomains } = first;
  return formatOrigin(scheme, subdomains ? `www.${host}` : host, port === '*' ? '5173' : port);
}
