/** Opens the console in Chromium, with responses that the test writes, and cleans up. */
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../../../test/helpers/chromium';
import { serveConsole, type Scan, type ServedConsole } from './servedConsole';

export interface OpenedConsole {
  page: Page;
  server: ServedConsole;
}

interface OpenOptions {
  /** The part of the URL behind `#`. */
  fragment?: string;
  config?: object;
  table?: object;
  viewport?: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
}

/** One Chromium for all tests of a file, and a server for each of them. */
export class Consoles {
  private browser: Browser | undefined;
  private readonly opened: { close(): Promise<void> }[] = [];
  /** Errors and messages of all pages: there should be none. */
  readonly messages: string[] = [];

  async open(scan: Scan, options: OpenOptions = {}): Promise<OpenedConsole> {
    this.browser ??= await launchChromium();
    const server = await serveConsole(scan, options);
    const context = await this.browser.newContext({
      viewport: options.viewport ?? { width: 1280, height: 800 },
      colorScheme: options.colorScheme ?? 'light',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    this.opened.push(context, server);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.messages.push(String(error)));
    page.on('console', (message) => this.messages.push(message.text()));
    await page.goto(`${server.url}#${options.fragment ?? ''}`);
    return { page, server };
  }

  /** Closes what the last test has opened. */
  async closePages(): Promise<void> {
    for (const one of this.opened.splice(0)) await one.close();
    this.messages.length = 0;
  }

  async close(): Promise<void> {
    await this.closePages();
    await this.browser?.close();
  }
}
