/** Calls to DynamoDB, held to read budgets. */
import { PageSizes } from './pageSizes';
import { ReadBudget } from './readBudget';
import type { FetchPage } from './scan';

/** Calls begun in a second at the full rate: the smaller each is, the smoother the rate. */
const CALLS_PER_SECOND = 8;

interface BudgetedScan {
  tableName: string;
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
  // How large a table's records are, one scan learns for the next.
  const learned = new Map<string, PageSizes>();

  return (fetchPage, { tableName, consistentRead, unitsPerSecond: own }) => {
    const budgets = own === undefined ? shared : [new ReadBudget(own), ...shared];
    if (budgets.length === 0) return fetchPage;
    const name = `${tableName} ${consistentRead}`;
    const sizes = learned.get(name) ?? new PageSizes(consistentRead);
    learned.set(name, sizes);
    return budgeted(fetchPage, budgets, sizes);
  };
}

/** Has each call wait for its turn in every budget, and be no larger than they can afford. */
function budgeted(fetchPage: FetchPage, budgets: readonly ReadBudget[], sizes: PageSizes): FetchPage {
  const rate = Math.min(...budgets.map(({ unitsPerSecond }) => unitsPerSecond));
  return async (call, signal) => {
    const size = () => sizes.next(rate / CALLS_PER_SECOND, call.limit ?? Infinity);
    const settlements: ((units: number) => void)[] = [];
    let consumed = 0;
    try {
      for (const budget of budgets) settlements.push(await budget.admit(() => size().units, signal));
      const { records, units } = size();
      // Where DynamoDB does not say, or the call fails, the estimate stands.
      consumed = units;
      const page = await fetchPage({ ...call, limit: records, needsCapacity: true }, signal);
      consumed = page.capacityUnits ?? units;
      sizes.learn({ records: page.scannedCount, units: consumed });
      return page;
    } finally {
      for (const settle of settlements) settle(consumed);
    }
  };
}
