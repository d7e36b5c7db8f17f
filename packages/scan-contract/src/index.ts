/** Public API of scan-contract. */
export { CASES } from './cases/index';
export { PROTECTION_CASES } from './cases/protection';
export type { Case } from './case';
export { runCase, type CaseResult } from './check';
export {
  CONTRACT_KEY,
  countScans,
  protectedEnvironment,
  serverEnvironment,
  startFixtures,
  type Fixtures,
} from './fixtures';
export { compare } from './observation';
export type { Policy } from './policy';
