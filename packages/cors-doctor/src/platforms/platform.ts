/** A platform that can be detected by its responses, and that has its own way to fix a CORS error. Types only. */
import type { Evidence } from '../evidence';
import type { Finding } from 'sam-template';
import type { HttpResponse } from '../headers';

export interface Platform {
  /** The name that its users know. */
  name: string;
  matches(response: HttpResponse): boolean;
  /** Explains why the request is blocked. Empty if the platform has nothing specific to say. */
  explain(evidence: Evidence): Finding[];
}
