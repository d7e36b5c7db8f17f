/** Starts the app on a free port with a repository or an endpoint of the test. */
import { createServer } from 'node:http';
import { Writable } from 'node:stream';
import type { Express } from 'express';
import { pino, type Logger } from 'pino';
import { createApp } from '../../src/app';
import { parseConfig, type Environment } from '../../src/config/config';
import type { Page } from '../../src/dynamodb/page';
import { createRepository, type Repository } from '../../src/dynamodb/repository';
import type { TableDescription } from '../../src/dynamodb/tableDescription';
import { escapeLine } from '../../src/http/safeLog';
import { Scan } from '../../src/scan/read/scan';
import { PLAIN_JSON } from '../../src/dynamodb/transcoder/transcoder';
import { listen } from './listen';

/** One line of the log. */
export type LogLine = Record<string, unknown> & { msg: string };

export interface TestApp {
  app: Express;
  /** The log lines so far. */
  log: LogLine[];
}

/** Creates the app from environment variables, without listening. Any origin is allowed by default, as for the sample. */
export function testApp(repository: Repository, environment: Environment = {}): TestApp {
  const { logger, log } = collectingLogger();
  return {
    app: createApp({ config: parseConfig(environment, { servesSample: true }), repository, logger }),
    log,
  };
}

/** A logger whose lines can be read. */
export function collectingLogger(): { logger: Logger; log: LogLine[] } {
  const log: LogLine[] = [];
  const stream = new Writable({
    write(line: Buffer, _encoding, done) {
      log.push(JSON.parse(line.toString()) as LogLine);
      done();
    },
  });
  return { logger: pino({ hooks: { streamWrite: escapeLine } }, stream), log };
}

/** A repository that calls an endpoint, with a timeout that suits tests. */
export function repositoryAt(endpoint: string, timeout = 5000): Repository {
  return createRepository({ endpoint, region: 'us-east-1', anonymous: true, timeout });
}

/** A repository of pages that are already plain JSON: `pageOf('{"id":"a"}')`. */
export function repositoryOf(...pages: Page[]): Repository {
  return {
    scanPage: ({ ExclusiveStartKey }) => {
      const index = Number(Object.values(ExclusiveStartKey?.page ?? { N: '0' })[0]);
      const hasNext = index + 1 < pages.length;
      return Promise.resolve({
        ...(pages[index] ?? pageOf()),
        lastEvaluatedKey: hasNext ? { page: { N: String(index + 1) } } : undefined,
      });
    },
    describe: () => Promise.resolve(ACTIVE),
    close: () => undefined,
  };
}

/** The description of an active, empty table. */
export const ACTIVE: TableDescription = {
  status: 'ACTIVE',
  itemCount: 0,
  indexItemCounts: new Map(),
  key: [{ AttributeName: 'id', AttributeType: 'S', KeyType: 'HASH' }],
  indexSchemas: new Map(),
};

export function pageOf(...records: string[]): Page {
  return {
    encodeItems: () => Buffer.from(records.join(',')),
    release: () => undefined,
    count: records.length,
    scannedCount: records.length,
    capacityUnits: undefined,
    lastEvaluatedKey: undefined,
    truncate: () => undefined,
  };
}

/** Reads every page of a table in sequence. */
export async function allPages(repository: Repository, TableName: string): Promise<Page[]> {
  const scan = new Scan(
    ({ startKey }, signal) => repository.scanPage({ TableName, ExclusiveStartKey: startKey }, signal),
    { from: { begun: [{ segment: 0, startKey: undefined }], next: 1 }, segments: 1, filtered: false },
  );
  const pages: Page[] = [];
  for await (const page of scan.pages(new AbortController().signal)) pages.push(page);
  return pages;
}

/** Returns the items of all pages, joined by commas. */
export function recordsOf(pages: readonly Page[]): string {
  const texts = pages.map(({ encodeItems }) => encodeItems(PLAIN_JSON).toString());
  return texts.filter((text) => text !== '').join(',');
}

/** Listens on a free port, or the given one. */
export async function serve(
  app: Express,
  requestedPort = 0,
): Promise<{ url: string; close(): Promise<void> }> {
  const { port, close } = await listen(createServer(app), requestedPort);
  return { url: `http://127.0.0.1:${port}`, close };
}
