/** The current query as commands and code for other programs. They never contain the user's credentials. No I/O. */
import type { ConsoleConfig, TableParameters } from '../api/api';
import type { KeyAttribute } from '../api/table';
import { plainNumber, splitByKey, textsOf, type Condition, type Match } from './filter';
import type { OperatorId } from './operators';

export interface SnippetInput {
  /** The URL of the server, without a trailing slash. */
  server: string;
  auth: ConsoleConfig['auth'];
  parameters: TableParameters;
  conditions: readonly Condition[];
  match: Match;
  key: readonly KeyAttribute[];
}

/** Returns each snippet with its title. */
export function snippetsOf(input: SnippetInput): [string, string][] {
  return [
    ['curl', curl(input)],
    ['fetch', fetchCall(input)],
    ['Client', client(input)],
    ['AWS CLI', awsCli(input)],
  ];
}

function curl({ server, auth, parameters }: SnippetInput): string {
  const headers = ['Content-Type: application/json', ...credentialLines(auth)];
  const options = [
    ...headers.map((line) => `-H ${quoted(line)}`),
    `-d ${quoted(JSON.stringify(parameters))}`,
  ];
  return [`curl ${quoted(`${server}/scanRecords`)}`, ...options].join(' \\\n  ');
}

function fetchCall({ server, auth, parameters }: SnippetInput): string {
  const lines = ['Content-Type: application/json', ...credentialLines(auth)];
  const headers = Object.fromEntries(lines.map((line) => line.split(': ') as [string, string]));
  return `const response = await fetch(${JSON.stringify(`${server}/scanRecords`)}, {
  method: 'POST',
  headers: ${JSON.stringify(headers)},
  body: JSON.stringify(${JSON.stringify(parameters, null, 2).replaceAll('\n', '\n  ')}),
});
const { Items } = await response.json();`;
}

function credentialLines(auth: ConsoleConfig['auth']): string[] {
  if (auth === 'none') return [];
  return [auth === 'key' ? 'X-Api-Key: KEY' : 'Authorization: Bearer TOKEN'];
}

function awsCli({ parameters }: SnippetInput): string {
  const { TableName, IndexName, KeyConditionExpression, ...expressions } = parameters;
  const isQuery = KeyConditionExpression !== undefined;
  const options: [string, string | undefined][] = [
    ['--table-name', TableName],
    ['--index-name', IndexName],
    ['--key-condition-expression', KeyConditionExpression],
    ['--filter-expression', expressions.FilterExpression],
    ['--expression-attribute-names', json(expressions.ExpressionAttributeNames)],
    ['--expression-attribute-values', json(expressions.ExpressionAttributeValues)],
  ];
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${quoted(value)}`]));
  return [`aws dynamodb ${isQuery ? 'query' : 'scan'}`, ...given].join(' \\\n  ');
}

function json(value: object | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

/** Quotes a text for a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function client({ server, auth, parameters, conditions, match, key }: SnippetInput): string {
  const [keyConditions, filters] = splitByKey(conditions, match, key);
  const filter = clientFilter(filters, match);
  const credentials = { none: '', key: ', apiKey: KEY', jwt: ', token: TOKEN' }[auth];
  const options = [
    ...(parameters.IndexName === undefined ? [] : [`indexName: ${JSON.stringify(parameters.IndexName)}`]),
    ...(keyConditions.length === 0 ? [] : [`key: ${merged(keyConditions)}`]),
    ...(filter === undefined ? [] : [`filter: ${filter}`]),
  ];
  const lines = options.map((option) => `\n  ${option},`).join('');
  const withoutStrings = lines.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const helpers = ['and', 'or', 'not', 'exactNumber'].filter((name) => withoutStrings.includes(`${name}(`));
  return `import { ${['createClient', ...helpers].join(', ')} } from 'scan-records-client';

const records = createClient(${JSON.stringify(server)}, { tableName: ${JSON.stringify(parameters.TableName)}${credentials} });
for await (const item of records.scan(${options.length === 0 ? '' : `{${lines}\n}`})) console.log(item);`;
}

function clientFilter(filters: readonly Condition[], match: Match): string | undefined {
  if (filters.length === 0) return undefined;
  const names = new Set(filters.map(({ attribute }) => attribute));
  const isOneObject =
    match === 'all' && names.size === filters.length && filters.every(({ operator }) => operator !== 'lacks');
  if (isOneObject) return merged(filters);
  const parts = filters.map((one) => (one.operator === 'lacks' ? `not(${merged([one])})` : merged([one])));
  return parts.length === 1 ? parts[0] : `${match === 'all' ? 'and' : 'or'}(${parts.join(', ')})`;
}

function merged(conditions: readonly Condition[]): string {
  const members = conditions.map((one) => `${propertyName(one.attribute)}: ${operators(one)}`);
  return `{ ${members.join(', ')} }`;
}

/** In an object literal, `__proto__` is a property only if its name is computed. */
function propertyName(name: string): string {
  if (name === '__proto__') return '["__proto__"]';
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

const CLIENT_NAMES: Partial<Record<OperatorId, string>> = { begins: 'beginsWith', lacks: 'contains' };

function operators(condition: Condition): string {
  const { operator, type } = condition;
  // The same texts as in the request.
  const literals = textsOf(condition)
    .map((text) => literal(type, text))
    .join(', ');
  switch (operator) {
    case 'exists':
      return '{ exists: true }';
    case 'absent':
      return '{ exists: false }';
    case 'type':
      return `{ type: ${JSON.stringify(type)} }`;
    case 'between':
    case 'in':
      return `{ ${operator}: [${literals}] }`;
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
    case 'begins':
    case 'contains':
    case 'lacks':
      return `{ ${CLIENT_NAMES[operator] ?? operator}: ${literals} }`;
  }
}

function literal(type: Condition['type'], text: string): string {
  if (type === 'BOOL') return String(text !== 'false');
  if (type === 'NULL') return 'null';
  const number = plainNumber(text);
  if (type === 'N')
    return String(Number(number)) === number ? number : `exactNumber(${JSON.stringify(number)})`;
  if (type === 'B') return `Uint8Array.from(atob(${JSON.stringify(text)}), (char) => char.charCodeAt(0))`;
  return JSON.stringify(text);
}
