import { describeWithChromium } from '../../../test/helpers/describeWithChromium';
import type { Page } from 'playwright-core';
import { Consoles } from './helpers/page';
import { sendItems } from './helpers/servedConsole';

const DIGITS = '12345678901234567890123456789012345678';

describeWithChromium('the grid', () => {
  const consoles = new Consoles();
  afterEach(() => consoles.closePages());
  afterAll(() => consoles.close());

  const open = async (items: readonly string[], fragment = '') => {
    const { page } = await consoles.open((_, response) => sendItems(response, items), { fragment });
    await page.getByRole('status').getByText('· complete').waitFor();
    return page;
  };
  const texts = (page: Page, row: number) =>
    page.locator(`[role=row][aria-rowindex="${row + 2}"] [role=gridcell]`).allInnerTexts();
  const rowCount = (page: Page) => page.locator('.rows [role=row]').count();

  it('shows the type and all digits of each value', async () => {
    const page = await open([
      `{"id":{"S":"a"},"n":{"N":"${DIGITS}"},"one":{"S":"1"},"set":{"NS":["1","2"]},"list":{"L":[{"N":"1"},{"S":"1"}]},"no":{"NULL":true},"b":{"B":"AAE="},"e":{"S":""}}`,
    ]);
    expect(await texts(page, 0)).toEqual(['a', DIGITS, '"1"', 'NS1, 2', 'L[1, "1"]', 'null', 'BAAE=', '""']);
  });

  it('quotes the strings of a column that has numbers too', async () => {
    const page = await open(['{"id":{"S":"a"},"v":{"N":"1"}}', '{"id":{"S":"b"},"v":{"S":"x"}}']);
    expect([await texts(page, 0), await texts(page, 1)]).toEqual([
      ['a', '1'],
      ['b', '"x"'],
    ]);
  });

  it('never runs HTML in names and values', async () => {
    const html = '<img src=x onerror=\\"document.title=1\\"><script>document.title=2</script>';
    const page = await open([`{"id":{"S":"${html}"},"${html}":{"L":[{"S":"${html}"}]}}`]);
    await page.getByRole('gridcell').first().click();
    await page.getByRole('complementary').getByText('onerror').first().waitFor();
    expect(await page.locator('.grid img, .grid script, .detail img, .detail script').count()).toBe(0);
    expect(await page.title()).toBe('Scan Records');
    expect(consoles.messages).toEqual([]);
  });

  it('shows an attribute named __proto__ like any other', async () => {
    const page = await open(['{"id":{"S":"a"},"__proto__":{"M":{"__proto__":{"N":"1"}}}}']);
    expect(await page.getByRole('columnheader').allInnerTexts()).toEqual(['id\nS', '__proto__\nM']);
    expect(await texts(page, 0)).toEqual(['a', 'M{"__proto__":1}']);
  });

  it('opens an item of 400 KB as plain and as typed JSON', async () => {
    const page = await open([
      `{"id":{"S":"a"},"text":{"S":"${'x'.repeat(400_000)}"},"n":{"NS":["${DIGITS}"]}}`,
    ]);
    await page.getByRole('gridcell').nth(1).click();
    const json = page.getByLabel('JSON', { exact: true });
    expect(await json.innerText()).toContain(`"n": [\n    ${DIGITS}\n  ]`);
    await page.getByRole('button', { name: 'Typed' }).click();
    expect(await json.innerText()).toContain(`"NS": [\n      "${DIGITS}"\n    ]`);
  });

  it('has only the visible rows of 100,000 items in the page, and reaches the last one', async () => {
    const items = Array.from(
      { length: 100_000 },
      (_, index) => `{"id":{"S":"i${index}"},"n":{"N":"${index}"}}`,
    );
    const page = await open(items);
    const before = await rowCount(page);
    await page.getByRole('grid').press('Control+End');
    await page.getByText('i99999').waitFor();
    expect([before < 60, (await rowCount(page)) < 60]).toEqual([true, true]);
  });

  describe('while it scrolls', () => {
    /** Scrolls 200 times by four rows, each in a frame of its own. */
    const SCROLL = `(async () => {
      const grid = document.querySelector('.grid');
      for (let frame = 0; frame < 200; frame += 1) {
        await new Promise(requestAnimationFrame);
        grid.scrollTop += 112;
      }
    })()`;
    const openLong = () =>
      open(
        Array.from(
          { length: 5000 },
          (_, at) => `{"id":{"S":"i${at}"},"text":{"S":"${String(at).repeat(50)}"}}`,
        ),
      );

    it('uses the same rows again, without new elements', async () => {
      const page = await openLong();
      await page.evaluate(`
        window.added = 0;
        new MutationObserver((changes) => {
          for (const { addedNodes } of changes) added += addedNodes.length;
        }).observe(document.querySelector('.rows [role=row]').parentElement, { childList: true });
      `);
      await page.evaluate(SCROLL);
      await page.getByText('i800', { exact: true }).waitFor();
      expect(await page.evaluate('added')).toBe(0);
    });

    it('keeps no earlier rows in memory', async () => {
      const page = await openLong();
      const session = await page.context().newCDPSession(page);
      const usedBytes = async () => {
        await session.send('HeapProfiler.collectGarbage');
        return (await session.send('Runtime.getHeapUsage')).usedSize;
      };
      await page.evaluate(SCROLL);
      const before = await usedBytes();
      await page.evaluate(SCROLL);
      expect((await usedBytes()) - before).toBeLessThan(1_000_000);
    });
  });

  it('sorts by a column: ascending, descending, and not', async () => {
    const page = await open(['3', '10', '2'].map((n) => `{"id":{"S":"i${n}"},"n":{"N":"${n}"}}`));
    const orders: string[][] = [];
    for (let click = 0; click < 3; click += 1) {
      await page.getByRole('columnheader', { name: /^n/ }).getByRole('button').click();
      // Sorting takes place in the background.
      const first = ['2', '10', '3'][click] ?? '';
      await page
        .locator('[role=row][aria-rowindex="2"] [role=gridcell]')
        .nth(1)
        .getByText(first, { exact: true })
        .waitFor();
      orders.push(await Promise.all([0, 1, 2].map(async (row) => (await texts(page, row))[1] ?? '')));
    }
    expect(orders).toEqual([
      ['2', '3', '10'],
      ['10', '3', '2'],
      ['3', '10', '2'],
    ]);
  });

  it('begins with the order of the table when it is sorted again', async () => {
    const page = await open(['3', '10', '2'].map((n) => `{"id":{"S":"i${n}"},"n":{"N":"${n}"}}`));
    const firstIs = (text: string) =>
      page
        .locator('[role=row][aria-rowindex="2"] [role=gridcell]')
        .first()
        .getByText(text, { exact: true })
        .waitFor();
    const click = () => page.getByRole('columnheader', { name: /^n/ }).getByRole('button').click();
    for (const text of ['i2', 'i10', 'i3']) {
      await click();
      await firstIs(text);
    }
    await page.evaluate(`
      window.seen = new Set();
      const first = document.querySelector('[role=row][aria-rowindex="2"]');
      new MutationObserver(() => seen.add(first.innerText)).observe(first, { subtree: true, characterData: true });
    `);
    await click();
    await firstIs('i2');
    expect(await page.evaluate(`[...seen].some((text) => text.includes('i10'))`)).toBe(false);
  });

  it('fills the width of the grid with few columns', async () => {
    const page = await open(['{"id":{"S":"a"}}']);
    const widths = await page.evaluate(
      `['.grid', '.head', '[role=row][aria-rowindex="2"]'].map((name) => document.querySelector(name).clientWidth)`,
    );
    expect(new Set(widths as number[]).size).toBe(1);
  });

  it('hides and shows columns, and keeps that in the URL', async () => {
    const page = await open(['{"id":{"S":"a"},"x":{"S":"b"},"y":{"S":"c"}}']);
    await page.getByRole('button', { name: /^Columns/ }).click();
    await page.getByRole('checkbox', { name: 'x' }).uncheck();
    expect(await texts(page, 0)).toEqual(['a', 'c']);
    await page.reload();
    await page.getByRole('gridcell').first().waitFor();
    expect(await texts(page, 0)).toEqual(['a', 'c']);
  });

  it('resizes a column with the pointer and with the keyboard', async () => {
    const page = await open(['{"id":{"S":"a"},"x":{"S":"b"}}']);
    const header = page.getByRole('columnheader').first();
    const width = async () => (await header.boundingBox())?.width ?? 0;
    const before = await width();
    await header.getByRole('button').press('ArrowRight');
    const wider = await width();
    const box = await header.locator('.resizer').boundingBox();
    if (box === null) throw new Error('The resizer is not visible.');
    await page.mouse.move(box.x + 4, box.y + 4);
    await page.mouse.down();
    await page.mouse.move(box.x + 104, box.y + 4);
    await page.mouse.up();
    expect([wider - before, (await width()) - wider]).toEqual([24, 100]);
  });

  it.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'])(
    'keeps every column at its place if an attribute is named %s',
    async (name) => {
      const page = await open([`{"id":{"S":"a"},"${name}":{"S":"b"},"x":{"S":"c"}}`]);
      const header = page.getByRole('columnheader');
      const edges = async () => {
        const boxes = await Promise.all([0, 1, 2].map((column) => header.nth(column).boundingBox()));
        return boxes.map((box) => ({ left: box?.x ?? 0, right: (box?.x ?? 0) + (box?.width ?? 0) }));
      };
      const [id, named, x] = await edges();
      expect([named?.left, x?.left]).toEqual([id?.right, named?.right]);
      await header.nth(1).getByRole('button').press('ArrowRight');
      const [, wider, moved] = await edges();
      expect([wider?.right, moved?.left]).toEqual([(named?.right ?? 0) + 24, (x?.left ?? 0) + 24]);
    },
  );

  it('moves with the keyboard, opens an item, and closes it', async () => {
    const page = await open(['{"id":{"S":"a"},"x":{"S":"b"}}', '{"id":{"S":"c"},"x":{"S":"d"}}']);
    const grid = page.getByRole('grid');
    await grid.press('ArrowDown');
    await grid.press('ArrowRight');
    expect(
      await page.locator(`#${String(await grid.getAttribute('aria-activedescendant'))}`).innerText(),
    ).toBe('d');
    await grid.press('Enter');
    await page.getByRole('complementary', { name: 'Item 2' }).waitFor();
    await grid.press('ArrowUp');
    await page.getByRole('complementary', { name: 'Item 1' }).waitFor();
    await grid.press('Escape');
    expect(await page.getByRole('complementary').count()).toBe(0);
  });

  it('says that an empty table is empty', async () => {
    const page = await open([]);
    expect(await page.getByRole('main').innerText()).toContain('There is nothing to show here.');
  });
});
