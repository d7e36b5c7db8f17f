/**
 * Writes the images of docs/console.md to docs/images, from the console of a running server. Needs Chromium.
 *
 *   npm run build
 *   node --conditions=source --require ts-node/register/transpile-only scripts/screenshots.ts [FOLDER]
 */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../test/helpers/chromium';
import { endServers, startServer } from '../test/helpers/serverProcess';

interface Screenshot {
  name: string;
  /** The part of the URL behind `#`. */
  fragment?: string;
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
  /** Brings the page into the state to show. */
  prepare?: (page: Page) => Promise<void>;
}

const FILTER = `filter=${encodeURIComponent('[["mag","gt","N","4.5"],["place","contains","S","Taiwan"]]')}`;
const COLUMNS = `hide=${encodeURIComponent('["url","detail","updated","tz","felt","cdi","mmi","alert","code","ids"]')}`;

const SCREENSHOTS: readonly Screenshot[] = [
  {
    name: 'console-items',
    fragment: `${FILTER}&${COLUMNS}&sort=-mag`,
    prepare: (page) => page.getByRole('gridcell').nth(2).click(),
  },
  { name: 'console-charts', fragment: 'tab=charts&chart=mag', colorScheme: 'dark' },
  {
    name: 'console-cors',
    fragment: 'tab=cors',
    height: 560,
    prepare: (page) => page.getByLabel('Request headers').fill('Content-Type, X-Tenant'),
  },
  { name: 'console-phone', fragment: COLUMNS, width: 360, height: 640 },
];

async function take(browser: Browser, url: string, folder: string, screenshot: Screenshot): Promise<void> {
  const { name, fragment = '', width = 1280, height = 720, colorScheme = 'light', prepare } = screenshot;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  await page.goto(`${url}#${fragment}`);
  await page
    .getByText(/· complete|^Allowed|^Based on/)
    .first()
    .waitFor();
  await prepare?.(page);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await context.close();
}

async function main(): Promise<void> {
  const [folder = join(__dirname, '../docs/images')] = process.argv.slice(2);
  const browser = await launchChromium();
  try {
    // Real data has the default policy that the documentation describes.
    const environment = { CORS_ALLOW_ORIGINS: 'http://localhost:*' };
    const url = (await startServer([], environment).url).replace('scanRecords', '');
    for (const screenshot of SCREENSHOTS) await take(browser, url, folder, screenshot);
  } finally {
    await browser.close();
    await endServers();
  }
}

void main();
