/** Builds HAR files as browsers write them. */
import type { Header } from '../src/diagnosis';

export interface EntryOptions {
  method?: string;
  path?: string;
  type?: string;
  requestHeaders?: readonly Header[];
  status?: number;
  responseHeaders?: readonly Header[];
  error?: string;
}

export const API = 'https://api.example.com';
export const PAGE = 'http://localhost:5173';

/** An entry as Chromium's DevTools write it. */
export function entry(options: EntryOptions): object {
  const { method = 'GET', path = '/items', type = 'fetch', requestHeaders = [], status = 200 } = options;
  const { responseHeaders = [], error } = options;
  return {
    _initiator: { type: 'script', url: `${PAGE}/app.js` },
    _resourceType: type,
    request: { method, url: `${API}${path}`, headers: named([['Origin', PAGE], ...requestHeaders]) },
    response: { status, headers: named(responseHeaders), ...(error !== undefined && { _error: error }) },
  };
}

/** A preflight, which Chromium records as an entry of its own. */
export function preflight(method: string, headers: string, options: EntryOptions): object {
  return entry({
    ...options,
    method: 'OPTIONS',
    type: 'preflight',
    requestHeaders: [
      ['Access-Control-Request-Method', method],
      ...(headers === '' ? [] : [['Access-Control-Request-Headers', headers] as const]),
    ],
  });
}

export function har(...entries: readonly object[]): string {
  return JSON.stringify({
    log: { version: '1.2', creator: { name: 'WebInspector' }, pages: [], entries },
  });
}

function named(headers: readonly Header[]): object[] {
  return headers.map(([name, value]) => ({ name, value }));
}
