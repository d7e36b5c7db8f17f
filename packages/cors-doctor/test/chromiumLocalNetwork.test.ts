/** Compares the verdict on requests into private networks with Chromium, which is told what is public. */
import { describeWithChromium } from '../../../test/helpers/describeWithChromium';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Browser } from 'playwright-core';
import type { PageCall } from '../src/diagnosis';
import { createTransport } from '../src/http';
import { diagnose } from '../src/verdict/diagnose';
import type { Space } from '../src/verdict/addressSpace';
import { launchChromium } from '../../../test/helpers/chromium';
import { listen, type Listening } from '../../../test/helpers/listen';
import { callFromPage } from './chromiumCalls';
import { SELF_SIGNED } from './selfSigned';
import { allowEverything } from './doctorProcess';

const SCHEMES = ['http', 'https'] as const;
const SPACES = ['loopback', 'local', 'public'] as const;

/** Host names that say to the doctor what the address space of the web page is. */
const PAGES: readonly [space: Space, host: string][] = [
  ['public', 'app.example.com'],
  ['local', '192.168.1.3'],
  ['loopback', 'localhost'],
];

const SERVERS: readonly [space: Space, host: string][] = [
  ['public', 'api.example.com'],
  ['local', '192.168.1.2'],
  ['local', 'printer.local'],
  ['loopback', 'localhost'],
  ['loopback', '127.0.0.1'],
];

/** Chromium names no error for mixed content. */
const PLACES = SCHEMES.flatMap((scheme) =>
  PAGES.flatMap(([pageSpace, pageHost]) =>
    SERVERS.map(
      ([serverSpace, serverHost]) => [scheme, pageHost, pageSpace, serverHost, serverSpace] as const,
    ),
  ),
);

describeWithChromium('a web page', () => {
  const pages = new Map<string, Listening>();
  const servers = new Map<Space, Listening>();
  let browser: Browser;

  beforeAll(async () => {
    for (const space of SPACES) {
      servers.set(space, await listen(createServer(allowEverything)));
      pages.set(`http ${space}`, await listen(createServer(allowEverything)));
      pages.set(`https ${space}`, await listen(createSecureServer(SELF_SIGNED, allowEverything)));
    }
    const overrides = [...pages, ...servers].map(([name, { port }]) => {
      return `127.0.0.1:${port}=${name.split(' ').at(-1) ?? ''}`;
    });
    browser = await launchChromium('MAP * 127.0.0.1', [
      `--ip-address-space-overrides=${overrides.join(',')}`,
      '--ignore-certificate-errors',
    ]);
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await Promise.all([...pages.values(), ...servers.values()].map(({ close }) => close()));
  });

  it.each(PLACES)(
    'of %s://%s, a %s address, that calls %s, a %s address: the verdict is that of Chromium',
    async (scheme, pageHost, pageSpace, serverHost, serverSpace) => {
      const call: PageCall = {
        url: `http://${serverHost}:${servers.get(serverSpace)?.port ?? 0}/`,
        origin: `${scheme}://${pageHost}:${pages.get(`${scheme} ${pageSpace}`)?.port ?? 0}`,
        method: 'GET',
        headers: [],
        body: undefined,
        credentials: 'omit',
        reads: [],
      };
      const [observed] = await callFromPage(browser, `${call.origin}/`, [call], (url) => new URL(url).host);
      const transport = createTransport();
      const { verdict, error } = await diagnose(call, (sent) =>
        transport({ ...sent, url: sent.url.replace(serverHost, '127.0.0.1') }),
      );
      expect([verdict === 'allowed', error?.name, error?.words]).toEqual([
        observed?.exposed !== undefined,
        observed?.corsError,
        observed?.words,
      ]);
    },
    60_000,
  );
});
