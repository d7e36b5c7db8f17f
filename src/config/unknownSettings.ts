/** Finds misspelled environment variables. No I/O. */
import { nearest } from 'command-line';
import { AUTH_VARIABLES } from './authSettings';
import { CORS_VARIABLES } from './corsSettings';
import type { SettingsReader } from './settingsReader';

/** The environment variables of this server, except those that the AWS SDK has too. */
const SETTINGS: readonly string[] = [
  'HOST',
  'PORT',
  'KEEP_ALIVE_TIMEOUT_SECONDS',
  'WRITE_TIMEOUT_SECONDS',
  'ALLOWED_HOSTS',
  'TRUST_PROXY',
  'DYNAMODB',
  'DYNAMODB_TIMEOUT_MS',
  'DYNAMODB_RETRY_SECONDS',
  'DYNAMODB_FAST_PATH',
  'TABLE_NAME',
  'ALLOWED_TABLES',
  'VISIBLE_ATTRIBUTES',
  'ITEM_FILTER',
  'TOKEN_SECRET',
  'RATE_LIMIT_PER_MINUTE',
  'RESPONSE_SHAPE',
  'CONSOLE',
  'COMPRESSION',
  'SCAN_READ_UNITS_PER_SECOND',
  'SCAN_MAX_READ_UNITS',
  'SCAN_MAX_CONCURRENT',
  'LOG_LEVEL',
  ...AUTH_VARIABLES,
  ...Object.values(CORS_VARIABLES),
];

/** An unknown variable with one of these prefixes is an error. */
const OWN_PREFIXES = ['CORS_', 'DYNAMODB_', 'SCAN_'];

/** Shorter names, such as HOST, resemble too many variables of other programs. */
const MIN_COMPARED_CHARS = 9;

/** A misspelled name would silently leave the default, which reads another table or allows more than intended. */
export function rejectUnknownSettings(reader: SettingsReader): void {
  for (const [name, value = ''] of Object.entries(reader.environment)) {
    if (SETTINGS.includes(name)) continue;
    const prefix = OWN_PREFIXES.find((own) => name.startsWith(own));
    if (prefix === undefined && !mayBeOurs(name, value)) continue;
    const candidates = SETTINGS.filter((setting) =>
      prefix === undefined ? setting.length >= MIN_COMPARED_CHARS : `${setting}_`.startsWith(prefix),
    );
    const meant = nearest(name, candidates);
    if (prefix === undefined && meant === undefined) continue;
    const fixes = [
      ...(meant === undefined ? [] : [`Did you mean ${meant}?`]),
      ...(prefix === undefined ? [] : [`Use one of ${candidates.join(', ')}`]),
    ];
    reader.addIssue(name, shownValue(value, meant), 'unknown setting', fixes.join(' '));
  }
}

/** Whether a variable without our prefix may be meant for this server. */
function mayBeOurs(name: string, value: string): boolean {
  return value !== '' && /^[A-Z_]+$/.test(name) && !name.startsWith('AWS_');
}

/** The value of a misspelled secret is not repeated. */
function shownValue(value: string, meant: string | undefined): string {
  return meant === 'TOKEN_SECRET' || meant === 'API_KEYS' ? '…' : value;
}
