/** The request to diagnose, the exchanges with the server, and the verdict. Types only. */
import type { CorsErrorName } from './corsErrors';

/** The `fetch` of a web page. */
export interface PageCall {
  url: string;
  /** The origin of the web page, as browsers serialize it. `null` for a sandboxed web page or a local file. */
  origin: string;
  method: string;
  headers: readonly Header[];
  body: string | undefined;
  /** `include` sends cookies. `same-origin` sends none to another origin. */
  credentials: 'omit' | 'same-origin' | 'include';
  /** Names of the response headers that the web page reads. */
  reads: readonly string[];
  /** The browser whose headers are sent and whose rules apply; default `chromium`. */
  browser?: BrowserName;
  /** Whether the user has allowed the web page to reach the local network; default false. Only Chromium asks. */
  allowsLocalNetwork?: boolean;
}

export type BrowserName = 'chromium' | 'firefox' | 'safari';

export type Header = readonly [name: string, value: string];

/** One HTTP request. The transport does not follow redirects. */
export interface OutgoingRequest {
  purpose: 'preflight' | 'request' | 'probe';
  url: string;
  method: string;
  headers: readonly Header[];
  body: string | undefined;
}

/** The response to a request, or the reason why there is none. */
export type RequestResult =
  | {
      kind: 'response';
      status: number;
      /** The header lines in their order, also repeated ones. */
      headers: readonly Header[];
      /** The start of the body as text, if any was read. */
      body: string;
    }
  | NetworkFailure;

export interface NetworkFailure {
  kind: 'failure';
  /**
   * `certificate`: TLS works, but browsers do not trust the certificate. `speaks-http`: an https URL whose port speaks
   * http. `speaks-https`: the reverse. `broken`: the connection closed before the end of the headers. `not-http`: the
   * server sent something else than HTTP. `invalid-http`: HTTP that browsers reject.
   */
  failure:
    | 'dns'
    | 'refused'
    | 'unreachable'
    | 'certificate'
    | 'tls'
    | 'speaks-http'
    | 'speaks-https'
    | 'timeout'
    | 'broken'
    | 'not-http'
    | 'invalid-http';
  message: string;
  /** Chromium's name for the failure, which its console shows, for example `ERR_CONNECTION_REFUSED`. */
  netError?: string;
  /** The URL at which a server listens: with the other scheme, or with another address of this machine. */
  alternative?: string;
}

/**
 * Sends one request and adds only Host, Connection and Content-Length. The promise never rejects.
 *
 * @param options `maxBodyBytes: 0` reads no body
 */
export type Transport = (
  sent: OutgoingRequest,
  options?: { maxBodyBytes?: number },
) => Promise<RequestResult>;

/** The result of one check of the Fetch standard. */
export interface Step {
  name: string;
  passed: boolean;
  received: string;
  needed: string;
  /** The section of the standard that defines the check. */
  link: string;
}

export interface Exchange {
  sent: OutgoingRequest;
  received: RequestResult;
}

/** Predicts whether a browser allows the request. */
export interface Diagnosis {
  verdict: 'allowed' | 'blocked' | 'unknown';
  /** The CORS error, if any: its name in Chromium's DevTools protocol and the message in the console. */
  error: { name: CorsErrorName; words: string } | undefined;
  /** In the order in which a browser makes the checks. */
  steps: readonly Step[];
  /** Response headers that the web page can read, in lower case and sorted. Empty unless the request is allowed. */
  exposed: readonly string[];
  exchanges: readonly Exchange[];
}
