/** Limits the rate of read capacity units that requests to DynamoDB consume. */

/** The rate holds in every window of this length. */
const WINDOW_MS = 2000;

/** An admitted request. */
interface AdmittedRequest {
  /** Estimated read capacity units, and the consumed ones once it has ended. */
  units: number;
  /** Infinity while the request is in flight. */
  endedAt: number;
}

interface WaitingRequest {
  estimate: () => number;
  admit: (request: AdmittedRequest) => void;
}

/**
 * Admits requests in order, as far as the rate allows. A request may start when the requests before it are paid
 * for at the rate, and when its estimate fits into every window of two seconds together with what the others consumed.
 * Unused capacity is not saved up.
 *
 * A request that costs more than a whole window runs alone and is paid for afterwards.
 */
export class ReadRateLimiter {
  readonly unitsPerSecond: number;
  /** When all admitted requests are paid for. */
  private paidAt = 0;
  private admitted: AdmittedRequest[] = [];
  private queue: WaitingRequest[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(unitsPerSecond: number) {
    this.unitsPerSecond = unitsPerSecond;
  }

  /**
   * Waits until a request may start.
   *
   * @param estimate returns read capacity units; called again whenever the request might start, because more may be
   *   known by then.
   * @returns a function that callers must call with the consumed units once the request has ended.
   * @throws the signal's reason.
   */
  async admit(estimate: () => number, signal: AbortSignal): Promise<(units: number) => void> {
    signal.throwIfAborted();
    const request = await new Promise<AdmittedRequest>((resolve, reject) => {
      const cancel = () => {
        this.queue = this.queue.filter((other) => other !== waiting);
        this.admitWaiting();
        reject(signal.reason as Error);
      };
      const admit = (request: AdmittedRequest) => {
        signal.removeEventListener('abort', cancel);
        resolve(request);
      };
      const waiting = { estimate, admit };
      signal.addEventListener('abort', cancel, { once: true });
      this.queue.push(waiting);
      this.admitWaiting();
    });
    return (units) => {
      this.paidAt += ((units - request.units) / this.unitsPerSecond) * 1000;
      request.units = units;
      request.endedAt = performance.now();
      this.admitWaiting();
    };
  }

  private admitWaiting(): void {
    clearTimeout(this.timer);
    for (let first = this.queue[0]; first !== undefined; first = this.queue[0]) {
      const now = performance.now();
      const units = first.estimate();
      const waitMs = this.waitFor(units, now);
      if (waitMs > 0) {
        // The end of a request in flight calls this method too.
        if (Number.isFinite(waitMs)) this.timer = setTimeout(() => this.admitWaiting(), Math.ceil(waitMs));
        return;
      }
      const request = { units, endedAt: Infinity };
      this.admitted.push(request);
      this.paidAt = Math.max(this.paidAt, now) + (units / this.unitsPerSecond) * 1000;
      this.queue.shift();
      first.admit(request);
    }
  }

  /** Milliseconds until a request with this estimate may start. */
  private waitFor(estimate: number, now: number): number {
    this.admitted = this.admitted.filter(({ endedAt }) => endedAt + WINDOW_MS > now);
    const available = Math.max(0, (this.unitsPerSecond * WINDOW_MS) / 1000 - estimate);
    let consumed = this.admitted.reduce((sum, { units }) => sum + units, 0);
    let windowAt = now;
    for (const { units, endedAt } of [...this.admitted].sort((a, b) => (a.endedAt < b.endedAt ? -1 : 1))) {
      if (consumed <= available) break;
      consumed -= units;
      windowAt = endedAt + WINDOW_MS;
    }
    return Math.max(windowAt, this.paidAt) - now;
  }
}
