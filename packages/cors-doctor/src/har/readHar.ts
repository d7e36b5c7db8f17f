/** Reads a HAR file: the requests and responses that a browser recorded. No I/O. */
import { UsageError } from 'command-line';
import { parseUrl } from 'cors-policy';
import type { Header } from '../diagnosis';

export interface HarEntry {
  url: string;
  method: string;
  requestHeaders: readonly Header[];
  /** 0 if the recording has no response. */
  status: number;
  responseHeaders: readonly Header[];
  /** The browser's name for the failure, such as `net::ERR_FAILED`. */
  error: string | undefined;
  /** Whether the recording names the error of every failed request, so that the others have succeeded. */
  marksFailures: boolean;
  /** Chromium's type in lower case, such as `fetch` or `preflight`. */
  resourceType: string | undefined;
  /** The URL of the web page, if the recording has it. */
  pageUrl: string | undefined;
}

type Json = Record<string, unknown>;

/**
 * Returns the entries in their order. Entries that are not valid are left out, because the variants of browsers differ.
 *
 * @see http://www.softwareishard.com/blog/har-12-spec/
 * @throws UsageError if the text is not a HAR file.
 */
export function readHar(text: string, file: string): HarEntry[] {
  const log = objectOf(objectOf(parse(text, file)).log);
  if (!Array.isArray(log.entries)) {
    throw new UsageError(
      `${file} is not a HAR file: it has no "log" with "entries". In the Network panel of the browser, choose "Save all as HAR" or "Export HAR".`,
    );
  }
  const pages = new Map(
    arrayOf(log.pages).map((page) => [stringOf(objectOf(page).id), stringOf(objectOf(page).title)]),
  );
  const marksFailures = MARKS_FAILURES.test(stringOf(objectOf(log.creator).name) ?? '');
  return log.entries.flatMap((entry) => entryOf(objectOf(entry), pages, marksFailures));
}

/** Chromium's DevTools, Safari, and Playwright. Firefox and proxies such as Charles do not name errors. */
const MARKS_FAILURES = /^(?:WebInspector|WebKit Web Inspector|Playwright)$/;

function parse(text: string, file: string): unknown {
  try {
    // Some tools write a byte order mark.
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new UsageError(`${file} is not a HAR file: it is not valid JSON.`, { cause });
  }
}

function entryOf(
  entry: Json,
  pages: ReadonlyMap<string | undefined, string | undefined>,
  marksFailures: boolean,
): HarEntry[] {
  const [request, response] = [objectOf(entry.request), objectOf(entry.response)];
  const [url, method] = [stringOf(request.url), stringOf(request.method)];
  if (url === undefined || method === undefined || parseUrl(url) === undefined) return [];
  const requestHeaders = headersOf(request.headers);
  // Playwright writes -1 if there is no response.
  const status = typeof response.status === 'number' && response.status > 0 ? response.status : 0;
  const candidates = [
    // Chromium uses the URL as the title of the page.
    pages.get(stringOf(entry.pageref)),
    stringOf(objectOf(entry._initiator).url),
    requestHeaders.find(([name]) => name.toLowerCase() === 'referer')?.[1],
  ];
  return [
    {
      url: new URL(url).href.replace(/#.*$/, ''),
      method,
      requestHeaders,
      status,
      responseHeaders: headersOf(response.headers),
      marksFailures,
      error: [response._error, response._failureText, entry._error].map(stringOf).find(Boolean),
      resourceType: stringOf(entry._resourceType)?.toLowerCase(),
      pageUrl: candidates.find((candidate) => candidate !== undefined && /^https?:\/\//.test(candidate)),
    },
  ];
}

/** HTTP/2 has pseudo headers, such as `:path`. DevTools joins the values of repeated headers with line feeds. */
function headersOf(headers: unknown): Header[] {
  return arrayOf(headers).flatMap((header): Header[] => {
    const [name, value] = [stringOf(objectOf(header).name), stringOf(objectOf(header).value)];
    if (name === undefined || value === undefined || name.startsWith(':')) return [];
    return value.split('\n').map((line) => [name, line]);
  });
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
