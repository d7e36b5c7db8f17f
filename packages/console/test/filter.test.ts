import { describeWithChromium } from '../../../test/helpers/describeWithChromium';
import type { Page } from 'playwright-core';
import { Consoles } from './helpers/page';
import { sendItems, type Scan } from './helpers/servedConsole';

const ITEMS = [
  '{"id":{"S":"a"},"day":{"S":"2018-02-07"},"mag":{"N":"5"},"sources":{"SS":["ci"]},"felt":{"BOOL":true}}',
];
const ALL: Scan = (_, response) => sendItems(response, ITEMS);
const NONE: Scan = ({ FilterExpression }, response) =>
  sendItems(response, FilterExpression === undefined ? ITEMS : [], { ScannedCount: 1707 });

describeWithChromium('the filter', () => {
  const consoles = new Consoles();
  afterEach(() => consoles.closePages());
  afterAll(() => consoles.close());

  const open = async (scan = ALL, fragment = '') => {
    const opened = await consoles.open(scan, { fragment });
    await opened.page.getByRole('status').getByText('· complete').waitFor();
    return opened;
  };
  const addCondition = async (page: Page, attribute: string) => {
    await page.getByRole('button', { name: /^\+ / }).click();
    await page.getByLabel('Attribute').last().fill(attribute);
  };
  const apply = async (page: Page) => {
    const response = page.waitForResponse(/scanRecords/);
    await page.getByRole('button', { name: 'Apply' }).click();
    await response;
  };

  it('offers the type of the attribute, shows the FilterExpression, and applies it', async () => {
    const { page, server } = await open();
    await addCondition(page, 'mag');
    await page.getByLabel('Operator').selectOption('>');
    expect(await page.getByLabel('Type').inputValue()).toBe('N');
    await page.getByLabel('Value', { exact: true }).fill('4.5');
    await page.getByText('FilterExpression #mag > :v0').waitFor();
    await apply(page);
    expect(server.scans.at(-1)).toMatchObject({
      FilterExpression: '#mag > :v0',
      ExpressionAttributeNames: '{"#mag":"mag"}',
      ExpressionAttributeValues: '{":v0":{"N":"4.5"}}',
    });
  });

  it('offers only operators that suit the type, and looks for an element of a set', async () => {
    const { page } = await open();
    await addCondition(page, 'sources');
    expect(await page.getByLabel('Operator').inputValue()).toBe('contains');
    expect(await page.getByLabel('Operator').locator('option').allInnerTexts()).not.toContain('>');
    await addCondition(page, 'felt');
    expect(await page.getByLabel('Type').last().inputValue()).toBe('BOOL');
  });

  it.each([
    ['a string', 'name', 'S'],
    ['a binary value', 'data', 'B'],
  ])('offers the type of %s for what it begins with', async (_, attribute, type) => {
    const items = ['{"id":{"S":"a"},"name":{"S":"abc"},"data":{"B":"AAEC"}}'];
    const { page, server } = await open((__, response) => sendItems(response, items));
    await addCondition(page, attribute);
    await page.getByLabel('Operator').selectOption('begins with');
    expect(await page.getByLabel('Type').inputValue()).toBe(type);
    await page.getByLabel('Value', { exact: true }).fill('AAE=');
    await apply(page);
    expect(server.scans.at(-1)).toMatchObject({
      FilterExpression: `begins_with(#${attribute}, :v0)`,
      ExpressionAttributeValues: `{":v0":{"${type}":"AAE="}}`,
    });
  });

  it('does not apply a number that is none', async () => {
    const { page } = await open();
    await addCondition(page, 'mag');
    await page.getByLabel('Value', { exact: true }).fill('five');
    expect(await page.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
    expect(await page.getByLabel('Value', { exact: true }).getAttribute('title')).toContain('Enter a number');
  });

  it('joins conditions with OR when any of them may match', async () => {
    const { page, server } = await open();
    await addCondition(page, 'mag');
    await page.getByLabel('Value', { exact: true }).fill('5');
    await addCondition(page, 'felt');
    await page.getByLabel('How conditions are joined').selectOption('Any of');
    await page.getByRole('button', { name: '+ Or' }).waitFor();
    await apply(page);
    expect(server.scans.at(-1)).toMatchObject({ FilterExpression: '(#mag = :v0 OR #felt = :v1)' });
    expect(page.url()).toContain('match=any');
  });

  it('shows names and values below the expression', async () => {
    const { page } = await open(ALL, `filter=${encodeURIComponent('[["mag","gt","N","4"]]')}`);
    await page.getByText('Names and values').click();
    const box = await page.locator('.expression details code').boundingBox();
    const form = await page.getByRole('form', { name: 'Filter' }).boundingBox();
    if (box === null || form === null) throw new Error('Names and values are not visible.');
    expect(box.x + box.width).toBeLessThanOrEqual(form.x + form.width);
    expect(box.y + box.height).toBeLessThanOrEqual(form.y + form.height);
  });

  it('no longer joins with OR when the conditions have been removed', async () => {
    const conditions = '[["mag","gt","N","4"],["felt","exists","S",""]]';
    const { page } = await open(ALL, `match=any&filter=${encodeURIComponent(conditions)}`);
    for (let left = 2; left > 0; left -= 1) {
      await page.getByRole('button', { name: 'Remove this condition' }).first().click();
    }
    await page.getByRole('button', { name: '+ Filter' }).waitFor();
    expect(page.url()).not.toContain('match');
    expect(await page.getByRole('button', { name: 'Apply' }).count()).toBe(0);
  });

  it('becomes a Query when the partition key is given', async () => {
    const { page, server } = await open();
    await addCondition(page, 'id');
    await page.getByLabel('Value', { exact: true }).fill('a');
    await page.getByText('KeyConditionExpression #id = :v0').waitFor();
    await apply(page);
    expect(server.scans.at(-1)).toMatchObject({ KeyConditionExpression: '#id = :v0' });
  });

  it('suggests an index whose key is in the filter, and reads it with Query', async () => {
    const { page, server } = await open();
    await addCondition(page, 'day');
    await page.getByLabel('Value', { exact: true }).fill('2018-02-07');
    const response = page.waitForResponse(/scanRecords/);
    await page.getByRole('button', { name: /Read index byDay instead/ }).click();
    await response;
    expect(server.scans.at(-1)).toMatchObject({ IndexName: 'byDay', KeyConditionExpression: '#day = :v0' });
  });

  it('is in the URL, so that a view can be shared, and Back removes it', async () => {
    const { page, server } = await open();
    await addCondition(page, 'mag');
    await page.getByLabel('Value', { exact: true }).fill('5');
    await apply(page);
    const fragment = new URL(page.url()).hash.slice(1);
    const shared = await open(ALL, fragment);
    expect(shared.server.scans).toEqual([server.scans.at(-1)]);
    const response = page.waitForResponse(/scanRecords/);
    await page.goBack();
    await response;
    expect(server.scans.at(-1)?.FilterExpression).toBeUndefined();
  });

  it('says how many items were compared if none matches, and can be removed', async () => {
    const filter = encodeURIComponent('[["mag","gt","N","9"]]');
    const { page } = await open(NONE, `filter=${filter}`);
    expect(await page.getByRole('status').innerText()).toContain('0 items of 1,707 read');
    await page.getByRole('button', { name: 'Remove the filter' }).click();
    await page.getByRole('gridcell', { name: 'a', exact: true }).waitFor();
  });

  it('says that a Query without a result has compared only the items with its key', async () => {
    const filter = encodeURIComponent('[["id","eq","S","missing"]]');
    const { page } = await open((_, response) => sendItems(response, []), `filter=${filter}`);
    const notice = await page.getByRole('main').innerText();
    expect(notice).toContain('A Query compares only the items with its key.');
    expect(notice).not.toContain('Every item');
  });

  it('says that a Scan without a result has compared every item', async () => {
    const filter = encodeURIComponent('[["mag","gt","N","9"]]');
    const { page } = await open(NONE, `filter=${filter}`);
    expect(await page.getByRole('main').innerText()).toContain('Every item has been compared.');
  });

  it('reads another table', async () => {
    const { page, server } = await open();
    const response = page.waitForResponse(/scanRecords/);
    await page.getByLabel('Table', { exact: true }).selectOption('Orders');
    await response;
    expect(server.scans.at(-1)).toMatchObject({ TableName: 'Orders' });
  });
});
