import { describeWithChromium } from './helpers/describeWithChromium';
import type { Browser, Page } from 'playwright-core';
import { createApp } from '../src/app';
import { createApiKey } from '../src/auth/apiKey';
import { parseConfig, type Environment } from '../src/config/config';
import type { Repository } from '../src/dynamodb/repository';
import { launchChromium, servePage } from './helpers/chromium';
import { collectingLogger, pageOf, repositoryOf, serve, type LogLine } from './helpers/servedApp';

/** Stands for any site on the internet. Its name means this machine, as after DNS rebinding. */
const PUBLIC_HOST = 'evil.example';

describeWithChromium('a server with real data on a loopback address, in Chromium', () => {
  let browser: Browser;
  let frontEnd: Awaited<ReturnType<typeof servePage>>;
  let server: Awaited<ReturnType<typeof serve>>;
  let log: LogLine[];
  let scans: number;

  beforeAll(async () => {
    browser = await launchChromium(`MAP ${PUBLIC_HOST} 127.0.0.1`);
    frontEnd = await servePage();
  });

  afterEach(() => server.close());

  afterAll(async () => {
    await browser.close();
    await frontEnd.close();
  });

  /** Starts the server with the default settings for real data. */
  async function start(environment: Environment = {}, port = 0): Promise<void> {
    scans = 0;
    const pages = repositoryOf(pageOf('{"id":"a"}'));
    const repository: Repository = {
      ...pages,
      scanPage: (...parameters) => {
        scans++;
        return pages.scanPage(...parameters);
      },
    };
    const collected = collectingLogger();
    log = collected.log;
    server = await serve(
      createApp({ config: parseConfig(environment), repository, logger: collected.logger }),
      port,
    );
  }

  /** Opens a web page, and returns the result of its `fetch` call. */
  async function fetchFrom(pageUrl: string, url: string, headers: Record<string, string> = {}) {
    const page = await browser.newPage();
    try {
      await page.goto(pageUrl);
      return await fetchIn(page, url, headers);
    } finally {
      await page.close();
    }
  }

  function fetchIn(page: Page, url: string, headers: Record<string, string> = {}) {
    return page.evaluate(
      async ([target, init]) => {
        try {
          const response = await fetch(target, init);
          return {
            status: response.status,
            challenge: response.headers.get('WWW-Authenticate'),
            body: await response.json(),
          };
        } catch (error) {
          return { error: (error as Error).name };
        }
      },
      [url, { method: 'POST', headers }] as const,
    );
  }

  const scanUrl = () => `${server.url}/scanRecords`;
  const publicPage = () => frontEnd.origin.replace('localhost', PUBLIC_HOST);

  it.each(['localhost', '127.0.0.1'])(
    'lets a page on another port of %s read without a setting',
    async (host) => {
      await start();
      const result = await fetchFrom(frontEnd.origin.replace('localhost', host), scanUrl());
      expect(result).toMatchObject({ status: 200, body: { Items: [{ id: 'a' }] } });
    },
  );

  it('does not let a page of another site read, and logs the setting that would allow it', async () => {
    await start();
    const result = await fetchFrom(publicPage(), scanUrl(), { 'Content-Type': 'application/json' });
    expect(result).toEqual({ error: 'TypeError' });
    expect(scans).toBe(0);
    expect(log.map(({ msg }) => msg)).toContain(
      `CORS: origin ${publicPage()} is not allowed. Add it to CORS_ALLOW_ORIGINS.`,
    );
  });

  it('lets a page of another site read if CORS_ALLOW_ORIGINS has its origin', async () => {
    await start({ CORS_ALLOW_ORIGINS: publicPage() });
    expect(await fetchFrom(publicPage(), scanUrl())).toMatchObject({ status: 200 });
  });

  it.each<[what: string, environment: Environment]>([
    ['by default', {}],
    ['even if every origin is allowed', { CORS_ALLOW_ORIGINS: '*' }],
  ])('rejects a page whose own host name now means this machine, %s', async (_what, environment) => {
    const site = await servePage();
    const { port } = new URL(site.origin);
    const page = await browser.newPage();
    await page.goto(`http://${PUBLIC_HOST}:${port}/`);
    // DNS rebinding: from now on, the name and the port belong to the server.
    await site.close();
    await start(environment, Number(port));
    const result = await fetchIn(page, '/scanRecords');
    await page.close();
    expect(result).toMatchObject({ status: 403, body: { code: 'HostNotAllowed' } });
    expect(scans).toBe(0);
  });

  it('tells a page without an API key why, and serves it with one', async () => {
    const { key, digest } = createApiKey();
    await start({ AUTH: 'key', API_KEYS: `front-end:${digest}` });
    expect(await fetchFrom(frontEnd.origin, scanUrl())).toMatchObject({
      status: 401,
      challenge: 'ApiKey header="X-Api-Key"',
      body: { code: 'MissingCredentials' },
    });
    expect(scans).toBe(0);
    expect(await fetchFrom(frontEnd.origin, scanUrl(), { 'X-Api-Key': key })).toMatchObject({ status: 200 });
    expect(log.map(({ method, status, client }) => ({ method, status, client }))).toEqual([
      { method: 'POST', status: 401, client: undefined },
      { method: 'OPTIONS', status: 200, client: undefined },
      { method: 'POST', status: 200, client: 'front-end' },
    ]);
  });
});
