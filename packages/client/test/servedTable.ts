/** The real server on the embedded engine, with the items of a test. */
import { openEngineTable } from '../../../test/helpers/engineTable';
import { serve, testApp, type LogLine } from '../../../test/helpers/servedApp';

export interface ServedTable {
  url: string;
  /** The log lines so far. */
  log: LogLine[];
  close(): Promise<void>;
}

type Key = Parameters<typeof openEngineTable>[1];

/**
 * Serves items in DynamoDB's typed form.
 *
 * @param environment settings of the server.
 * @param key of the table; default: the string `id`.
 */
export async function serveTable(
  items: readonly object[],
  environment: Record<string, string> = {},
  key?: Key,
): Promise<ServedTable> {
  const table = await openEngineTable(
    items.map((item) => JSON.stringify(item)),
    key,
  );
  const { app, log } = testApp(table.repository, { TABLE_NAME: table.tableName, ...environment });
  const served = await serve(app);
  return {
    url: served.url,
    log,
    close: async () => {
      await served.close();
      await table.close();
    },
  };
}
