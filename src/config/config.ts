/** Parses environment variables to one frozen configuration, or reports every issue. No I/O. */
import { isLoopbackHost, type CorsPolicy } from 'cors-policy';
import {
  readAllowedHosts,
  readItemFilter,
  readTokenSecret,
  readTrustProxy,
  readVisibleAttributes,
} from './accessSettings';
import { readAuth, type AuthConfig } from './authSettings';
import { ConfigError } from './configError';
import {
  CHALLENGE_HEADERS,
  LOOPBACK_ORIGINS,
  RATE_LIMIT_HEADERS,
  readCors,
  SAMPLE_ORIGINS,
} from './corsSettings';
import { readAllowedTables, readDynamodb, readTableName, type DynamodbConfig } from './dynamodbSettings';
import type { ItemFilter } from './itemFilter';
import { SettingsReader, type Environment } from './settingsReader';
import { rejectUnknownSettings } from './unknownSettings';

export type { Environment };

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const RESPONSE_SHAPES = ['object', 'array'] as const;

export type ResponseShape = (typeof RESPONSE_SHAPES)[number];

export interface Config {
  host: string;
  port: number;
  /** Milliseconds that an idle connection stays open. */
  keepAliveTimeout: number;
  /** Milliseconds after which a client that reads nothing is reset. */
  writeTimeout: number;
  /** Host names, besides loopback names and addresses, that the `Host` header may have. */
  allowedHosts: readonly string[];
  /** How many proxies in front of the server are trusted to add the client's address to X-Forwarded-For. */
  trustProxy: number;
  dynamodb: DynamodbConfig;
  /** Milliseconds until a DynamoDB response must begin, and then until it must end. */
  dynamodbTimeout: number;
  /** Milliseconds that a scan waits while DynamoDB throttles it, after its first page. */
  dynamodbRetry: number;
  /** Whether Scan requests may bypass the SDK's middleware, which instrumentation would patch. */
  dynamodbFastPath: boolean;
  tableName: string;
  /** The tables that requests may name, including the default table. */
  allowedTables: readonly string[];
  auth: AuthConfig;
  /** The attributes that clients may read and use in expressions, by table; undefined means all. */
  visibleAttributes: Readonly<Record<string, readonly string[]>> | undefined;
  /** Limits which items a client may read; undefined means all. */
  itemFilter: ItemFilter | undefined;
  /** Encrypts tokens if attributes or items are hidden; undefined means a random secret of this process. */
  tokenSecret: string | undefined;
  /** Requests per minute that one client may send; undefined means no limit. */
  rateLimitPerMinute: number | undefined;
  cors: CorsPolicy;
  responseShape: ResponseShape;
  /** Whether the server has the console, a web page that shows the table. */
  console: boolean;
  /** Whether responses are compressed for clients that accept it. */
  compression: boolean;
  /** Read capacity units per second that all scans together may consume; undefined means no limit. */
  scanReadUnitsPerSecond: number | undefined;
  /** Read capacity units that one request may consume; undefined means no limit. */
  scanMaxReadUnits: number | undefined;
  /** How many scans may run at the same time. */
  scanMaxConcurrent: number;
  logLevel: (typeof LOG_LEVELS)[number];
}

/**
 * Parses the configuration from environment variables. An empty variable counts as absent, except
 * `CORS_ALLOW_ORIGINS`.
 *
 * @param servesSample whether the embedded engine serves the sample, which web pages of any origin may read by default.
 * @throws ConfigError with every issue.
 */
export function parseConfig(environment: Environment, { servesSample = false } = {}): Config {
  const reader = new SettingsReader(environment);
  rejectUnknownSettings(reader);
  const host = reader.text('HOST', '127.0.0.1');
  const tableName = readTableName(reader);
  const allowedTables = readAllowedTables(reader, tableName);
  const dynamodb = readDynamodb(reader);
  const isSample = servesSample && dynamodb.kind === 'embedded';
  const auth = readAuth(reader);
  const rateLimitPerMinute = reader.optionalInteger('RATE_LIMIT_PER_MINUTE', 1, 1_000_000);
  const ownHeaders = [
    ...(auth.kind === 'none' ? [] : CHALLENGE_HEADERS),
    ...(rateLimitPerMinute === undefined ? [] : RATE_LIMIT_HEADERS),
  ];
  const config: Config = {
    host,
    port: reader.integer('PORT', 3000, 0, 65_535),
    keepAliveTimeout: reader.integer('KEEP_ALIVE_TIMEOUT_SECONDS', 65, 1, 3600) * 1000,
    writeTimeout: reader.integer('WRITE_TIMEOUT_SECONDS', 60, 1, 3600) * 1000,
    allowedHosts: readAllowedHosts(reader),
    trustProxy: readTrustProxy(reader),
    dynamodb,
    dynamodbTimeout: reader.integer('DYNAMODB_TIMEOUT_MS', 10_000, 1, 900_000),
    dynamodbRetry: reader.integer('DYNAMODB_RETRY_SECONDS', 60, 0, 3600) * 1000,
    dynamodbFastPath: reader.choice('DYNAMODB_FAST_PATH', ['on', 'off'], 'on') === 'on',
    tableName,
    allowedTables,
    auth,
    visibleAttributes: readVisibleAttributes(reader, allowedTables),
    itemFilter: readItemFilter(reader, auth),
    tokenSecret: readTokenSecret(reader),
    rateLimitPerMinute,
    cors: readCors(reader, isSample ? SAMPLE_ORIGINS : LOOPBACK_ORIGINS, ownHeaders),
    responseShape: reader.choice('RESPONSE_SHAPE', RESPONSE_SHAPES, 'object'),
    console: reader.choice('CONSOLE', ['on', 'off'], isLoopback(host) ? 'on' : 'off') === 'on',
    compression: reader.choice('COMPRESSION', ['on', 'off'], 'on') === 'on',
    scanReadUnitsPerSecond: reader.optionalInteger('SCAN_READ_UNITS_PER_SECOND', 1, 1_000_000_000),
    scanMaxReadUnits: reader.optionalInteger('SCAN_MAX_READ_UNITS', 1, 1_000_000_000),
    scanMaxConcurrent: reader.integer('SCAN_MAX_CONCURRENT', 100, 1, 100_000),
    logLevel: reader.choice('LOG_LEVEL', LOG_LEVELS, 'info'),
  };
  if (reader.issues.length > 0) throw new ConfigError(reader.issues);
  return deepFreeze(config);
}

/** Returns whether only this machine reaches an address to listen on. */
export function isLoopback(host: string): boolean {
  return host === '::1' || isLoopbackHost(host.toLowerCase());
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value) as unknown[]) {
    if (typeof part === 'object' && part !== null) deepFreeze(part);
  }
  return Object.freeze(value);
}
