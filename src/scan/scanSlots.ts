/** Limits how many scans run at the same time. No I/O. */
import { HttpProblem } from '../http/problem';

/** How many scans may start beyond the maximum, as a share of it. */
const RESERVE = 1 / 4;

/**
 * Gives each scan a slot. When all are taken, a client without a running scan still gets one from a reserve, so that one
 * client cannot lock out the others.
 */
export class ScanSlots {
  private readonly max: number;
  private readonly maxWithReserve: number;
  private running = 0;
  private readonly runningByAddress = new Map<string, number>();

  constructor(max: number) {
    this.max = max;
    this.maxWithReserve = max + Math.max(1, Math.floor(max * RESERVE));
  }

  /**
   * Takes a slot for a client.
   *
   * @returns a function that callers must call once, at the end of the scan.
   * @throws HttpProblem 503 if there is none.
   */
  take(address: string): () => void {
    const own = this.runningByAddress.get(address) ?? 0;
    if (this.running >= (own === 0 ? this.maxWithReserve : this.max)) {
      const detail = `This server already runs ${this.running} scans, and its maximum is ${this.max}. Try again later.`;
      throw new HttpProblem('TooManyScans', detail, { 'Retry-After': '1' });
    }
    this.running++;
    this.runningByAddress.set(address, own + 1);
    return () => {
      this.running--;
      const left = (this.runningByAddress.get(address) ?? 1) - 1;
      if (left > 0) this.runningByAddress.set(address, left);
      else this.runningByAddress.delete(address);
    };
  }
}
