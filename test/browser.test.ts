import { describeWithChromium } from './helpers/describeWithChromium';
import type { Browser, Page } from 'playwright-core';
import type { Environment } from '../src/config/config';
import type { Repository } from '../src/dynamodb/repository';
import { launchChromium, servePage } from './helpers/chromium';
import { pageOf, repositoryOf, serve, testApp, type LogLine } from './helpers/servedApp';

const REPOSITORY = repositoryOf(pageOf('{"id":"a"}'), pageOf('{"id":"b"}'));
const ALL = { Items: [{ id: 'a' }, { id: 'b' }], Count: 2, ScannedCount: 2 };
const JSON_BODY = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' };

describeWithChromium('a web page of another origin in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let frontEnd: Awaited<ReturnType<typeof servePage>>;
  let server: Awaited<ReturnType<typeof serve>> | undefined;
  let log: LogLine[];

  beforeAll(async () => {
    browser = await launchChromium();
    frontEnd = await servePage();
    page = await browser.newPage();
    await page.goto(frontEnd.origin);
  });

  afterEach(async () => {
    await server?.close();
  });

  afterAll(async () => {
    await browser.close();
    await frontEnd.close();
  });

  /** Returns the result of `fetch` in the web page: status and JSON, or the name of the error. */
  async function fetchFromPage(
    options: FetchOptions,
    { environment, repository = REPOSITORY, path = '/scanRecords' }: Partial<Setting> = {},
  ) {
    const test = testApp(repository, environment);
    log = test.log;
    server = await serve(test.app);
    return page.evaluate(
      async ([url, init]) => {
        try {
          const response = await fetch(url, init);
          const requestId = response.headers.get('X-Request-Id');
          return { status: response.status, requestId, body: await response.json() };
        } catch (error) {
          return { error: (error as Error).name };
        }
      },
      [`${server.url}${path}`, options] as const,
    );
  }

  interface FetchOptions {
    method: string;
    headers?: Record<string, string>;
    body?: string;
    credentials?: 'include';
  }

  interface Setting {
    environment: Environment;
    repository: Repository;
    path: string;
  }

  it('gets every item with the fetch call of the README', async () => {
    expect(await fetchFromPage({ method: 'POST' })).toMatchObject({ status: 200, body: ALL });
    expect(log.map(({ method }) => method)).toEqual(['POST']);
  });

  it('gets every item with a JSON body after a preflight', async () => {
    expect(await fetchFromPage(JSON_BODY)).toMatchObject({ status: 200, body: ALL });
    expect(log.map(({ method }) => method)).toEqual(['OPTIONS', 'POST']);
  });

  it('gets every item with credentials when its origin is listed', async () => {
    const environment = { CORS_ALLOW_ORIGINS: frontEnd.origin, CORS_ALLOW_CREDENTIALS: 'true' };
    const result = await fetchFromPage({ ...JSON_BODY, credentials: 'include' }, { environment });
    expect(result).toMatchObject({ status: 200, body: ALL });
  });

  it('is blocked when its origin is not listed, and the log names the setting that would allow it', async () => {
    const environment = { CORS_ALLOW_ORIGINS: 'https://example.com' };
    expect(await fetchFromPage(JSON_BODY, { environment })).toEqual({ error: 'TypeError' });
    expect(log.map(({ msg }) => msg)).toEqual([
      `CORS: origin ${frontEnd.origin} is not allowed. Add it to CORS_ALLOW_ORIGINS.`,
      'OPTIONS /scanRecords 200',
    ]);
  });

  it('is blocked when it sends an unlisted header, and the log names the setting that would allow it', async () => {
    const options = { method: 'POST', headers: { 'X-Tenant': 'a' } };
    expect(await fetchFromPage(options)).toEqual({ error: 'TypeError' });
    expect(log[0]?.msg).toBe('CORS: request header x-tenant is not allowed. Add it to CORS_ALLOW_HEADERS.');
  });

  it.each([
    ['an unknown path', { path: '/scanrecords' }, 404],
    ['an invalid body', { path: '/scanRecords' }, 400],
  ])('can read the problem for %s and its request id', async (_, setting, status) => {
    const result = await fetchFromPage({ ...JSON_BODY, body: '{"Table":1}' }, setting);
    expect(result).toMatchObject({ status, body: { status } });
    expect(result.requestId).toBe((result.body as { requestId: string }).requestId);
  });

  it('gets a rejected fetch when the scan fails halfway', async () => {
    const repository: Repository = {
      ...REPOSITORY,
      scanPage: (call) =>
        call.ExclusiveStartKey === undefined
          ? Promise.resolve({ ...pageOf('{"id":"a"}'), lastEvaluatedKey: { id: { S: 'a' } } })
          : Promise.reject(new Error('the second page fails')),
    };
    expect(await fetchFromPage({ method: 'POST' }, { repository })).toEqual({ error: 'TypeError' });
  });
});
