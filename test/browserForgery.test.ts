/** Counts the reads that web pages of other origins can cause with GET, in Chromium. */
import { describeWithChromium } from './helpers/describeWithChromium';
import { once, EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { createApp } from '../src/app';
import { createApiKey } from '../src/auth/apiKey';
import { parseConfig, type Environment } from '../src/config/config';
import type { Repository } from '../src/dynamodb/repository';
import { launchChromium } from './helpers/chromium';
import { listen } from './helpers/listen';
import { collectingLogger, pageOf, repositoryOf } from './helpers/servedApp';

jest.setTimeout(120_000);

/** Stands for any site on the internet. Its name means this machine. */
const PUBLIC_HOST = 'evil.example';

interface Server {
  url: string;
  /** Emits `response` with the status of each response to a GET, once it has ended. */
  responses: EventEmitter;
  /** The preflights and the reads so far. */
  counts: { preflights: number; reads: number };
  close(): Promise<void>;
}

/** Starts a server with real data: only web pages of this machine are allowed. */
async function startServer(environment: Environment = {}): Promise<Server> {
  const counts = { preflights: 0, reads: 0 };
  const responses = new EventEmitter();
  const pages = repositoryOf(pageOf('{"id":"a"}'));
  const repository: Repository = {
    ...pages,
    scanPage: (...parameters) => {
      counts.reads++;
      return pages.scanPage(...parameters);
    },
  };
  const { logger } = collectingLogger();
  const app = createApp({ config: parseConfig(environment), repository, logger });
  const server = createServer((request, response) => {
    if (request.method === 'OPTIONS') counts.preflights++;
    if (request.method === 'GET' && request.url?.startsWith('/scanRecords') === true) {
      response.once('close', () => responses.emit('response', response.statusCode));
    }
    app(request, response);
  });
  const { port, close } = await listen(server);
  return { url: `http://127.0.0.1:${port}/scanRecords`, responses, counts, close };
}

/** What a page can do without the user, as HTML with the URL of the items. */
const ATTEMPTS: readonly [what: string, html: (url: string) => string][] = [
  ['an image', (url) => `<img src="${url}">`],
  ['a script', (url) => `<script src="${url}"></script>`],
  ['a stylesheet', (url) => `<link rel="stylesheet" href="${url}">`],
  ['a prefetch', (url) => `<link rel="prefetch" href="${url}">`],
  ['a background image', (url) => `<p style="background: url(${url})">text</p>`],
  ['a video', (url) => `<video src="${url}"></video>`],
  ['an object', (url) => `<object data="${url}"></object>`],
  ['an embed', (url) => `<embed src="${url}">`],
  ['a frame', (url) => `<iframe src="${url}"></iframe>`],
  [
    'a form with GET in a frame',
    (url) =>
      `<iframe name="target"></iframe><form action="${url}" target="target"></form><script>document.forms[0].submit()</script>`,
  ],
  ['a form with GET', (url) => `<form action="${url}"></form><script>document.forms[0].submit()</script>`],
  ['a navigation by a script', (url) => `<script>location.href = '${url}'</script>`],
  [
    'a link that a script clicks',
    (url) => `<a href="${url}">x</a><script>document.links[0].click()</script>`,
  ],
  ['a refresh', (url) => `<meta http-equiv="refresh" content="0;url=${url}">`],
  ['fetch with no-cors', (url) => `<script>fetch('${url}', { mode: 'no-cors' })</script>`],
  [
    'fetch with no-cors and credentials',
    (url) => `<script>fetch('${url}', { mode: 'no-cors', credentials: 'include' })</script>`,
  ],
];

describeWithChromium('GET /scanRecords in Chromium', () => {
  let browser: Browser;
  let frontEnd: { origin: string; close(): Promise<void> };
  /** The content of the front end. */
  let html: string;
  let server: Server;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium(`MAP ${PUBLIC_HOST} 127.0.0.1`);
    const pages = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end(`<!doctype html><title>A front end</title>${html}`);
    });
    const { port, close } = await listen(pages);
    frontEnd = { origin: `http://localhost:${port}`, close };
  });

  beforeEach(async () => {
    html = '';
    server = await startServer();
    page = await browser.newPage();
  });

  afterEach(async () => {
    await page.close();
    await server.close();
  });

  afterAll(async () => {
    await browser.close();
    await frontEnd.close();
  });

  /** Resolves with the status of the next response to a GET. */
  async function nextStatus(): Promise<number> {
    const [status] = (await once(server.responses, 'response')) as [number];
    return status;
  }

  const pageOn = (host: string) => frontEnd.origin.replace('localhost', host);

  describe.each([
    ['another site', PUBLIC_HOST],
    ['another port of this machine', '127.0.0.1'],
  ])('a page of %s', (_site, host) => {
    it.each(ATTEMPTS)('causes no read with %s', async (_what, attempt) => {
      html = attempt(server.url);
      const status = nextStatus();
      await page.goto(pageOn(host));
      expect(await status).toBe(403);
      expect(server.counts.reads).toBe(0);
    });

    it('causes one read with a link that the user clicks', async () => {
      html = `<a href="${server.url}?format=json">the items</a>`;
      await page.goto(pageOn(host));
      const status = nextStatus();
      await page.click('a');
      expect(await status).toBe(200);
      expect(server.counts.reads).toBe(1);
    });

    it('causes one read with a download that the user clicks', async () => {
      html = `<a href="${server.url}?format=csv&download=items">the items</a>`;
      await page.goto(pageOn(host));
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('a')]);
      expect(download.suggestedFilename()).toBe('items.csv');
      expect(await download.failure()).toBeNull();
      expect(server.counts.reads).toBe(1);
    });

    it('cannot show the items in a frame, even after a click of the user', async () => {
      html = `<iframe name="target"></iframe><a href="${server.url}" target="target">x</a>`;
      await page.goto(pageOn(host));
      const status = nextStatus();
      await page.click('a');
      expect(await status).toBe(403);
      expect(server.counts.reads).toBe(0);
    });
  });

  /** Returns the result of `fetch` in the page: the status, or the name of the error. */
  function fetchIn(headers: Record<string, string> = {}): Promise<number | string> {
    return page.evaluate(
      async ([url, init]) => {
        try {
          return (await fetch(url, init)).status;
        } catch (error) {
          return (error as Error).name;
        }
      },
      [server.url, { headers }] as const,
    );
  }

  it('lets fetch of an allowed origin read, without a preflight', async () => {
    await page.goto(frontEnd.origin);
    expect(await fetchIn()).toBe(200);
    expect(server.counts).toEqual({ preflights: 0, reads: 1 });
  });

  it('does not let fetch of another origin read', async () => {
    await page.goto(pageOn(PUBLIC_HOST));
    expect(await fetchIn()).toBe('TypeError');
    expect(server.counts.reads).toBe(0);
  });

  it('lets fetch of an allowed origin send an API key, after a preflight whose methods do not list GET', async () => {
    await server.close();
    const { key, digest } = createApiKey();
    server = await startServer({ AUTH: 'key', API_KEYS: `front-end:${digest}` });
    await page.goto(frontEnd.origin);
    expect(await fetchIn({ 'X-Api-Key': key })).toBe(200);
    expect(server.counts).toEqual({ preflights: 1, reads: 1 });
  });

  it('serves a URL that the user opens', async () => {
    const response = await page.goto(server.url);
    expect(response?.status()).toBe(200);
    expect(server.counts.reads).toBe(1);
  });
});
