import { describeWithChromium } from '../../../test/helpers/describeWithChromium';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../../test/helpers/chromium';
import { endServers, startServer } from '../../../test/helpers/serverProcess';

// Each test starts a server.
jest.setTimeout(120_000);

const KEY = 'a-key-that-is-long-enough-for-a-test';
const DIGEST = createHash('sha256').update(KEY).digest('hex');

describeWithChromium('the console of a running server', () => {
  let browser: Browser;
  let page: Page;
  const messages: string[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterEach(async () => {
    await page.context().close();
    await endServers();
    messages.length = 0;
  });

  afterAll(() => browser.close());

  const open = async (environment: Record<string, string> = {}, fragment = '') => {
    const url = await startServer([], environment).url;
    page = await (await browser.newContext()).newPage();
    page.on('pageerror', (error) => messages.push(String(error)));
    page.on('console', (message) => messages.push(message.text()));
    await page.goto(`${url.replace('scanRecords', '')}#${fragment}`);
  };
  const waitUntilComplete = () => page.getByRole('status').getByText('· complete').waitFor();

  it('shows the sample, reads an index with Query, and downloads the result', async () => {
    await open();
    await waitUntilComplete();
    expect(await page.getByRole('status').innerText()).toMatch(
      /^1,707 items · \d+(?:\.5)? read units · complete/,
    );

    await page.getByLabel('Table or index to read').selectOption('byDay');
    await page.getByRole('button', { name: '+ Filter' }).click();
    await page.getByLabel('Attribute').fill('day');
    await page.getByLabel('Value', { exact: true }).fill('2018-02-07');
    await page.getByText('KeyConditionExpression #day = :v0').waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('status').getByText('14 items').waitFor();

    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'NDJSON' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
    expect([download.suggestedFilename(), lines.length]).toEqual(['RecordsTable.ndjson', 14]);
    expect(messages).toEqual([]);
  });

  it('works although the CORS policy does not list the origin of the server', async () => {
    await open({ CORS_ALLOW_ORIGINS: 'https://app.example.com' }, 'tab=cors');
    await page.getByText('Add http://localhost:5173 to CORS_ALLOW_ORIGINS.').waitFor();
    await page.getByRole('button', { name: 'Items' }).click();
    await waitUntilComplete();
    expect(messages).toEqual([]);
  });

  it('reads with the API key that the user enters', async () => {
    await open({ AUTH: 'key', API_KEYS: `me:${DIGEST}` });
    await page.getByLabel('API key').fill('wrong');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('API key').fill(KEY);
    await page.getByRole('button', { name: 'Continue' }).click();
    await waitUntilComplete();
    expect(await page.getByRole('gridcell').count()).toBeGreaterThan(0);
  });

  it('reads from a server that shows only some attributes and items', async () => {
    const settings = { AUTH: 'key', API_KEYS: `ci:${DIGEST}`, TOKEN_SECRET: 's'.repeat(32) };
    await open({ ...settings, VISIBLE_ATTRIBUTES: 'id,mag,net', ITEM_FILTER: 'net = $claims.sub' });
    await page.getByLabel('API key').fill(KEY);
    await page.getByRole('button', { name: 'Continue' }).click();
    await waitUntilComplete();
    const columns = await page.getByRole('columnheader').allInnerTexts();
    expect(columns.map((text) => text.split('\n')[0]).sort()).toEqual(['id', 'mag', 'net']);
  });
});
