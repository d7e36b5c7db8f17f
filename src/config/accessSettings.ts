/** The settings for what a client may read, and how often. No I/O. */
import type { AuthConfig } from './authSettings';
import { claimsIn, ItemFilterError, parseItemFilter, type ItemFilter } from './itemFilter';
import type { SettingsReader } from './settingsReader';

/** Shorter secrets can be guessed. */
const MIN_SECRET_CHARS = 32;

/**
 * Returns the attributes that clients may read and use in expressions, by table; undefined means all.
 *
 * The setting is a comma-separated list for every table, or a JSON object with a list for each table.
 */
export function readVisibleAttributes(
  reader: SettingsReader,
  tables: readonly string[],
): Readonly<Record<string, readonly string[]>> | undefined {
  const setting = 'VISIBLE_ATTRIBUTES';
  const value = reader.text(setting, '');
  if (value === '') return undefined;
  if (!value.startsWith('{')) {
    const names = reader.list(setting, []);
    if (names.length === 0) reader.addIssue(setting, value, 'the list is empty', 'List the attributes');
    return Object.fromEntries(tables.map((table) => [table, names]));
  }
  const lists = parseLists(value);
  if (lists === undefined) {
    const fix = 'Use a list such as id,total or an object such as {"Orders":["id","total"]}';
    reader.addIssue(setting, value, 'not JSON with one list of names per table', fix);
    return undefined;
  }
  for (const table of Object.keys(lists).filter((name) => !tables.includes(name))) {
    reader.addIssue(setting, table, 'not an allowed table', 'Add it to ALLOWED_TABLES, or remove it here');
  }
  for (const table of tables.filter((name) => !Object.hasOwn(lists, name))) {
    const reason = 'the object has no list for this table';
    reader.addIssue(setting, table, reason, 'Add a list; without one every attribute would be visible');
  }
  return lists;
}

function parseLists(value: string): Record<string, string[]> | undefined {
  try {
    const lists = JSON.parse(value) as Record<string, unknown>;
    return Object.values(lists).every(isNameList) ? (lists as Record<string, string[]>) : undefined;
  } catch {
    return undefined;
  }
}

function isNameList(list: unknown): boolean {
  return (
    Array.isArray(list) && list.length > 0 && list.every((name) => typeof name === 'string' && name !== '')
  );
}

/** Returns the filter that limits which items a client may read; undefined means all. */
export function readItemFilter(reader: SettingsReader, auth: AuthConfig): ItemFilter | undefined {
  const setting = 'ITEM_FILTER';
  const value = reader.text(setting, '');
  if (value === '') return undefined;
  try {
    const filter = parseItemFilter(value);
    for (const path of claimsIn(filter)) {
      const name = path.join('.');
      if (auth.kind === 'none') {
        const reason = `no client has the claim ${name}, because AUTH=none`;
        reader.addIssue(setting, value, reason, 'Set AUTH=key or AUTH=jwt');
      } else if (auth.kind === 'key' && name !== 'sub') {
        const reason = `AUTH=key has no claim ${name}, only sub, the name of the key`;
        reader.addIssue(setting, value, reason, 'Use $claims.sub, or set AUTH=jwt');
      }
    }
    return filter;
  } catch (error) {
    if (!(error instanceof ItemFilterError)) throw error;
    reader.addIssue(
      setting,
      value,
      error.message,
      "Use an expression such as owner = $claims.sub OR state = 'public'",
    );
    return undefined;
  }
}

/** Returns the secret that encrypts tokens; undefined means a random one for the lifetime of the process. */
export function readTokenSecret(reader: SettingsReader): string | undefined {
  const secret = reader.text('TOKEN_SECRET', '') || undefined;
  if (secret !== undefined && secret.length < MIN_SECRET_CHARS) {
    const reason = `shorter than ${MIN_SECRET_CHARS} characters`;
    reader.addIssue('TOKEN_SECRET', '…', reason, 'Create one with: openssl rand -hex 32');
  }
  return secret;
}

/** Returns the host names, besides loopback names and addresses, that requests may use. */
export function readAllowedHosts(reader: SettingsReader): string[] {
  const hosts = reader.list('ALLOWED_HOSTS', []);
  for (const host of hosts.filter((name) => !/^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(name))) {
    const fix =
      'Use names in lower case, without scheme and port, for example api.example.com or *.example.com';
    reader.addIssue('ALLOWED_HOSTS', host, 'not a host name', fix);
  }
  return hosts;
}

/** Returns how many proxies in front of the server are trusted to add the client's address to X-Forwarded-For. */
export function readTrustProxy(reader: SettingsReader): number {
  return reader.integer('TRUST_PROXY', 0, 0, 10);
}
