/** Notes of a diagnosis under way: what was sent, what was checked, and how it ended. */
import { corsErrorWords } from '../corsErrors';
import type { Diagnosis, Exchange, PageCall, Sent, Step, Transport } from '../diagnosis';
import type { HttpResponse } from '../headers';
import { printable, SECTION, type Check } from './check';

export class Inquiry {
  readonly #call: PageCall;
  readonly #transport: Transport;
  readonly #steps: Step[] = [];
  readonly #exchanges: Exchange[] = [];
  #verdict: Diagnosis['verdict'] = 'allowed';
  #error: Diagnosis['error'];
  #exposed: readonly string[] = [];

  constructor(call: PageCall, transport: Transport) {
    this.#call = call;
    this.#transport = transport;
  }

  /** Sends; without an answer it stays unknown what a browser would do, for its network may be another. */
  async send(sent: Sent): Promise<HttpResponse | undefined> {
    const received = await this.#transport(sent);
    this.#exchanges.push({ sent, received });
    if (received.kind === 'response') return received;
    this.#verdict = 'unknown';
    this.#steps.push({
      name: sent.purpose === 'preflight' ? 'preflight: answered' : 'response: arrived',
      passed: false,
      received: printable(`${received.failure}: ${received.message}`),
      needed: 'an answer',
      link: SECTION.network,
    });
    return undefined;
  }

  /** Notes checks on the request of a URL; whether all passed. The first that did not is the refusal. */
  passes(checks: readonly Check[], url: string): boolean {
    this.#steps.push(...checks.map(({ error: _, ...step }) => step));
    const failure = checks.find(({ passed }) => !passed);
    if (failure === undefined) return true;
    this.#verdict = 'blocked';
    if (failure.error !== undefined) {
      const { name, hint = '' } = failure.error;
      const { url: firstUrl, origin } = this.#call;
      const words = corsErrorWords({ name, url, firstUrl: withoutFragment(firstUrl), origin, hint });
      this.#error = { name, words };
    }
    return false;
  }

  /** Notes what a page can read; a header that it cannot is no refusal. */
  reads(exposed: readonly string[], checks: readonly Step[]): void {
    this.#exposed = exposed;
    this.#steps.push(...checks);
  }

  diagnosis(): Diagnosis {
    return {
      verdict: this.#verdict,
      error: this.#error,
      steps: this.#steps,
      exposed: this.#exposed,
      exchanges: this.#exchanges,
    };
  }
}

function withoutFragment(url: string): string {
  const parsed = new URL(url);
  parsed.hash = '';
  return parsed.href;
}
