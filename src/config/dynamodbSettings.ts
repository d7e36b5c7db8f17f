/** The settings that choose the DynamoDB and its tables. No I/O. */
import { parseUrl } from 'cors-policy';
import type { SettingsReader } from './settingsReader';

/** Which DynamoDB stores the items. */
export type DynamodbConfig =
  { kind: 'embedded' } | { kind: 'aws' } | { kind: 'endpoint'; endpoint: string; region: string };

/** The AWS SDK's variables for an endpoint, the most specific one first. */
const ENDPOINT_VARIABLES = ['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL'];

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
const TABLE_NAME = /^[\w.-]{3,255}$/;
const TABLE_ARN = /^arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]{3,255}$/;

/** Like the AWS CLI, honors the endpoint variables of the AWS SDK, unless DYNAMODB says which DynamoDB to use. */
export function readDynamodb(reader: SettingsReader): DynamodbConfig {
  const ignoresEndpoints = reader.text('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'false') === 'true';
  const setting =
    ['DYNAMODB', ...(ignoresEndpoints ? [] : ENDPOINT_VARIABLES)].find(
      (name) => reader.text(name, '') !== '',
    ) ?? 'DYNAMODB';
  const value = reader.text(setting, 'embedded');
  if (value === 'embedded' || value === 'aws') return { kind: value };
  const url = parseUrl(value);
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const fix = 'Use embedded, aws, or a URL such as http://localhost:8000';
    reader.addIssue(setting, value, 'not a valid choice or http URL', fix);
  } else if (url.username !== '' || url.password !== '') {
    const fix = 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead';
    reader.addIssue(setting, value, 'the URL must not contain credentials', fix);
  }
  const region = reader.text('AWS_REGION', reader.text('AWS_DEFAULT_REGION', 'us-east-1'));
  return { kind: 'endpoint', endpoint: value, region };
}

export function readTableName(reader: SettingsReader): string {
  const name = reader.text('TABLE_NAME', 'RecordsTable');
  checkTable(reader, 'TABLE_NAME', name);
  return name;
}

/** Returns the tables that requests may name, including the default table. */
export function readAllowedTables(reader: SettingsReader, tableName: string): string[] {
  const names = reader.list('ALLOWED_TABLES', []);
  for (const name of names) checkTable(reader, 'ALLOWED_TABLES', name);
  return [...new Set([tableName, ...names])];
}

function checkTable(reader: SettingsReader, setting: string, name: string): void {
  if (TABLE_NAME.test(name) || TABLE_ARN.test(name)) return;
  const fix = 'Use 3 to 255 letters, digits, _ - or ., or the ARN of a table';
  reader.addIssue(setting, name, 'not a valid table name', fix);
}
