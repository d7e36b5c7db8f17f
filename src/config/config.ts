/** Parses environment variables to one frozen configuration, or reports every issue. No I/O. */
import { nearest } from 'command-line';
import { validatePolicy, type CorsPolicy } from 'cors-policy';
import { ConfigError, type ConfigIssue } from './configError';
import { CORS_VARIABLES, DEFAULT_CORS_SETTINGS, toConfigIssue } from './corsSettings';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const RESPONSE_SHAPES = ['object', 'array'] as const;

export type ResponseShape = (typeof RESPONSE_SHAPES)[number];

/** Which DynamoDB stores the items. */
type DynamodbConfig =
  { kind: 'embedded' } | { kind: 'aws' } | { kind: 'endpoint'; endpoint: string; region: string };

export interface Config {
  host: string;
  port: number;
  dynamodb: DynamodbConfig;
  /** Milliseconds until a DynamoDB response must begin, and then until it must end. */
  dynamodbTimeout: number;
  /** Whether Scan requests may bypass the SDK's middleware, which instrumentation would patch. */
  dynamodbFastPath: boolean;
  tableName: string;
  /** The tables that requests may name, including the default table. */
  allowedTables: readonly string[];
  cors: CorsPolicy;
  responseShape: ResponseShape;
  /** Whether responses are compressed for clients that accept it. */
  compression: boolean;
  /** Read capacity units per second that all scans together may consume; undefined means no limit. */
  scanReadUnitsPerSecond: number | undefined;
  /** How many scans may run at the same time. */
  scanMaxConcurrent: number;
  logLevel: (typeof LOG_LEVELS)[number];
}

/** The AWS SDK's variables for an endpoint, the most specific one first. */
const ENDPOINT_VARIABLES = ['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL'];

/** The environment variables of this server, except those that the AWS SDK has too. */
const SETTINGS: readonly string[] = [
  'HOST',
  'PORT',
  'DYNAMODB',
  'DYNAMODB_TIMEOUT_MS',
  'DYNAMODB_FAST_PATH',
  'TABLE_NAME',
  'ALLOWED_TABLES',
  'RESPONSE_SHAPE',
  'COMPRESSION',
  'SCAN_READ_UNITS_PER_SECOND',
  'SCAN_MAX_CONCURRENT',
  'LOG_LEVEL',
  ...Object.values(CORS_VARIABLES),
];

/** An unknown variable with one of these prefixes is an error. */
const OWN_PREFIXES = ['CORS_', 'DYNAMODB_', 'SCAN_'];

/** Shorter names, such as HOST, resemble too many variables of other programs. */
const MIN_COMPARED_CHARS = 9;

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
const TABLE_NAME = /^[\w.-]{3,255}$/;
const TABLE_ARN = /^arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]{3,255}$/;

/**
 * Parses the configuration from environment variables. An empty variable counts as absent, except
 * `CORS_ALLOW_ORIGINS`.
 *
 * @throws ConfigError with every issue.
 */
export function parseConfig(environment: Environment): Config {
  const settings = new SettingsReader(environment);
  settings.rejectMisspelledNames();
  const tableName = settings.table('TABLE_NAME', 'RecordsTable');
  const config: Config = {
    host: settings.text('HOST', '127.0.0.1'),
    port: settings.integer('PORT', 3000, 0, 65_535),
    dynamodb: settings.dynamodb(),
    dynamodbTimeout: settings.integer('DYNAMODB_TIMEOUT_MS', 10_000, 1, 900_000),
    dynamodbFastPath: settings.choice('DYNAMODB_FAST_PATH', ['on', 'off'], 'on') === 'on',
    tableName,
    allowedTables: settings.tables('ALLOWED_TABLES', tableName),
    cors: settings.cors(),
    responseShape: settings.choice('RESPONSE_SHAPE', RESPONSE_SHAPES, 'object'),
    compression: settings.choice('COMPRESSION', ['on', 'off'], 'on') === 'on',
    scanReadUnitsPerSecond: settings.optionalInteger('SCAN_READ_UNITS_PER_SECOND', 1, 1_000_000_000),
    scanMaxConcurrent: settings.integer('SCAN_MAX_CONCURRENT', 100, 1, 100_000),
    logLevel: settings.choice('LOG_LEVEL', LOG_LEVELS, 'info'),
  };
  if (settings.issues.length > 0) throw new ConfigError(settings.issues);
  return deepFreeze(config);
}

/** Reads one setting after the other and collects the issues. */
class SettingsReader {
  readonly issues: ConfigIssue[] = [];
  private readonly environment: Environment;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  text(setting: string, fallback: string): string {
    const value = this.environment[setting]?.trim();
    return value === undefined || value === '' ? fallback : value;
  }

  list(setting: string, fallback: readonly string[]): string[] {
    return this.text(setting, fallback.join(','))
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
  }

  optionalInteger(setting: string, min: number, max: number): number | undefined {
    return this.text(setting, '') === '' ? undefined : this.integer(setting, min, min, max);
  }

  integer(setting: string, fallback: number, min: number, max: number): number {
    const value = this.text(setting, String(fallback));
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    if (number >= min && number <= max) return number;
    this.addIssue(setting, value, 'not a number in the range', `Use a whole number from ${min} to ${max}`);
    return fallback;
  }

  choice<Choice extends string>(setting: string, choices: readonly Choice[], fallback: Choice): Choice {
    const value = this.text(setting, fallback);
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) {
      this.addIssue(setting, value, 'not a valid choice', `Use one of ${choices.join(', ')}`);
    }
    return choice ?? fallback;
  }

  table(setting: string, fallback: string): string {
    const name = this.text(setting, fallback);
    this.checkTable(setting, name);
    return name;
  }

  tables(setting: string, tableName: string): string[] {
    const names = this.list(setting, []);
    for (const name of names) this.checkTable(setting, name);
    return [...new Set([tableName, ...names])];
  }

  /** Like the AWS CLI, honors the endpoint variables of the AWS SDK, unless DYNAMODB says which DynamoDB to use. */
  dynamodb(): DynamodbConfig {
    const ignoresEndpoints = this.text('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'false') === 'true';
    const setting =
      ['DYNAMODB', ...(ignoresEndpoints ? [] : ENDPOINT_VARIABLES)].find(
        (name) => this.text(name, '') !== '',
      ) ?? 'DYNAMODB';
    const value = this.text(setting, 'embedded');
    if (value === 'embedded' || value === 'aws') return { kind: value };
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) {
      const fix = 'Use embedded, aws, or a URL such as http://localhost:8000';
      this.addIssue(setting, value, 'not a valid choice or http URL', fix);
    } else if (url.username !== '' || url.password !== '') {
      const fix = 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead';
      this.addIssue(setting, value, 'the URL must not contain credentials', fix);
    }
    const region = this.text('AWS_REGION', this.text('AWS_DEFAULT_REGION', 'us-east-1'));
    return { kind: 'endpoint', endpoint: value, region };
  }

  cors(): CorsPolicy {
    const defaults = DEFAULT_CORS_SETTINGS;
    const policy = validatePolicy({
      origins: this.corsOrigins(defaults.origins),
      methods: defaults.methods,
      allowHeaders: this.list(CORS_VARIABLES.allowHeaders, defaults.allowHeaders),
      exposeHeaders: this.list(CORS_VARIABLES.exposeHeaders, defaults.exposeHeaders),
      credentials: this.choice(CORS_VARIABLES.credentials, ['true', 'false'], 'false') === 'true',
      maxAge: this.integer(CORS_VARIABLES.maxAge, defaults.maxAge, 0, 86_400),
    });
    if (!Array.isArray(policy)) return policy;
    this.issues.push(...policy.map(toConfigIssue));
    // Never used: the issues make parseConfig throw.
    return { ...defaults, origins: [] };
  }

  /** The exception to "empty counts as absent": an emptied allow-list must not mean any origin. */
  private corsOrigins(fallback: readonly string[]): string[] {
    return this.environment[CORS_VARIABLES.origins] === undefined
      ? [...fallback]
      : this.list(CORS_VARIABLES.origins, []);
  }

  /** A misspelled name would silently leave the default, which reads another table or allows any origin. */
  rejectMisspelledNames(): void {
    for (const [name, value = ''] of Object.entries(this.environment)) {
      if (SETTINGS.includes(name)) continue;
      const prefix = OWN_PREFIXES.find((own) => name.startsWith(own));
      const candidates = SETTINGS.filter(
        (setting) => prefix === undefined || `${setting}_`.startsWith(prefix),
      );
      const meant = nearest(name, candidates);
      if (prefix === undefined && !(meant !== undefined && resembles(name, value, meant))) continue;
      const fixes = [
        ...(meant === undefined ? [] : [`Did you mean ${meant}?`]),
        ...(prefix === undefined ? [] : [`Use one of ${candidates.join(', ')}`]),
      ];
      this.addIssue(name, value, 'unknown setting', fixes.join(' '));
    }
  }

  private checkTable(setting: string, name: string): void {
    if (TABLE_NAME.test(name) || TABLE_ARN.test(name)) return;
    const fix = 'Use 3 to 255 letters, digits, _ - or ., or the ARN of a table';
    this.addIssue(setting, name, 'not a valid table name', fix);
  }

  private addIssue(setting: string, value: string, reason: string, fix: string): void {
    this.issues.push({ setting, value, reason, fix });
  }
}

/** Whether a variable without our prefix is probably meant for this server. */
function resembles(name: string, value: string, setting: string): boolean {
  return (
    value !== '' && /^[A-Z_]+$/.test(name) && !name.startsWith('AWS_') && setting.length >= MIN_COMPARED_CHARS
  );
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value) as unknown[]) {
    if (typeof part === 'object' && part !== null) deepFreeze(part);
  }
  return Object.freeze(value);
}
