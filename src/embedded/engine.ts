/** Runs dynalite, a DynamoDB emulator, in this process. It keeps all data in memory. */
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import dynalite from 'dynalite';
import createTable from 'dynalite/actions/createTable';
import database, { type Collection, type SecondaryIndex, type Store, type Table } from 'dynalite/db';
import validations from 'dynalite/validations';
import createTableValidation from 'dynalite/validations/createTable';
import putItemValidation from 'dynalite/validations/putItem';
import type { Attributes } from '../dynamodb/attributeValue';

/** A running engine. Its endpoint accepts any credentials. */
export interface Engine {
  endpoint: string;
  /**
   * Creates a table.
   *
   * @param definition the parameters of CreateTable.
   * @throws Error with the message of DynamoDB.
   */
  createTable(definition: object): Promise<void>;
  /**
   * Writes items to an empty table, many times as fast as over HTTP. Their values are not checked, but their keys are.
   *
   * @throws InvalidItemError
   */
  write(tableName: string, items: readonly StoredItem[]): Promise<void>;
  close(): Promise<void>;
}

/** An item as the engine stores it. */
export interface StoredItem {
  /** The item in DynamoDB JSON, with its numbers in the form that DynamoDB returns. */
  json: Buffer;
  /** The attributes that the keys and indexes of the table need, parsed. */
  attributes: Attributes;
}

/** DynamoDB would reject the item because of its key. */
export class InvalidItemError extends Error {
  override name = 'InvalidItemError';

  readonly item: StoredItem;

  constructor(message: string, item: StoredItem) {
    super(message);
    this.item = item;
  }
}

/** Starts an engine without tables on a free port of the loopback interface. */
export async function startEngine(): Promise<Engine> {
  const { server, store } = createServer();
  const [handle] = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    // dynalite would allow every origin. Front ends must use the app, which enforces its CORS policy.
    if (request.headers.origin !== undefined) {
      response.writeHead(403).end();
      return;
    }
    handle?.(request, response);
    // When a client disconnects in the middle of a request, dynalite's listener throws and ends this process.
    request.removeAllListeners('error').on('error', () => undefined);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    createTable: (definition) => create(store, definition),
    write: (tableName, items) => write(store, tableName, items),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error?: Error | null) => {
          if (error) reject(error);
          else resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** dynalite does not return its storage, so this function notes it when dynalite creates it. */
function createServer() {
  const { create } = database;
  let store: Store | undefined;
  database.create = (options) => (store = create(options));
  try {
    const server = dynalite({ createTableMs: 0 });
    if (store === undefined) throw new Error('dynalite has created no storage');
    return { server, store };
  } finally {
    database.create = create;
  }
}

/** dynalite's own checks and actions, without its HTTP server. */
async function create(store: Store, definition: object): Promise<void> {
  const { types, custom } = createTableValidation;
  try {
    const parameters = validations.checkTypes(structuredClone(definition), types);
    validations.checkValidations(parameters, types, custom, store);
    await promisify(createTable)(store, parameters);
  } catch (error) {
    const { TableName: name } = definition as { TableName?: string };
    throw new Error(`cannot create the table ${JSON.stringify(name)}: ${messageOf(error)}`, { cause: error });
  }
}

/** dynalite's limit of an item, which it gets from its options. */
const LIMITS = { options: { maxItemSize: database.MAX_SIZE } };

/**
 * Checks the values of an item as PutItem does.
 *
 * @returns the item as DynamoDB stores it, with numbers in their normal form, or why DynamoDB rejects it.
 */
export function checkItem(
  item: Attributes,
): { item: Attributes; error?: undefined } | { item?: undefined; error: string } {
  try {
    const { Item } = validations.checkTypes({ Item: item }, { Item: putItemValidation.types.Item }) as {
      Item: Attributes;
    };
    const error = putItemValidation.custom({ Item }, LIMITS);
    return error === undefined ? { item: Item } : { error };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** dynalite's errors have the message in the body of the response. */
function messageOf(error: unknown): string {
  const { body } = error as { body?: { message?: string; Message?: string; __type?: string } };
  if (body === undefined) throw error;
  const message = body.message ?? body.Message ?? '';
  return message === '' ? (body.__type ?? '').replace(/^.*#/, '') : message;
}

/** Items in one operation of the storage. */
const BATCH_ITEMS = 1000;

async function write(store: Store, tableName: string, items: readonly StoredItem[]): Promise<void> {
  // The new table is still CREATING for a moment, so its status is not checked.
  const table = await promisify(store.getTable)(tableName, false);
  const itemDb = store.getItemDb(tableName);
  for (let start = 0; start < items.length; start += BATCH_ITEMS) {
    const batch = items.slice(start, start + BATCH_ITEMS);
    for (const item of batch) {
      const invalid = database.validateItem(item.attributes, table);
      if (invalid) throw new InvalidItemError(messageOf(invalid), item);
    }
    await put(
      itemDb,
      batch.map(({ json, attributes }) => [database.createKey(attributes, table), json]),
    );
    for (const kind of ['Global', 'Local'] as const) {
      for (const index of table[`${kind}SecondaryIndexes`] ?? []) {
        const indexDb = store.getIndexDb(kind, tableName, index.IndexName);
        await put(
          indexDb,
          batch.flatMap((item) => indexEntries(item, index, table)),
        );
      }
    }
  }
}

function indexEntries(
  { json, attributes }: StoredItem,
  index: SecondaryIndex,
  table: Table,
): [string, Buffer][] {
  return database.getIndexActions([index], null, attributes, table).puts.map(({ key, item }) => {
    // dynalite returns the same object if the index contains all attributes.
    return [key, item === attributes ? json : Buffer.from(JSON.stringify(item))];
  });
}

async function put(collection: Collection, entries: readonly (readonly [string, Buffer])[]): Promise<void> {
  await promisify(collection.batch)(
    entries.map(([key, value]) => ({ type: 'put', key, value, valueEncoding: 'buffer' })),
  );
}
