/** Returns recorded responses to the requests of the verdict, so that nothing is sent. No I/O. */
import type { NetworkFailure, OutgoingRequest, RequestResult } from '../diagnosis';
import { isPreflight, requestHeader } from './recordedCall';
import type { HarEntry } from './readHar';

/** Finds the recorded request that is nearest to an entry in the recording. */
export class Recording {
  readonly #entries: readonly HarEntry[];
  /** Entries that belong to a call. Each entry belongs to at most one. */
  readonly #used = new Set<HarEntry>();

  constructor(entries: readonly HarEntry[]) {
    this.#entries = entries;
  }

  /** Returns the preflight of a request. */
  preflightOf(entry: HarEntry): HarEntry | undefined {
    return this.#nearest(
      entry,
      (one) => isPreflight(one) && one.url === entry.url && requestHeader(one, METHOD) === entry.method,
    );
  }

  isUsed(entry: HarEntry): boolean {
    return this.#used.has(entry);
  }

  use(entry: HarEntry): void {
    this.#used.add(entry);
  }

  /** Returns the entry for a request of the call that begins with `first`. */
  find(first: HarEntry, { purpose, url, method }: OutgoingRequest): HarEntry | undefined {
    if (purpose === 'preflight') {
      return this.#nearest(first, (one) => isPreflight(one) && one.url === url);
    }
    return this.#nearest(first, (one) => !isPreflight(one) && one.url === url && one.method === method);
  }

  #nearest(entry: HarEntry, isWanted: (one: HarEntry) => boolean): HarEntry | undefined {
    const start = this.#entries.indexOf(entry);
    const distance = (one: HarEntry) => Math.abs(this.#entries.indexOf(one) - start);
    return this.#entries
      .filter((one) => !this.#used.has(one) && isWanted(one))
      .sort((left, right) => distance(left) - distance(right))[0];
  }
}

const METHOD = 'Access-Control-Request-Method';

/** Returns the recorded response or network failure, or undefined if the recording has neither. */
export function resultOf(entry: HarEntry): RequestResult | undefined {
  const { status, responseHeaders, error } = entry;
  // Chromium records the headers of some blocked responses without their status.
  if (status > 0 || (responseHeaders.length > 0 && !isPreflight(entry))) {
    return { kind: 'response', status, headers: responseHeaders, body: '' };
  }
  const failure = FAILURES.find(([pattern]) => pattern.test(error ?? ''))?.[1];
  if (failure === undefined) return undefined;
  const netError = error?.replace(/^net::/, '') ?? '';
  return { kind: 'failure', failure, message: `the browser reported ${netError}`, netError };
}

/** The names of Chromium. Firefox records none. */
const FAILURES: readonly [pattern: RegExp, failure: NetworkFailure['failure']][] = [
  [/ERR_CONNECTION_REFUSED/, 'refused'],
  [/NAME_NOT_RESOLVED/, 'dns'],
  [/ADDRESS_UNREACHABLE|INTERNET_DISCONNECTED/, 'unreachable'],
  [/CERT_/, 'certificate'],
  [/SSL_/, 'tls'],
  [/TIMED_OUT/, 'timeout'],
  [/EMPTY_RESPONSE|CONNECTION_RESET|CONNECTION_CLOSED/, 'broken'],
  [/INVALID_HTTP_RESPONSE/, 'not-http'],
];
