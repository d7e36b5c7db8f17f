/** Records a diagnosis while it runs: the exchanges, the checks and the verdict. */
import { corsErrorWords } from '../corsErrors';
import type { Diagnosis, Exchange, PageCall, OutgoingRequest, Step, Transport } from '../diagnosis';
import type { HttpResponse } from '../headers';
import { printable, SECTION, type Check } from './check';

export class DiagnosisRecorder {
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

  /**
   * Sends a request. Without a response the verdict is unknown, because the browser can be on another network. A
   * response that is not valid HTTP is blocked.
   */
  async send(sent: OutgoingRequest): Promise<HttpResponse | undefined> {
    const received = await this.#transport(sent);
    this.#exchanges.push({ sent, received });
    if (received.kind === 'response') return received;
    const subject = sent.purpose === 'preflight' ? 'preflight' : 'response';
    const isInvalid = ['not-http', 'invalid-http'].includes(received.failure);
    this.#verdict = isInvalid ? 'blocked' : 'unknown';
    this.#steps.push({
      name: isInvalid ? `${subject}: valid HTTP` : `${subject}: received`,
      passed: false,
      received: printable(`${received.failure}: ${received.message}`),
      needed: isInvalid ? 'a valid HTTP response' : 'a response',
      link: SECTION.network,
    });
    return undefined;
  }

  /** Records checks of the request to a URL, and returns whether all passed. The first failed check blocks it. */
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

  /** Records the headers that the web page can read. A missing one does not change the verdict. */
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
