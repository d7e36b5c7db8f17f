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
 * Admits requests in order. A request starts when both conditions hold:
 *
 * 1. The time that the units of all earlier requests take at the rate has passed.
 * 2. Its estimate, together with the units of the last two seconds, fits into the window.
 *
 * A request that is larger than a window runs alone, and later requests wait for it. Unused capacity is not saved up.
 */
export class ReadRateLimiter {
  readonly unitsPerSecond: number;
  /** When the units of all admitted requests have taken their time at the rate. */
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
