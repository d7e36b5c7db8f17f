/** Makes a table and fills it, over the wire: DynamoDB JSON goes there as it stands. */
import { STATUS_CODES } from 'node:http';
import type { Item, Records } from './records';
import { RecordFileError } from './recordText';

/** What one BatchWriteItem takes: items, and bytes less what is around them. */
const BATCH_SIZE = 25;
const BATCH_BYTES = 15_000_000;

interface TableOptions {
  endpoint: string;
  tableName: string;
}

/**
 * Makes a table with the records' key and puts every record into it.
 *
 * @param onProgress called with the number of records put so far.
 * @throws RecordFileError naming the first record that the engine refuses; the table is then of no use.
 */
export async function loadTable(
  table: TableOptions,
  { items, key, indexes = [] }: Pick<Records, 'items' | 'key' | 'indexes'>,
  onProgress: (done: number) => void = () => undefined,
): Promise<void> {
  await createTable(table, key, indexes);
  let done = 0;
  // One after the other: the engine has one thread anyway, and the first refused record is the first.
  for (const batch of batchesOf(items)) {
    await putBatch(table, batch);
    done += batch.length;
    onProgress(done);
  }
}

async function createTable(
  { endpoint, tableName }: TableOptions,
  key: Records['key'],
  indexes: NonNullable<Records['indexes']>,
): Promise<void> {
  const keyed = [...key, ...indexes.flatMap((index) => index.key)];
  const definition = {
    TableName: tableName,
    AttributeDefinitions: keyed.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: keySchema(key),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map(({ name, key }) => ({
        IndexName: name,
        KeySchema: keySchema(key),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
    }),
    BillingMode: 'PAY_PER_REQUEST',
  };
  const { failure } = await call(endpoint, 'CreateTable', JSON.stringify(definition));
  if (failure !== undefined) throw new Error(`the table could not be made: ${failure}`);
}

function keySchema(key: Records['key']): object[] {
  return key.map(({ name }, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' }));
}

async function putBatch({ endpoint, tableName }: TableOptions, batch: readonly Item[]): Promise<void> {
  for (const { json, where } of batch) {
    // dynalite drops these in silence. In JSON text no string's content can look like this.
    if (json.includes('"__proto__":')) {
      throw new RecordFileError(`${where}: the embedded engine cannot hold an attribute named __proto__`);
    }
  }
  const requests = batch.map(({ json }) => `{"PutRequest":{"Item":${json}}}`).join(',');
  const body = `{"RequestItems":{${JSON.stringify(tableName)}:[${requests}]}}`;
  const { failure, answer } = await call(endpoint, 'BatchWriteItem', body);
  // A batch is refused as a whole, with no word on which item it is: put singly, the one will show.
  if (failure !== undefined || answer !== '{"UnprocessedItems":{}}') {
    for (const item of batch) await putItem({ endpoint, tableName }, item);
  }
}

async function putItem({ endpoint, tableName }: TableOptions, { json, where }: Item): Promise<void> {
  const body = `{"TableName":${JSON.stringify(tableName)},"Item":${json}}`;
  const { failure } = await call(endpoint, 'PutItem', body);
  if (failure !== undefined) throw new RecordFileError(`${where}: DynamoDB refuses the record: ${failure}`);
}

/** Calls a local engine, which looks at the form of a signature and no further. */
async function call(
  endpoint: string,
  operation: string,
  body: string,
): Promise<{ answer: string; failure: string | undefined }> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `DynamoDB_20120810.${operation}`,
      'X-Amz-Date': '20200101T000000Z',
      Authorization:
        'AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body,
  });
  const answer = await response.text();
  return { answer, failure: response.ok ? undefined : message(response.status, answer) };
}

function message(status: number, answer: string): string {
  try {
    const { message, Message, __type } = JSON.parse(answer) as Record<string, string | undefined>;
    return message ?? Message ?? __type ?? answer;
  } catch {
    return `${status} ${STATUS_CODES[status] ?? ''}`;
  }
}

function* batchesOf(items: readonly Item[]): Generator<Item[]> {
  let batch: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(item.json);
    if (batch.length === BATCH_SIZE || (batch.length > 0 && bytes + size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
