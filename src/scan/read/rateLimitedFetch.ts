/** Calls to DynamoDB, held to read budgets. */
import { PageSizes } from './pageSizes';
import { ReadBudget } from './readRateLimiter';
import type { FetchPage } from './scan';

/** Seconds' worth of the rate that a call costs at least: the smaller each is, the smoother the rate. */
const SHORTEST = 1 / 8;

/** At most, for that two fit into the window in which the rate is kept. */
const LONGEST = 1 / 2;

/** How much longer than the last call the next may take. */
const MARGIN = 1.5;

interface BudgetedScan {
  tableName: string;
  indexName: string | undefined;
  consistentRead: boolean;
  /** Read capacity units a second, for this scan alone. */
  unitsPerSecond: number | undefined;
}

/** Holds the calls of one scan to its budget and to that of the process. */
export type Budgeting = (fetchPage: FetchPage, scan: BudgetedScan) => FetchPage;

/**
 * Makes what holds the scans of a process to a rate.
 *
 * @param unitsPerSecond of all scans together; undefined: there is no limit.
 */
export function createBudgeting(unitsPerSecond: number | undefined): Budgeting {
  const shared = unitsPerSecond === undefined ? [] : [new ReadBudget(unitsPerSecond)];
  // How large a table's records are, one scan learns for the next; those of an index it learns anew.
  const learned = new Map<string, PageSizes>();

  return (fetchPage, { tableName, indexName, consistentRead, unitsPerSecond: own }) => {
    const budgets = own === undefined ? shared : [new ReadBudget(own), ...shared];
    if (budgets.length === 0) return fetchPage;
    const name = `${tableName} ${consistentRead}`;
    const sizes = (indexName === undefined ? learned.get(name) : undefined) ?? new PageSizes(consistentRead);
    if (indexName === undefined) learned.set(name, sizes);
    return budgeted(fetchPage, budgets, sizes);
  };
}

/** Has each call wait for its turn in every budget, and be no larger than they can afford. */
function budgeted(fetchPage: FetchPage, budgets: readonly ReadBudget[], sizes: PageSizes): FetchPage {
  const rate = Math.min(...budgets.map(({ unitsPerSecond }) => unitsPerSecond));
  let latency = 0;

  return async (call, signal) => {
    const { limit = Infinity } = call;
    // A segment's calls follow one another: each has to be worth the time that it takes.
    const size = () => sizes.next(rate * Math.min(LONGEST, Math.max(SHORTEST, latency * MARGIN)), limit);
    const settlements: ((units: number) => void)[] = [];
    let consumed = 0;
    try {
      for (const budget of budgets) settlements.push(await budget.admit(() => size().units, signal));
      signal.throwIfAborted();
      const { records, units } = size();
      consumed = units;
      const begun = performance.now();
      const page = await fetchPage({ ...call, limit: records, needsCapacity: true }, signal);
      latency = (performance.now() - begun) / 1000;
      // Where DynamoDB does not say, the estimate stands.
      consumed = page.capacityUnits ?? units;
      sizes.learn({ records: page.scannedCount, units: consumed });
      return { ...page, isShortened: records < limit };
    } catch (error) {
      if (isRefusal(error)) consumed = 0;
      throw error;
    } finally {
      for (const settle of settlements) settle(consumed);
    }
  };
}

/** DynamoDB has read nothing for it. Of a call that was cut off nobody knows. */
function isRefusal(error: unknown): boolean {
  const { httpStatusCode = 0 } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
  return httpStatusCode >= 400 && httpStatusCode < 500;
}
