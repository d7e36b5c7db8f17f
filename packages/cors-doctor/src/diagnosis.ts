/** The request to diagnose, the exchanges with the server, and the verdict. Types only. */
import type { CorsErrorName } from './corsErrors';

/** A `fetch` that a page means to make. */
export interface PageCall {
  url: string;
  /** Of the page, as browsers serialise it; `null` for a sandboxed page or a local file. */
  origin: string;
  method: string;
  headers: readonly Header[];
  body: string | undefined;
  /** `include` sends cookies, and `same-origin` none to another origin. */
  credentials: 'omit' | 'same-origin' | 'include';
  /** Response headers that the page means to read. */
  reads: readonly string[];
}

export type Header = readonly [name: string, value: string];

/** One request, as it is sent; redirects are not followed by who sends it. */
export interface Sent {
  purpose: 'preflight' | 'request' | 'probe';
  url: string;
  method: string;
  headers: readonly Header[];
  body: string | undefined;
}

/** What came back: an response, or what kept it away. */
export type Received =
  | { kind: 'response'; status: number; headers: readonly Header[]; body: string }
  | { kind: 'failure'; failure: 'dns' | 'refused' | 'tls' | 'timeout' | 'broken'; message: string };

/** Sends one request without headers of its own but Host and Content-Length, and never rejects. */
export type Transport = (sent: Sent) => Promise<Received>;

/** One check of the Fetch standard, in the order in which a browser makes them. */
export interface Step {
  name: string;
  passed: boolean;
  received: string;
  needed: string;
  /** The section of the standard that it comes from. */
  link: string;
}

export interface Exchange {
  sent: Sent;
  received: Received;
}

/** What a browser would do with the call. */
export interface Diagnosis {
  verdict: 'allowed' | 'blocked' | 'unknown';
  /** If it is blocked because of CORS: the name in Chromium's DevTools protocol, and its console's words. */
  error: { name: CorsErrorName; words: string } | undefined;
  steps: readonly Step[];
  /** Where it is allowed: the response's headers that the page can read, in lower case and sorted. */
  exposed: readonly string[];
  exchanges: readonly Exchange[];
}
