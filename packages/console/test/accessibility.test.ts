import { describeWithChromium } from '../../../test/helpers/describeWithChromium';
import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { Consoles } from './helpers/page';
import { sendItems, sendProblem } from './helpers/servedConsole';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 360, height: 740 };
const FILTER = `filter=${encodeURIComponent('[["mag","gt","N","4"]]')}`;

const items = Array.from(
  { length: 60 },
  (_, index) =>
    `{"id":{"S":"i${index}"},"mag":{"N":"${index}"},"at":{"N":"${1_517_966_773_840 + index * 1e7}"},"net":{"SS":["ci"]},"ok":{"BOOL":true},"none":{"NULL":true},"pos":{"L":[{"N":"${index}"},{"N":"1"}]}}`,
);

describeWithChromium('the page', () => {
  const consoles = new Consoles();
  afterEach(() => consoles.closePages());
  afterAll(() => consoles.close());

  const openStates: [string, string, (page: Page) => Promise<void>][] = [
    ['the grid', FILTER, (page) => page.getByRole('gridcell').first().waitFor()],
    [
      'the detail panel',
      '',
      async (page) => {
        await page.getByRole('gridcell').first().click();
        await page.getByRole('complementary').waitFor();
      },
    ],
    ['the columns', '', (page) => page.getByRole('button', { name: /^Columns/ }).click()],
    ['the export panel', '', (page) => page.getByRole('button', { name: 'Export' }).click()],
    ['the charts', 'tab=charts&chart=mag', (page) => page.getByRole('img').first().waitFor()],
    ['the CORS panel', 'tab=cors', (page) => page.getByLabel('Method').waitFor()],
  ];

  it.each(openStates)(
    'has no accessibility violations and nothing too wide: %s',
    async (_, fragment, show) => {
      const { page } = await consoles.open((_parameters, response) => sendItems(response, items), {
        fragment,
      });
      await show(page);
      expect(await violations(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.setViewportSize(PHONE);
      expect(await violations(page)).toEqual([]);
      expect(await isWiderThanScreen(page)).toBe(false);
    },
  );

  it.each([
    [401, 'API key'],
    [500, 'could not read'],
  ])('has no accessibility violations for status %i', async (status, text) => {
    const { page } = await consoles.open((_, response) => sendProblem(response, status, 'Code', 'Detail.'));
    await page.getByText(text).first().waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

/** Returns the rule and the elements of each violation. */
async function violations(page: Page): Promise<string[]> {
  // As the developer tools do: the page's own policy forbids scripts of others.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: AXE });
  const results = await page.evaluate<AxeResults>(
    "axe.run({ resultTypes: ['violations'], preload: false, elementRef: false })",
  );
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

function isWiderThanScreen(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
}
