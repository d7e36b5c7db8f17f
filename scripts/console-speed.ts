/**
 * Measures the console in Chromium with 100,000 items: how fast they arrive, how smoothly the grid scrolls, and how long
 * sorting and charts take. Needs Chromium, and an idle machine.
 *
 *   npm run bench:console
 */
import { createServer, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { itemsOf } from '../bench/payloads';
import { launchChromium } from '../test/helpers/chromium';
import { listen } from '../test/helpers/listen';
import { endServers, startServer } from '../test/helpers/serverProcess';

const ITEM_COUNT = 100_000;
/** About 1 MB. */
const ITEMS = itemsOf('sample');
const ROW_PX = 28;
const SCROLL_PX = 40_000;
/** Four rows per frame at 60 frames per second. */
const SCROLL_PX_PER_SECOND = 4 * ROW_PX * 60;

interface ScanBody {
  Limit?: number;
  ExclusiveStartKey?: { id: { S: string } };
  ReturnConsumedCapacity?: string;
}

/** Sends a page of a table that repeats the items of the sample, up to 1 MB as DynamoDB does. */
function sendPage(
  { Limit = Infinity, ExclusiveStartKey, ReturnConsumedCapacity }: ScanBody,
  response: ServerResponse,
): void {
  const start = Number(ExclusiveStartKey?.id.S ?? 0);
  const count = Math.min(Limit, ITEMS.length, ITEM_COUNT - start);
  const items = Array.from({ length: count }, (_, index) => ITEMS[(start + index) % ITEMS.length]);
  const end = start + count;
  const fields = {
    ...(end < ITEM_COUNT && { LastEvaluatedKey: { id: { S: String(end) } } }),
    ...(ReturnConsumedCapacity !== undefined && {
      ConsumedCapacity: { TableName: 'Large', CapacityUnits: Math.ceil((257 * count) / ITEMS.length) / 2 },
    }),
    Count: count,
    ScannedCount: count,
  };
  response.setHeader('Content-Type', 'application/x-amz-json-1.0');
  response.end(`{"Items":[${items.join(',')}],${JSON.stringify(fields).slice(1)}`);
}

const DESCRIPTION = {
  Table: {
    TableName: 'Large',
    TableStatus: 'ACTIVE',
    ItemCount: ITEM_COUNT,
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  },
};

function fakeDynamodb() {
  return createServer((request, response) => {
    void json(request).then((body) => {
      const isScan = String(request.headers['x-amz-target']).endsWith('.Scan');
      if (isScan) sendPage(body as ScanBody, response);
      else response.end(JSON.stringify(DESCRIPTION));
    });
  });
}

/** All in milliseconds. */
interface Scrolling {
  /** The time between one frame and the next. */
  frames: number[];
  /** The work of the main thread for one frame. */
  busy: number;
}

async function scroll(page: Page, cdp: CDPSession): Promise<Scrolling> {
  const box = await page.locator('.grid').boundingBox();
  if (box === null) throw new Error('The grid is not visible.');
  await page.evaluate(`
    window.frames_ = [];
    let last = performance.now();
    const record = (now) => { frames_.push(now - last); last = now; window.frame_ = requestAnimationFrame(record); };
    window.frame_ = requestAnimationFrame(record);
  `);
  const before = await taskSeconds(cdp);
  await cdp.send('Input.synthesizeScrollGesture', {
    x: box.x + box.width / 2,
    y: box.y + box.height / 2,
    yDistance: -SCROLL_PX,
    speed: SCROLL_PX_PER_SECOND,
    gestureSourceType: 'mouse',
    preventFling: true,
  });
  const after = await taskSeconds(cdp);
  const frames = await page.evaluate<number[]>(`cancelAnimationFrame(frame_); frames_.slice(5)`);
  return { frames, busy: ((after - before) * 1000) / frames.length };
}

async function taskSeconds(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
}

async function metricsOf(page: Page): Promise<CDPSession> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  return cdp;
}

function show({ frames, busy }: Scrolling): void {
  const sorted = frames.toSorted((one, other) => one - other);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  const inTime = frames.filter((ms) => ms < 1.5 * (1000 / 60)).length / frames.length;
  const seconds = frames.reduce((sum, ms) => sum + ms, 0) / 1000;
  process.stdout.write(
    `scrolling: ${(frames.length / seconds).toFixed(1)} frames per second, ${(100 * inTime).toFixed(1)} % in time, ` +
      `median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms, ${busy.toFixed(1)} ms of work per frame\n`,
  );
}

async function measure(browser: Browser, url: string): Promise<void> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const cdp = await metricsOf(page);
  const start = performance.now();
  const elapsed = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  await page.goto(url);
  await page.getByRole('gridcell').first().waitFor();
  const paint = await page.evaluate<number>(
    `performance.getEntriesByName('first-contentful-paint')[0].startTime`,
  );
  process.stdout.write(`first contentful paint: ${(paint / 1000).toFixed(2)} s, first items: ${elapsed()}\n`);
  await page.getByRole('button', { name: 'Read everything' }).click();
  await page.getByText('· complete').waitFor({ timeout: 120_000 });
  process.stdout.write(`100,000 items: ${elapsed()}\n`);
  const { metrics } = await cdp.send('Performance.getMetrics');
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
  process.stdout.write(`memory: ${(heap / 1e6).toFixed(0)} MB\n`);
  for (let round = 0; round < 3; round += 1) show(await scroll(page, cdp));
  for (const name of ['mag', 'place']) await sort(page, name);
  const chartsStart = performance.now();
  await page.getByRole('button', { name: 'Charts' }).click();
  await page.getByText('Based on').waitFor({ timeout: 120_000 });
  process.stdout.write(`charts: ${((performance.now() - chartsStart) / 1000).toFixed(1)} s\n`);
}

/** Clicks on the head of a column, and waits for the first row of the new order. */
async function sort(page: Page, name: string): Promise<void> {
  await page.getByRole('grid').press('Control+Home');
  const first = page.locator('[role=row][aria-rowindex="2"]');
  const text = await first.innerText();
  await page.evaluate(`
    window.longest = 0;
    let last = performance.now();
    const record = (now) => { longest = Math.max(longest, now - last); last = now; requestAnimationFrame(record); };
    requestAnimationFrame(record);
  `);
  const start = performance.now();
  await page
    .getByRole('columnheader', { name: new RegExp(`^${name}\\b`) })
    .getByRole('button')
    .click();
  await page.locator('.grid[aria-busy=true]').waitFor();
  await page.locator('.grid[aria-busy=false]').waitFor();
  if ((await first.innerText()) === text) throw new Error('The order is the same as before.');
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const longest = await page.evaluate<number>('longest');
  process.stdout.write(`sorting by ${name}: ${seconds} s, longest frame ${longest.toFixed(0)} ms\n`);
}

async function main(): Promise<void> {
  const { port, close } = await listen(fakeDynamodb());
  const browser = await launchChromium();
  try {
    const server = startServer([], {
      DYNAMODB: `http://127.0.0.1:${port}`,
      TABLE_NAME: 'Large',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
    });
    await measure(browser, (await server.url).replace('scanRecords', ''));
  } finally {
    await browser.close();
    await endServers();
    await close();
  }
}

void main();
