/** Types for the parts of dynalite that this project uses; the package has none of its own. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  export default function dynalite(options?: {
    /** Milliseconds that a new table stays in status CREATING. */
    createTableMs?: number;
  }): Server;
}

/** dynalite's storage. Not a public API, so package.json has one exact version. */
declare module 'dynalite/db' {
  export interface SecondaryIndex {
    IndexName: string;
  }

  export interface Table {
    GlobalSecondaryIndexes?: SecondaryIndex[];
    LocalSecondaryIndexes?: SecondaryIndex[];
  }

  type Callback<Result = void> = (error: Error | null, result: Result) => void;

  export interface Collection {
    batch: (
      operations: { type: 'put'; key: string; value: Buffer; valueEncoding: 'buffer' }[],
      done: Callback,
    ) => void;
  }

  export interface Store {
    getTable: (name: string, checkStatus: boolean, done: Callback<Table>) => void;
    getItemDb: (tableName: string) => Collection;
    getIndexDb: (type: 'Global' | 'Local', tableName: string, indexName: string) => Collection;
  }

  interface Database {
    /** The largest size of an item in bytes. */
    MAX_SIZE: number;
    create: (options: object) => Store;
    createKey(item: object, table: Table): string;
    /** Returns the error of DynamoDB if the key or an index key is invalid. */
    validateItem(item: object, table: Table): Error | null | undefined;
    getIndexActions(
      indexes: SecondaryIndex[],
      existing: null,
      item: object,
      table: Table,
    ): { puts: { index: string; key: string; item: object }[] };
  }

  const database: Database;
  export default database;
}

/** dynalite's checks of parameters. Not a public API either. */
declare module 'dynalite/validations' {
  import type { Store } from 'dynalite/db';

  const validations: {
    /** Returns the parameters without unknown fields. Throws an error with the body of the response. */
    checkTypes(parameters: object, types: object): object;
    checkValidations(parameters: object, types: object, custom: unknown, store: Store): void;
  };
  export default validations;
}

declare module 'dynalite/validations/createTable' {
  const validation: { types: object; custom: unknown };
  export default validation;
}

declare module 'dynalite/validations/putItem' {
  const validation: {
    types: { Item: object };
    /** Writes numbers in their normal form. Returns the message of an error. */
    custom(parameters: { Item: object }, store: { options: { maxItemSize: number } }): string | undefined;
  };
  export default validation;
}

declare module 'dynalite/actions/createTable' {
  import type { Store } from 'dynalite/db';

  export default function createTable(
    store: Store,
    parameters: object,
    done: (error: Error | null, result: object) => void,
  ): void;
}
