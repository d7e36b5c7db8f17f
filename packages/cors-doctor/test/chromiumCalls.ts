/** Makes requests from a web page in Chromium. Returns the result of `fetch` and the error in DevTools. */
import type { Browser, CDPSession } from 'playwright-core';
import type { PageCall } from '../src/diagnosis';

export interface PageObservation {
  /** Names of the headers that the web page can read. Undefined if `fetch` failed. */
  exposed: string[] | undefined;
  /** The message of `fetch`'s error. */
  message: string | undefined;
  corsError: string | undefined;
  /** The message in the console. */
  words: string | undefined;
}

/** The message of `fetch` for network and CORS errors. Invalid arguments have other messages. */
const NETWORK_ERROR = 'Failed to fetch';

/** Chromium fails requests of a page that has more than about 1,500 at once. */
const MAX_PARALLEL_REQUESTS = 250;

/**
 * Makes all requests from one web page, many at once.
 *
 * @param keyOf returns the part of a URL that identifies the request. Redirects keep this part.
 */
export async function callFromPage(
  browser: Browser,
  pageUrl: string,
  calls: readonly PageCall[],
  keyOf: (url: string) => string,
): Promise<PageObservation[]> {
  const page = await browser.newPage();
  await page.goto(pageUrl);
  const devTools = await page.context().newCDPSession(page);
  const failures = await listenForFailures(devTools, keyOf);
  const results: FetchResult[] = [];
  for (let at = 0; at < calls.length; at += MAX_PARALLEL_REQUESTS) {
    results.push(...(await page.evaluate(fetchAll, calls.slice(at, at + MAX_PARALLEL_REQUESTS))));
  }
  const observations = await Promise.all(
    results.map(async (result, index): Promise<PageObservation> => {
      if (result.message !== NETWORK_ERROR) return { ...result, corsError: undefined, words: undefined };
      const corsError = await failures.errorOf(keyOf(calls[index]?.url ?? ''));
      const words =
        corsError === undefined ? undefined : await failures.wordsOf(keyOf(calls[index]?.url ?? ''));
      return { ...result, corsError, words };
    }),
  );
  await page.close();
  return observations;
}

type FetchResult = Pick<PageObservation, 'exposed' | 'message'>;

/** Runs in the web page. */
function fetchAll(calls: readonly PageCall[]): Promise<FetchResult[]> {
  return Promise.all(
    calls.map(async ({ url, method, headers, body, credentials }) => {
      try {
        const init = { method, headers: headers as [string, string][], credentials };
        const response = await fetch(url, body === undefined ? init : { ...init, body });
        return { exposed: [...response.headers.keys()], message: undefined };
      } catch (error) {
        return { exposed: undefined, message: (error as Error).message };
      }
    }),
  );
}

/** Collects failures by the key of the first URL of the request. */
async function listenForFailures(devTools: CDPSession, keyOf: (url: string) => string) {
  const urls = new Map<string, string>();
  const [errors, words] = [new EventValues<string | undefined>(), new EventValues<string>()];
  devTools.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (!urls.has(requestId)) urls.set(requestId, request.url);
  });
  devTools.on('Network.loadingFailed', ({ requestId, corsErrorStatus, type }) => {
    const url = urls.get(requestId);
    // A failed preflight is reported twice: also as a failure of the request that it was sent for.
    if (url !== undefined && type !== 'Preflight') errors.set(keyOf(url), corsErrorStatus?.corsError);
  });
  devTools.on('Log.entryAdded', ({ entry: { text } }) => {
    const [, url = '', firstUrl = url] =
      /^Access to fetch at '(.*?)' (?:\(redirected from '(.*?)'\) )?from/.exec(text) ?? [];
    if (url !== '') words.set(keyOf(firstUrl), text);
  });
  await devTools.send('Network.enable');
  await devTools.send('Log.enable');
  return { errorOf: (key: string) => errors.get(key), wordsOf: (key: string) => words.get(key) };
}

/** Values that arrive in events. Callers wait for a value by its key. */
class EventValues<T> {
  readonly #entries = new Map<string, { promise: Promise<T>; resolve: (value: T) => void }>();

  set(key: string, value: T): void {
    this.#entry(key).resolve(value);
  }

  get(key: string): Promise<T> {
    return this.#entry(key).promise;
  }

  #entry(key: string) {
    const existing = this.#entries.get(key);
    if (existing !== undefined) return existing;
    let resolve: (value: T) => void = () => undefined;
    const promise = new Promise<T>((settle) => (resolve = settle));
    const entry = { promise, resolve };
    this.#entries.set(key, entry);
    return entry;
  }
}
