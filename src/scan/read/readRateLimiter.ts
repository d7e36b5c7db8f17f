/** A rate of read capacity units that calls to DynamoDB are held to. */

/** Milliseconds of the window in which the rate is kept. */
const WINDOW = 2000;

/** A call that has been let through: what it may have consumed, and when. */
interface Call {
  units: number;
  /** Infinity while it is in flight. */
  endedAt: number;
}

interface Waiting {
  estimate: () => number;
  go: (call: Call) => void;
}

/**
 * Lets calls through, in the order they come, as far as the rate allows: one may begin when those
 * before it are paid for at the rate, and when it fits, by its estimate, into every window of two
 * seconds with what the others consumed. What was not used is not saved up.
 *
 * A call that alone costs more than a window holds goes alone, and is paid for afterwards.
 */
export class ReadBudget {
  readonly unitsPerSecond: number;
  /** When the calls so far are paid for. */
  private paidAt = 0;
  private calls: Call[] = [];
  private queue: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(unitsPerSecond: number) {
    this.unitsPerSecond = unitsPerSecond;
  }

  /**
   * Waits for a call's turn.
   *
   * @param estimate read capacity units; asked when the turn may have come, for by then more may be known.
   * @returns what is to be told once the call has ended, with the units it consumed.
   * @throws the signal's reason.
   */
  async admit(estimate: () => number, signal: AbortSignal): Promise<(units: number) => void> {
    signal.throwIfAborted();
    const call = await new Promise<Call>((resolve, reject) => {
      const leave = () => {
        this.queue = this.queue.filter((other) => other !== waiting);
        this.letThrough();
        reject(signal.reason as Error);
      };
      const go = (call: Call) => {
        signal.removeEventListener('abort', leave);
        resolve(call);
      };
      const waiting = { estimate, go };
      signal.addEventListener('abort', leave, { once: true });
      this.queue.push(waiting);
      this.letThrough();
    });
    return (units) => {
      this.paidAt += ((units - call.units) / this.unitsPerSecond) * 1000;
      call.units = units;
      call.endedAt = performance.now();
      this.letThrough();
    };
  }

  private letThrough(): void {
    clearTimeout(this.timer);
    for (let head = this.queue[0]; head !== undefined; head = this.queue[0]) {
      const now = performance.now();
      const units = head.estimate();
      const wait = this.waitFor(units, now);
      if (wait > 0) {
        // The end of a call in flight comes here by itself.
        if (Number.isFinite(wait)) this.timer = setTimeout(() => this.letThrough(), Math.ceil(wait));
        return;
      }
      const call = { units, endedAt: Infinity };
      this.calls.push(call);
      this.paidAt = Math.max(this.paidAt, now) + (units / this.unitsPerSecond) * 1000;
      this.queue.shift();
      head.go(call);
    }
  }

  /** Milliseconds until a call of so many units may begin. */
  private waitFor(estimate: number, now: number): number {
    this.calls = this.calls.filter(({ endedAt }) => endedAt + WINDOW > now);
    const most = Math.max(0, (this.unitsPerSecond * WINDOW) / 1000 - estimate);
    let consumed = this.calls.reduce((sum, { units }) => sum + units, 0);
    let windowAt = now;
    for (const { units, endedAt } of [...this.calls].sort((a, b) => (a.endedAt < b.endedAt ? -1 : 1))) {
      if (consumed <= most) break;
      consumed -= units;
      windowAt = endedAt + WINDOW;
    }
    return Math.max(windowAt, this.paidAt) - now;
  }
}
