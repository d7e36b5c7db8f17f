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
  interface Table {
    GlobalSecondaryIndexes?: { IndexName: string }[];
  }

  type Callback<Result = void> = (error: Error | null, result: Result) => void;

  interface Collection {
    batch: (
      operations: { type: 'put'; key: string; value: object | string; valueEncoding?: 'utf8' }[],
      done: Callback,
    ) => void;
  }

  export interface Store {
    getTable: (name: string, checkStatus: boolean, done: Callback<Table>) => void;
    getItemDb: (tableName: string) => Collection;
    getIndexDb: (type: 'Global', tableName: string, indexName: string) => Collection;
  }

  interface Database {
    create: (options: object) => Store;
    createKey(item: object, table: Table): string;
    getIndexActions(
      indexes: Table['GlobalSecondaryIndexes'],
      existing: null,
      item: object,
      table: Table,
    ): { puts: { index: string; key: string; item: object }[] };
  }

  const database: Database;
  export default database;
}
