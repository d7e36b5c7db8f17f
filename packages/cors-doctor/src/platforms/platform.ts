/** A platform that can be detected by its responses, and its own way to fix a CORS error. Types only. */
import type { Finding, Fix } from 'sam-template';
import type { Evidence } from '../evidence';
import type { HttpResponse } from '../headers';

export interface Platform {
  /** The name that its users know. */
  name: string;
  /** `likely`: other servers can send such a response too, so its fix begins with "If this is …". */
  detect(response: HttpResponse, url: URL): 'certain' | 'likely' | undefined;
  /** Explains why the request is blocked, for causes that only this platform has. */
  explain?(evidence: Evidence): Finding[];
  /** Makes the server allow the request with lines that can be pasted as they are. */
  allow?(evidence: Evidence): Fix;
  /** The place that sets CORS headers, as a noun phrase, for example `the cors middleware of Express`. */
  sender?: string;
  /** Removes one of two places that send the same header. */
  deduplicate?(evidence: Evidence): Fix;
  /** A sentence that says how the server accepts a path with and without the slash at its end. */
  slash?: string;
}
