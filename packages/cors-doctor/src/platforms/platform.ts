/** What may stand behind a URL, told by its answers, and what to change in its own terms. Types alone. */
import type { Evidence } from '../evidence';
import type { Finding } from '../finding';
import type { HttpResponse } from '../headers';

export interface Platform {
  /** As its users call it. */
  name: string;
  matches(answer: HttpResponse): boolean;
  /** What it knows about the call's failure; nothing where it knows no more than the standard says. */
  explain(evidence: Evidence): Finding[];
}
