/** Tests that a run ends, with true results, if the server hangs or does not end its responses. */
import { createServer, type RequestListener } from 'node:http';
import { CASES } from '../src/cases';
import type { Case } from '../src/case';
import { run } from '../src/run';
import { listen } from '../../../test/helpers/listen';

const NO_PROGRESS = { update: () => undefined, clear: () => undefined };

async function runAgainst(listener: RequestListener, cases: readonly Case[], ...args: string[]) {
  const { port, close } = await listen(createServer(listener));
  let output = '';
  let started = 0;
  const write = (text: string) => void (output += text);
  const code = await run([`http://127.0.0.1:${port}`, '--timeout', '0.3', ...args], {
    cases,
    write,
    progress: { ...NO_PROGRESS, update: () => void (started += 1) },
  });
  await close();
  return { code, output, started };
}

const hangAfterPreflights: RequestListener = ({ method }, response) => {
  if (method === 'OPTIONS') response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end();
};

const BODY_CASES = CASES.filter(({ topic }) => topic === 'Request bodies');

describe('a run against a slow server', () => {
  it('does not start if the server does not respond to OPTIONS', async () => {
    const { code, output, started } = await runAgainst(() => undefined, BODY_CASES);
    expect(code).toBe(2);
    expect(output).toContain('Nothing was checked.');
    expect(output).toContain('no response within 0.3 seconds');
    expect(started).toBe(0);
  });

  it('stops after four cases without a response in time', async () => {
    const { code, output, started } = await runAgainst(
      hangAfterPreflights,
      BODY_CASES.filter(({ needsFixtures }) => needsFixtures !== true),
    );
    expect(code).toBe(1);
    expect(started).toBe(4);
    expect(output).toContain('expected a response, received none: no response within 0.3 seconds');
    expect(output).toContain('because the server did not respond in time in 4 cases (--timeout)');
  });

  it('checks the status and the headers of a response that does not end', async () => {
    const drip: RequestListener = ({ method }, response) => {
      response.writeHead(method === 'OPTIONS' ? 200 : 418, { 'Access-Control-Allow-Origin': '*' });
      response.write('a body that does not end');
      if (method === 'OPTIONS') response.end();
    };
    const [first] = BODY_CASES.filter(({ name }) => name.startsWith('Returns 415'));
    const { output } = await runAgainst(drip, first === undefined ? [] : [first]);
    expect(output).toContain('expected status 415, received 418: a body that does not end');
    expect(output).not.toContain('Access-Control-Allow-Origin');
  });

  it('says that a body has not ended in time', async () => {
    const endless: RequestListener = ({ method }, response) => {
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).write('{"Items":[');
      if (method === 'OPTIONS') response.end();
    };
    const [first] = CASES.filter(({ name }) => name.startsWith('JSON has items'));
    const { output } = await runAgainst(endless, first === undefined ? [] : [first]);
    expect(output).toContain('expected a complete response, but its body had not ended after 0.3 seconds');
  });

  it('does not start a case after --max-time', async () => {
    let time = 0;
    let output = '';
    const { port, close } = await listen(createServer(hangAfterPreflights));
    const preflights = CASES.filter(({ topic }) => topic === 'Preflights');
    await run([`http://127.0.0.1:${port}`, '--max-time', '2'], {
      cases: preflights,
      write: (text) => void (output += text),
      progress: { ...NO_PROGRESS, update: () => void (time += 1000) },
      now: () => time,
    });
    await close();
    expect(output).toContain(
      `${preflights.length - 2} cases, because the time for the run is over (--max-time)`,
    );
  });
});
