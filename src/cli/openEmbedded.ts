/** Opens the embedded engine with the sample or the user's files, and opens it again when the files change. */
import { randomBytes } from 'node:crypto';
import type { Config } from '../config/config';
import type { Repository } from '../dynamodb/repository';
import type { EmbeddedSource } from '../embedded/start';
import { ItemFileError } from '../embedded/files/itemFileError';
import { startInThread, type LoadedTables } from '../embedded/thread';
import type { FileArguments } from './fileArguments';
import { watchFiles } from './watchFiles';

/** A running engine, its repository, and the requests in flight. */
interface Generation {
  loaded: LoadedTables;
  use<Result>(request: (repository: Repository) => Promise<Result>): Promise<Result>;
  /** Closes the engine when no request is in flight. */
  close(): Promise<void>;
}

/** Opens the embedded engine and waits until its tables have all items. */
export async function openEmbedded(
  config: Config,
  files: FileArguments | undefined,
  { isNamed, print }: { isNamed: boolean; print: (line: string) => void },
) {
  const source = sourceOf(config.tableName, files, isNamed);
  let current = await openGeneration(source, config);
  const names = current.loaded.tables.map(({ name }) => name);
  const reload = async () => {
    const next = await openGeneration(source, config);
    const replaced = current;
    const missing = names.find((name) => !next.loaded.tables.some((table) => table.name === name));
    if (missing !== undefined) {
      await next.close();
      throw new ItemFileError(`the table ${missing} is no longer in the files. Start the server again`);
    }
    current = next;
    print(reloadMessage(next.loaded, names));
    await replaced.close();
  };
  // Whatever goes wrong, the earlier items are still there.
  const tryToReload = () =>
    reload().catch((error: unknown) => {
      const { message, stack = message } = error as Error;
      print(`${error instanceof ItemFileError ? message : stack}\nThe earlier items are still served.`);
    });
  const watcher = files?.watch === true ? watchFiles(files.paths, tryToReload) : undefined;
  const repository: Repository = {
    scanPage: (call, signal) => current.use((engine) => engine.scanPage(call, signal)),
    describe: (name, signal) => current.use((engine) => engine.describe(name, signal)),
    close: () => undefined,
  };
  return {
    repository,
    source: () => sourceInWords(files, current.loaded),
    listTables: () => Promise.resolve(names),
    tables: current.loaded.tables,
    warnings: current.loaded.warnings,
    close: async () => {
      await watcher?.close();
      await current.close();
    },
  };
}

function sourceOf(tableName: string, files: FileArguments | undefined, isNamed: boolean): EmbeddedSource {
  if (files === undefined) return { kind: 'sample', tableName };
  const { paths, mask, watch: _, ...options } = files;
  return {
    kind: 'files',
    paths,
    options: {
      ...options,
      tableName: isNamed ? tableName : undefined,
      // Equal values get equal masks until the server stops, also in files that are read again.
      mask: mask && { rules: mask, secret: randomBytes(32) },
    },
  };
}

async function openGeneration(source: EmbeddedSource, config: Config): Promise<Generation> {
  const started = startInThread(source);
  const [loaded, { createRepository }, { checkEngineLimits }] = await Promise.all([
    started,
    import('../dynamodb/repository'),
    import('../embedded/engineLimits'),
  ]);
  const remote = createRepository({
    endpoint: loaded.endpoint,
    region: 'us-east-1',
    anonymous: true,
    timeout: config.dynamodbTimeout,
    fastPath: config.dynamodbFastPath,
  });
  const repository: Repository = {
    ...remote,
    scanPage: async (call, signal) => {
      checkEngineLimits(call);
      return remote.scanPage(call, signal);
    },
    // dynalite's DescribeTable has no item counts.
    describe: async (tableName, signal) => ({
      ...(await remote.describe(tableName, signal)),
      itemCount: loaded.tables.find(({ name }) => name === tableName)?.itemCount,
      indexItemCounts: new Map(),
    }),
  };
  const inFlight = new Set<Promise<unknown>>();
  return {
    loaded,
    async use(request) {
      const result = request(repository);
      inFlight.add(result);
      try {
        return await result;
      } finally {
        inFlight.delete(result);
      }
    },
    async close() {
      await Promise.allSettled(inFlight);
      remote.close();
      await loaded.close();
    },
  };
}

function sourceInWords(files: FileArguments | undefined, { tables }: LoadedTables): string {
  const part = tables[0]?.isPartial === true ? ' (one part of a longer scan)' : '';
  return `the embedded engine with ${itemsInWords(files)}${part}`;
}

function itemsInWords(files: FileArguments | undefined): string {
  if (files === undefined) return 'the sample, a week of earthquakes';
  const [first = '', ...others] = files.paths;
  if (others.length === 0) return first;
  return `${first} and ${others.length} other ${others.length === 1 ? 'file' : 'files'}`;
}

/** @param names the tables that are served since the start. */
function reloadMessage({ tables, warnings }: LoadedTables, names: readonly string[]): string {
  const counts = tables.map(({ name, itemCount, isPartial }) => {
    const part = isPartial ? ' (one part of a longer scan)' : '';
    return `${itemCount} ${itemCount === 1 ? 'item' : 'items'} in ${name}${part}`;
  });
  const added = tables.filter(({ name }) => !names.includes(name)).map(({ name }) => name);
  const notes = [
    ...warnings,
    ...(added.length === 0 ? [] : [`start the server again to serve the new tables: ${added.join(', ')}`]),
  ];
  return [`Read the files again: ${counts.join(', ')}`, ...notes.map((note) => `  Warning: ${note}`)].join(
    '\n',
  );
}
