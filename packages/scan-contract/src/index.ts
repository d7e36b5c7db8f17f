/** Public API of scan-contract. */
export { CASES } from './cases/index';
export { runCase, type CaseResult } from './check';
export { countScans, serverEnvironment, startFixtures, type Fixtures } from './fixtures';
export { compare } from './observation';
export type { Policy } from './policy';
