/** The first lines of npm start: where, what, and what to try. No I/O. */
import type { Config } from '../config/config';
import { SCAN_PATH } from '../scan/routes';

/** What is served, in words. */
export interface Served {
  config: Pick<Config, 'host' | 'tableName' | 'cors'>;
  port: number;
  /** The engine and where its records come from. */
  engine: string;
  /** How many records, or why nobody knows. */
  records: string;
}

export function banner({ config, port, engine, records }: Served): string {
  const url = `http://${displayHost(config.host)}:${port}${SCAN_PATH}`;
  const origin = exampleOrigin(config.cors);
  return `Serving ${config.tableName} at ${url}
  from ${engine}: ${records}

The preflight, as a browser sends it:
  curl -i -X OPTIONS ${url} -H 'Origin: ${origin}' -H 'Access-Control-Request-Method: POST'
Every record:
  curl -X POST ${url}
From a page, in the browser's console:
  await fetch('${url}', { method: 'POST' }).then((response) => response.json())

`;
}

/** Wildcard and loopback addresses are at localhost, and IPv6 ones stand in brackets. */
function displayHost(host: string): string {
  if (['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function exampleOrigin({ origins }: Config['cors']): string {
  const [first] = origins;
  if (origins === '*' || first === undefined || typeof first === 'string') return 'http://localhost:5173';
  const { scheme, host, port, subdomains } = first;
  return `${scheme}://${subdomains ? 'www.' : ''}${host}${port === '' ? '' : `:${port}`}`;
}
