/** Calls made by pages in Chromium: what the page saw, and what its DevTools say of it. */
import type { Browser, CDPSession } from 'playwright-core';
import type { PageCall } from '../src/diagnosis';

export interface Seen {
  /** What the page can read of the answer; undefined where `fetch` failed. */
  exposed: string[] | undefined;
  /** The message of `fetch`'s error. */
  message: string | undefined;
  corsError: string | undefined;
  /** Of the console. */
  words: string | undefined;
}

/** What `fetch` throws when the network or CORS fails it, rather than its arguments. */
const NETWORK_ERROR = 'Failed to fetch';

/**
 * Makes all calls at once from one page.
 *
 * @param keyOf what identifies a call in its URL, and stays where redirects lead.
 */
export async function callFromPage(
  browser: Browser,
  pageUrl: string,
  calls: readonly PageCall[],
  keyOf: (url: string) => string,
): Promise<Seen[]> {
  const page = await browser.newPage();
  await page.goto(pageUrl);
  const devTools = await page.context().newCDPSession(page);
  const failures = await listenForFailures(devTools, keyOf);
  const results = await page.evaluate(
    (all) =>
      Promise.all(
        all.map(async ({ url, method, headers, body, credentials }) => {
          try {
            const init = { method, headers: headers as [string, string][], credentials };
            const response = await fetch(url, body === undefined ? init : { ...init, body });
            return { exposed: [...response.headers.keys()], message: undefined };
          } catch (error) {
            return { exposed: undefined, message: (error as Error).message };
          }
        }),
      ),
    calls,
  );
  const seen = await Promise.all(
    results.map(async (result, index): Promise<Seen> => {
      if (result.message !== NETWORK_ERROR) return { ...result, corsError: undefined, words: undefined };
      const corsError = await failures.of(keyOf(calls[index]?.url ?? ''));
      const words =
        corsError === undefined ? undefined : await failures.words(keyOf(calls[index]?.url ?? ''));
      return { ...result, corsError, words };
    }),
  );
  await page.close();
  return seen;
}

/** Keeps the failures of requests by the key of their first URL, and lets them be waited for. */
async function listenForFailures(devTools: CDPSession, keyOf: (url: string) => string) {
  const urls = new Map<string, string>();
  const [errors, words] = [new Awaited<string | undefined>(), new Awaited<string>()];
  devTools.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (!urls.has(requestId)) urls.set(requestId, request.url);
  });
  devTools.on('Network.loadingFailed', ({ requestId, corsErrorStatus, type }) => {
    const url = urls.get(requestId);
    // A preflight is a request of its own, and its failure one of the request that it was for, too.
    if (url !== undefined && type !== 'Preflight') errors.set(keyOf(url), corsErrorStatus?.corsError);
  });
  devTools.on('Log.entryAdded', ({ entry: { text } }) => {
    const [, url = '', firstUrl = url] =
      /^Access to fetch at '(.*?)' (?:\(redirected from '(.*?)'\) )?from/.exec(text) ?? [];
    if (url !== '') words.set(keyOf(firstUrl), text);
  });
  await devTools.send('Network.enable');
  await devTools.send('Log.enable');
  return { of: (key: string) => errors.get(key), words: (key: string) => words.get(key) };
}

/** Values that come in by events, each awaited by its key. */
class Awaited<T> {
  readonly #entries = new Map<string, { promise: Promise<T>; resolve: (value: T) => void }>();

  set(key: string, value: T): void {
    this.#entry(key).resolve(value);
  }

  get(key: string): Promise<T> {
    return this.#entry(key).promise;
  }

  #entry(key: string) {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    let resolve: (value: T) => void = () => undefined;
    const promise = new Promise<T>((settle) => (resolve = settle));
    const entry = { promise, resolve };
    this.#entries.set(key, entry);
    return entry;
  }
}
