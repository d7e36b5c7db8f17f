import { describeWithChromium } from '../../../test/helpers/describeWithChromium';
import type { ServerResponse } from 'node:http';
import type { Page } from 'playwright-core';
import { Consoles } from './helpers/page';
import { sendItems, sendProblem } from './helpers/servedConsole';

const item = (id: string) => `{"id":{"S":"${id}"}}`;

describeWithChromium('a read', () => {
  const consoles = new Consoles();
  afterEach(() => consoles.closePages());
  afterAll(() => consoles.close());

  const ids = async (page: Page) => page.getByRole('gridcell').allInnerTexts();
  const waitForStatus = (page: Page, text: string) =>
    page.getByRole('status').getByText(`· ${text}`).waitFor();

  it('continues with the next token until the end, and adds up the cost', async () => {
    const { page, server } = await consoles.open(({ StartingToken }, response) => {
      const summary = { ConsumedCapacity: { CapacityUnits: 128.5 } };
      if (StartingToken === undefined) sendItems(response, [item('a')], { ...summary, NextToken: 't' });
      else sendItems(response, [item('b')], summary);
    });
    await waitForStatus(page, 'complete');
    expect(await ids(page)).toEqual(['a', 'b']);
    expect(await page.getByRole('status').innerText()).toContain('2 items · 257 read units');
    expect(server.scans.map(({ StartingToken }) => StartingToken)).toEqual([undefined, 't']);
  });

  it('shows items before the read is complete, and stops', async () => {
    const { page } = await consoles.open(({ StartingToken }, response) => {
      response.setHeader('X-Item-Count-Estimate', '4');
      // The second response never comes.
      if (StartingToken === undefined) sendItems(response, [item('a'), item('b')], { NextToken: 't' });
    });
    await page.getByRole('gridcell', { name: 'b' }).waitFor();
    expect(await page.getByRole('progressbar').getAttribute('value')).toBe('0.5');
    await page.getByRole('button', { name: 'Stop' }).click();
    await waitForStatus(page, 'stopped');
    expect(await ids(page)).toEqual(['a', 'b']);
  });

  const breakAfter = (response: ServerResponse, text: string) => {
    response.setHeader('Content-Type', 'application/x-amz-json-1.0');
    response.write(text, () => response.destroy());
  };

  it('repeats only the page whose connection breaks', async () => {
    let attempts = 0;
    const { page, server } = await consoles.open(({ StartingToken }, response) => {
      if (StartingToken === undefined) sendItems(response, [item('a')], { NextToken: 't' });
      else if ((attempts += 1) > 1) sendItems(response, [item('b'), item('c')]);
      else breakAfter(response, `{"Items":[${item('b')},`);
    });
    await waitForStatus(page, 'complete');
    expect(await ids(page)).toEqual(['a', 'b', 'c']);
    expect(server.scans.map(({ StartingToken }) => StartingToken)).toEqual([undefined, 't', 't']);
  });

  it('resumes a read that has failed where the last complete page ended, without duplicates', async () => {
    let isBroken = true;
    const { page } = await consoles.open(({ StartingToken }, response) => {
      if (StartingToken === undefined) sendItems(response, [item('a')], { NextToken: 't' });
      else if (isBroken) breakAfter(response, `{"Items":[${item('b')},`);
      else sendItems(response, [item('b'), item('c')]);
    });
    await waitForStatus(page, 'not complete');
    expect(await ids(page)).toEqual(['a']);
    isBroken = false;
    await page.getByRole('button', { name: 'Resume' }).click();
    await waitForStatus(page, 'complete');
    expect(await ids(page)).toEqual(['a', 'b', 'c']);
  });

  it('says that the connection ended if no page arrives completely', async () => {
    const { page } = await consoles.open((_, response) => breakAfter(response, `{"Items":[${item('a')},`));
    const alert = page.getByRole('alert');
    await alert.getByRole('heading', { name: 'The connection ended' }).waitFor();
    expect(await alert.innerText()).toContain('Check that the server is running.');
  });

  it('says that the response is not valid if a proxy has replaced it', async () => {
    const { page } = await consoles.open((_, response) => {
      response.setHeader('Content-Type', 'text/html').end('<h1>Log in</h1>');
    });
    const alert = page.getByRole('alert');
    await alert.getByRole('heading', { name: 'The response is not valid' }).waitFor();
    expect(await alert.innerText()).toContain('for example a proxy');
  });

  it('fails at once if the server wants a long pause', async () => {
    const { page, server } = await consoles.open((_, response) => {
      response.setHeader('Retry-After', '30');
      sendProblem(response, 429, 'TooManyRequests', 'Too many requests.');
    });
    await page.getByRole('alert').getByRole('heading', { name: 'Too many reads' }).waitFor();
    expect(server.scans).toHaveLength(1);
  });

  it('stops after the first part of a large table, and reads on if the user wants it', async () => {
    let requests = 0;
    const { page, server } = await consoles.open((_, response) => {
      requests += 1;
      const summary = { ConsumedCapacity: { CapacityUnits: 500 }, ...(requests < 4 && { NextToken: 't' }) };
      sendItems(response, [item(`i${requests}`)], summary);
    });
    await waitForStatus(page, 'the first part');
    expect(server.scans).toHaveLength(2);
    await page.getByRole('button', { name: 'Read everything' }).click();
    await waitForStatus(page, 'complete');
    expect(await ids(page)).toEqual(['i1', 'i2', 'i3', 'i4']);
  });

  it('does not say that nothing matches before every item has been compared', async () => {
    const { page } = await consoles.open((_, response) =>
      sendItems(response, [], { ScannedCount: 9, NextToken: 't', ConsumedCapacity: { CapacityUnits: 1000 } }),
    );
    await waitForStatus(page, 'the first part');
    expect(await page.getByRole('main').innerText()).toContain('No items so far');
  });

  it('asks for new credentials when they expire in the middle of a read, and then begins again', async () => {
    let isExpired = false;
    const { page } = await consoles.open(({ StartingToken }, response) => {
      if (StartingToken === undefined) sendItems(response, [item('a')], isExpired ? {} : { NextToken: 't' });
      else {
        isExpired = true;
        sendProblem(response, 401, 'InvalidCredentials', 'The token is expired.');
      }
    });
    await page.getByText('The token is expired.').first().waitFor();
    await page.getByLabel('API key').fill('new');
    await page.getByRole('button', { name: 'Continue' }).click();
    await waitForStatus(page, 'complete');
    expect(await ids(page)).toEqual(['a']);
  });

  it('reads from a server that hides the cost', async () => {
    const { page, server } = await consoles.open(({ ReturnConsumedCapacity }, response) => {
      if (ReturnConsumedCapacity === undefined) sendItems(response, [item('a')]);
      else
        sendProblem(response, 400, 'InvalidRequest', 'ReturnConsumedCapacity cannot be used here: hidden.');
    });
    await waitForStatus(page, 'complete');
    expect(await page.getByRole('status').innerText()).toBe('1 item · complete');
    expect(server.scans.map(({ ReturnConsumedCapacity }) => ReturnConsumedCapacity)).toEqual([
      'TOTAL',
      undefined,
    ]);
  });

  it('asks for an API key when the server requires one, and sends it only in the header', async () => {
    const { page, server } = await consoles.open(
      (_, response, { headers }) => {
        if (headers['x-api-key'] === 'secret') sendItems(response, [item('a')]);
        else sendProblem(response, 401, 'MissingCredentials', 'Send X-Api-Key.');
      },
      { config: { auth: 'key' } },
    );
    await page.getByLabel('API key').fill('secret');
    await page.getByRole('button', { name: 'Continue' }).click();
    await waitForStatus(page, 'complete');
    expect(await ids(page)).toEqual(['a']);
    expect(JSON.stringify(server.scans)).not.toContain('secret');
    expect(page.url()).not.toContain('secret');
  });

  it.each([
    [403, 'TableNotAllowed', 'Not allowed'],
    [429, 'ReadLimitReached', 'Too many reads'],
    [502, 'AccessDeniedException', 'could not read'],
  ])('explains status %i %s, and tries again', async (status, code, title) => {
    let requests = 0;
    const { page } = await consoles.open((_, response) => {
      requests += 1;
      if (requests > 1) sendItems(response, [item('a')]);
      else sendProblem(response, status, code, 'The detail of the server.');
    });
    const alert = page.getByRole('alert');
    await alert.getByRole('heading', { name: title }).waitFor();
    expect(await alert.innerText()).toContain('The detail of the server.');
    expect(await alert.innerText()).toContain(`${status} ${code} · request request-1`);
    await page.getByRole('button', { name: 'Try again' }).click();
    await waitForStatus(page, 'complete');
    expect(await ids(page)).toEqual(['a']);
  });
});
