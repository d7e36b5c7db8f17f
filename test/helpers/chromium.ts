/** A real browser: the Chromium that the machine has. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { chromium, type Browser } from 'playwright-core';
import { listen } from './listen';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const executablePath = process.env.CHROMIUM_PATH ?? PATHS.find((path) => existsSync(path));

/** Whether there is one; in CI its absence is a failure and no reason to skip. */
export const expectsChromium = executablePath !== undefined || process.env.CI !== undefined;

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-sync',
    ],
  });
}

/** An empty page on an origin of its own. */
export async function servePage(): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>A front end</title>');
  });
  const { port, close } = await listen(server);
  return { origin: `http://localhost:${port}`, close };
}
