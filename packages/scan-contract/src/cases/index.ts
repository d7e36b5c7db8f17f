/** All cases of the contract, grouped by idea. Data. */
import type { Case } from '../case';
import { answerCases } from './answers';
import { errorCases } from './errors';
import { formatCases } from './formats';
import { memberCases } from './members';
import { originCases } from './origins';
import { pagingCases } from './paging';
import { pathAndMethodCases } from './pathsAndMethods';
import { preflightCases } from './preflight';
import { requestBodyCases } from './requestBody';
import { streamingCases } from './streaming';

export const CASES: readonly Case[] = [
  ...preflightCases,
  ...originCases,
  ...pathAndMethodCases,
  ...requestBodyCases,
  ...memberCases,
  ...errorCases,
  ...answerCases,
  ...formatCases,
  ...pagingCases,
  ...streamingCases,
];
