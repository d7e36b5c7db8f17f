/** The app on a free port, over a repository or an endpoint of the test's own. */
import { createServer } from 'node:http';
import { Writable } from 'node:stream';
import type { Express } from 'express';
import { pino } from 'pino';
import { createApp } from '../../src/app';
import { parseConfig, type Environment } from '../../src/config';
import { createRepository, type Page, type Repository } from '../../src/scan/repository';
import { listen } from './listen';

/** One line of the log. */
export type LogLine = Record<string, unknown> & { msg: string };

export interface TestApp {
  app: Express;
  /** What the app has logged so far. */
  log: LogLine[];
}

/** The app, configured by environment variables, listening nowhere. */
export function testApp(repository: Repository, environment: Environment = {}): TestApp {
  const log: LogLine[] = [];
  const stream = new Writable({
    write(line: Buffer, _encoding, done) {
      log.push(JSON.parse(line.toString()) as LogLine);
      done();
    },
  });
  const app = createApp({ config: parseConfig(environment), repository, logger: pino(stream) });
  return { app, log };
}

/** A repository that calls an endpoint, with a timeout that suits tests. */
export function repositoryAt(endpoint: string, timeout = 5000): Repository {
  return createRepository({ endpoint, region: 'us-east-1', anonymous: true, timeout });
}

/** A repository of pages that are already plain JSON: `pageOf('{"id":"a"}')`. */
export function repositoryOf(...pages: Page[]): Repository {
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- the pages are here already
    async *scan() {
      yield* pages;
    },
    describe: () => Promise.resolve({ status: 'ACTIVE', itemCount: 0 }),
    close: () => undefined,
  };
}

export function pageOf(...records: string[]): Page {
  return { items: Buffer.from(records.join(',')), count: records.length, scannedCount: records.length };
}

/** Listens on a free port. */
export async function serve(app: Express): Promise<{ url: string; close(): Promise<void> }> {
  const { port, close } = await listen(createServer(app));
  return { url: `http://127.0.0.1:${port}`, close };
}
