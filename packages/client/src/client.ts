/** The client: what to read, and in which form it is returned. */
import type { Numbers } from './numbers';
import { readPages, type Page, type PagingOptions } from './pages';
import { countPages, plainPages, typedPages } from './readPage';
import type { CountOptions, ItemKey, PageOptions, QueryOptions, ReadOptions } from './request';
import { ScanError } from './scanError';
import { createSend, type TransportOptions } from './transport';

export interface ClientOptions {
  /** Sent as `X-Api-Key`. */
  apiKey?: string;
  /** Sent as `Authorization: Bearer`. A function is called for each request, so that it can renew the token. */
  token?: string | (() => string | Promise<string>);
  /** The table to read; default: the server's own. */
  tableName?: string;
  /** How numbers are returned; default `number`, which rounds as JavaScript does. */
  numbers?: Numbers;
  /** `typed` returns attributes as DynamoDB's typed values, such as `{"N":"1"}`; default `plain`. */
  values?: 'plain' | 'typed';
  /** Maximum number of further attempts for each request, after an error that can pass; default 5. */
  retries?: number;
  /** Seconds. If the server wants a longer pause in `Retry-After`, the call rejects at once; default 60. */
  maxRetryAfter?: number;
  /** Sends the requests; default: the platform's `fetch`. */
  fetch?: typeof fetch;
}

/** Reads items. Every method returns everything that was requested, or rejects with a ScanError. */
export interface Client<Item> {
  /** Yields all items, or those of one partition, or those that match a filter. */
  scan<Name extends keyof Item & string = keyof Item & string>(
    options?: ReadOptions<Item, Name>,
  ): AsyncGenerator<Pick<Item, Name>, void, undefined>;

  /** Yields pages. Each one is requested when the caller asks for it. */
  pages<Name extends keyof Item & string = keyof Item & string>(
    options?: PageOptions<Item, Name>,
  ): AsyncGenerator<Page<Pick<Item, Name>>, void, undefined>;

  /** Returns the items of one partition. To stream a large one, call `scan` with a `key`. */
  query<Name extends keyof Item & string = keyof Item & string>(
    options: QueryOptions<Item, Name>,
  ): Promise<Pick<Item, Name>[]>;

  /** Returns the item with this primary key; undefined if there is none. */
  get<Name extends keyof Item & string = keyof Item & string>(
    key: ItemKey<Item>,
    options?: Pick<ReadOptions<Item, Name>, 'select' | 'consistentRead' | 'signal'>,
  ): Promise<Pick<Item, Name> | undefined>;

  /** Counts items. DynamoDB evaluates all of them, so this costs as much as reading them. */
  count(options?: CountOptions<Item>): Promise<number>;
}

/**
 * Creates a client. It sends nothing until one of its methods is called.
 *
 * @param url of the server, or of its route `/scanRecords`; in a browser, it can be relative.
 * @example
 * const records = createClient<Earthquake>('http://localhost:3000');
 * for await (const { place } of records.scan({ filter: { mag: { gt: 5 } } })) console.log(place);
 */
export function createClient<Item extends object = Record<string, unknown>>(
  url: string,
  options: ClientOptions = {},
): Client<Item> {
  const { tableName, numbers = 'number', values = 'plain', retries = 5, maxRetryAfter = 60 } = options;
  const send = createSend(url, options satisfies TransportOptions);
  const readItems = values === 'typed' ? typedPages(send) : plainPages(send, numbers);
  const connection = { parameters: { TableName: tableName }, retries, maxRetryAfter };
  const readAll = (given: PagingOptions = {}) => readPages(readItems, connection, given);

  async function* scan(given: PagingOptions = {}): AsyncGenerator<unknown, void, undefined> {
    for await (const { items } of readAll({ ...given, prefetch: true })) {
      for (const item of items) {
        given.signal?.throwIfAborted();
        yield item;
      }
    }
  }

  async function query(given: PagingOptions): Promise<unknown[]> {
    const items = [];
    for await (const item of scan(given)) items.push(item);
    return items;
  }

  async function get(key: unknown, given: PagingOptions = {}): Promise<unknown> {
    const [item, ...others] = await query({ ...given, key, maxItems: 2 });
    if (others.length === 0) return item;
    throw new ScanError('KeyNotUnique', 'More than one item has this key. Add the sort key, or use query.');
  }

  async function count(given: PagingOptions = {}): Promise<number> {
    let items = 0;
    // JavaScript callers can pass maxItems. A count of a part would look like a count of all items.
    const all = { ...given, maxItems: Infinity };
    for await (const { progress } of readPages(countPages(send), connection, all)) items = progress.items;
    return items;
  }

  return { scan, pages: readAll, query, get, count } as Client<Item>;
}
