/** A typed client for POST /scanRecords, for browsers and Node.js. */
export { createClient } from './client';
export type { Client, ClientOptions } from './client';
export { and, not, or } from './filter';
export type { Condition, Conditions, Filter, Operators } from './filter';
export { exactNumber } from './operand';
export type { ExactNumber, Operand } from './operand';
export type { Page } from './pages';
export { scanParameters } from './request';
export type {
  CountOptions,
  ItemKey,
  PageOptions,
  Progress,
  QueryKey,
  QueryOptions,
  ReadOptions,
  ScanParameters,
} from './request';
export { ScanError } from './scanError';
export type { Numbers } from './numbers';
