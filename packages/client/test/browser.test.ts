/** Tests the client in Chromium, in a web page of another origin than the server. */
import { describeWithChromium } from '../../../test/helpers/describeWithChromium';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { launchChromium, servePage } from '../../../test/helpers/chromium';
import { startCuttingProxy } from './cuttingProxy';
import { serveTable, type ServedTable } from './servedTable';
import { startTruncating } from './truncatingServer';

const ids = Array.from({ length: 450 }, (_, n) => `item ${n}`);

/** A random sequence that is the same in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describeWithChromium('the client in Chromium', () => {
  let browser: Browser;
  let frontEnd: Awaited<ReturnType<typeof servePage>>;
  let table: ServedTable;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium();
    frontEnd = await servePage();
    table = await serveTable(ids.map((id) => ({ id: { S: id } })));
    page = await browser.newPage();
    await page.goto(frontEnd.origin);
    await page.addScriptTag({ content: bundle() });
  });
  afterAll(async () => {
    await browser.close();
    await frontEnd.close();
    await table.close();
  });

  /** The package as a global named `client`. */
  function bundle(): string {
    const { outputFiles } = buildSync({
      entryPoints: [join(__dirname, '../src/index.ts')],
      bundle: true,
      format: 'iife',
      globalName: 'client',
      platform: 'browser',
      write: false,
    });
    return outputFiles[0]?.text ?? '';
  }

  /** Scans the table, and continues after each error. Returns the ids, and the codes of the errors. */
  function scanIn(url: string, numberOfErrors: number): Promise<{ ids: string[]; codes: string[] }> {
    return page.evaluate(`(async () => {
      const records = client.createClient(${JSON.stringify(url)}, { retries: 1 });
      const ids = [];
      const codes = [];
      let position = {};
      while (codes.length <= ${numberOfErrors}) {
        try {
          for await (const { id } of records.scan(position)) ids.push(id);
          break;
        } catch (error) {
          codes.push(error instanceof client.ScanError ? error.code : String(error));
          position = error.nextToken === undefined ? {} : { startingToken: error.nextToken };
        }
      }
      return { ids, codes };
    })()`);
  }

  it('returns every item from a server of another origin', async () => {
    const result = await scanIn(table.url, 0);
    expect(result.codes).toEqual([]);
    expect(result.ids.sort()).toEqual([...ids].sort());
  });

  it('returns every item once although connections break', async () => {
    const proxy = await startCuttingProxy(table.url, seeded(2), 6_000);
    try {
      while (proxy.cuts() < 100) {
        const result = await scanIn(proxy.url, 100);
        // A cut within the status line is a status that does not exist.
        const expected = ['NetworkError', 'IncompleteResponse', 'HttpError'];
        expect(result.codes.filter((code) => !expected.includes(code))).toEqual([]);
        expect(result.ids.sort()).toEqual([...ids].sort());
      }
    } finally {
      await proxy.close();
    }
  }, 120_000);

  it.each(['Content-Length: 9', 'Transfer-Encoding: chunked'])(
    'returns the item wherever a response with %s is cut',
    async (framing) => {
      const head = [
        'HTTP/1.1 200 OK',
        'Access-Control-Allow-Origin: *',
        'Access-Control-Expose-Headers: X-Next-Token, X-Count',
        'X-Count: 1',
      ];
      const responseTo = (accept: string) => {
        const body = '{"id":1}\n';
        const encoded = framing.startsWith('T') ? `9\r\n${body}\r\n0\r\n\r\n` : body;
        return [...head, `Content-Type: ${accept}`, framing, 'Connection: close', '', encoded].join('\r\n');
      };
      const server = await startTruncating(responseTo);
      const { length } = responseTo('application/x-ndjson');
      try {
        const results =
          await page.evaluate(`Promise.all(Array.from({ length: ${length} }, async (_, offset) => {
          const records = client.createClient(${JSON.stringify(server.url)} + '/' + offset);
          const ids = [];
          try {
            for await (const { id } of records.scan()) ids.push(id);
            return ids.join();
          } catch (error) {
            return error.code;
          }
        }))`);
        // A response that is cut within its status has another status. The client does not retry it.
        expect(new Set((results as string[]).slice('HTTP/1.1 200'.length))).toEqual(new Set(['1']));
        expect(new Set(results as string[])).not.toContain('');
      } finally {
        await server.close();
      }
    },
    120_000,
  );

  it('rejects if the server does not expose the paging headers', async () => {
    const hiding = await serveTable(
      ids.map((id) => ({ id: { S: id } })),
      { CORS_EXPOSE_HEADERS: 'X-Request-Id' },
    );
    try {
      expect(await scanIn(hiding.url, 0)).toEqual({ ids: [], codes: ['HeadersNotReadable'] });
    } finally {
      await hiding.close();
    }
  });
});
