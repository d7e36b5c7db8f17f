/** Starts the Chromium that is installed on this machine. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { chromium, type Browser } from 'playwright-core';
import { listen } from './listen';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const executablePath = process.env.CHROMIUM_PATH ?? PATHS.find((path) => existsSync(path));

/** Whether browser tests run. In CI they always run, so that a missing Chromium fails instead of skipping them. */
export const expectsChromium = executablePath !== undefined || process.env.CI !== undefined;

/**
 * @param hostRules resolves host names, as in `--host-resolver-rules`.
 * @param switches further arguments of Chromium.
 */
export function launchChromium(hostRules?: string, switches: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-sync',
      ...(hostRules === undefined ? [] : [`--host-resolver-rules=${hostRules}`]),
      ...switches,
    ],
  });
}

/** Serves an empty web page on its own origin. */
export async function servePage(): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>A front end</title>');
  });
  const { port, close } = await listen(server);
  return { origin: `http://localhost:${port}`, close };
}
