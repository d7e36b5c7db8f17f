/** Creates a table and writes its items over HTTP, because the items already are DynamoDB JSON text. */
import { once } from 'node:events';
import { request, STATUS_CODES, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { KeySchema } from '../../src/embedded/files/keys';

/**
 * Limits of one BatchWriteItem request: 25 items and 16 MB, of which the JSON around the items needs a part.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 */
const MAX_BATCH_ITEMS = 25;
const MAX_BATCH_BYTES = 15_000_000;

/** An item in DynamoDB JSON, and its name for error messages. */
interface Item {
  json: string;
  where: string;
}

interface TableContents {
  items: readonly Item[];
  key: KeySchema;
  /** Global secondary indexes with the projection KEYS_ONLY. */
  indexes?: readonly { name: string; key: KeySchema }[];
}

interface TableOptions {
  endpoint: string;
  tableName: string;
}

/**
 * Creates a table and writes all items to it.
 *
 * @param onProgress called with the number of items written so far.
 * @throws ItemFileError with the place of the first item that the engine rejects. The table is incomplete then.
 */
export async function loadTable(
  table: TableOptions,
  { items, key, indexes = [] }: Pick<TableContents, 'items' | 'key' | 'indexes'>,
  onProgress: (itemCount: number) => void = () => undefined,
): Promise<void> {
  await createTable(table, key, indexes);
  let itemCount = 0;
  // In sequence: parallel batches gain nothing in a single-threaded engine, and the error must name the first item.
  for (const batch of batchesOf(items)) {
    await putBatch(table, batch);
    itemCount += batch.length;
    onProgress(itemCount);
  }
}

/** Creates a table. */
async function createTable(
  { endpoint, tableName }: TableOptions,
  key: TableContents['key'],
  indexes: NonNullable<TableContents['indexes']> = [],
): Promise<void> {
  const keyAttributes = [...key, ...indexes.flatMap((index) => index.key)];
  const definition = {
    TableName: tableName,
    AttributeDefinitions: keyAttributes.map(({ name, type }) => ({
      AttributeName: name,
      AttributeType: type,
    })),
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
  const { error } = await send(endpoint, 'CreateTable', JSON.stringify(definition));
  if (error !== undefined) throw new Error(`cannot create the table ${JSON.stringify(tableName)}: ${error}`);
}

function keySchema(key: TableContents['key']): object[] {
  return key.map(({ name }, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' }));
}

async function putBatch({ endpoint, tableName }: TableOptions, batch: readonly Item[]): Promise<void> {
  const requests = batch.map(({ json }) => `{"PutRequest":{"Item":${json}}}`).join(',');
  const body = `{"RequestItems":{${JSON.stringify(tableName)}:[${requests}]}}`;
  const { error, text: responseText } = await send(endpoint, 'BatchWriteItem', body);
  // The engine rejects a whole batch without naming the invalid item. Single writes find it.
  if (error !== undefined || responseText !== '{"UnprocessedItems":{}}') {
    for (const item of batch) await putItem({ endpoint, tableName }, item);
  }
}

async function putItem({ endpoint, tableName }: TableOptions, { json, where }: Item): Promise<void> {
  const body = `{"TableName":${JSON.stringify(tableName)},"Item":${json}}`;
  const { error } = await send(endpoint, 'PutItem', body);
  if (error !== undefined) throw new Error(`${where}: DynamoDB rejects the item: ${error}`);
}

/** Sends one API request. The signature is a constant because a local engine checks only its form. */
async function send(
  endpoint: string,
  operation: string,
  body: string,
): Promise<{ text: string; error: string | undefined }> {
  // Not fetch, which takes longer to load than the table takes to create.
  const client = request(endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `DynamoDB_20120810.${operation}`,
      'X-Amz-Date': '20200101T000000Z',
      Authorization:
        'AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
  });
  client.end(body);
  const [response] = (await once(client, 'response')) as [IncomingMessage];
  const { statusCode = 0 } = response;
  const responseText = await text(response);
  return {
    text: responseText,
    error: statusCode === 200 ? undefined : errorMessage(statusCode, responseText),
  };
}

function errorMessage(status: number, text: string): string {
  try {
    const { message, Message, __type } = JSON.parse(text) as Record<string, string | undefined>;
    return message ?? Message ?? __type ?? text;
  } catch {
    return `${status} ${STATUS_CODES[status] ?? ''}`;
  }
}

function* batchesOf(items: readonly Item[]): Generator<Item[]> {
  let batch: Item[] = [];
  let batchBytes = 0;
  for (const item of items) {
    const itemBytes = Buffer.byteLength(item.json);
    const isFull = batch.length === MAX_BATCH_ITEMS || batchBytes + itemBytes > MAX_BATCH_BYTES;
    if (batch.length > 0 && isFull) {
      yield batch;
      batch = [];
      batchBytes = 0;
    }
    batch.push(item);
    batchBytes += itemBytes;
  }
  if (batch.length > 0) yield batch;
}
