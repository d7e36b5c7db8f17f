/** All cases of the contract. Data. */
import type { Case } from '../case';
import { errorCases } from './errors';
import { formatCases } from './formats';
import { getCases } from './get';
import { originCases } from './origins';
import { parameterCases } from './parameters';
import { pagingCases } from './paging';
import { pathAndMethodCases } from './pathsAndMethods';
import { preflightCases } from './preflight';
import { queryCases } from './query';
import { requestBodyCases } from './requestBody';
import { responseCases } from './responses';
import { streamingCases } from './streaming';

export const CASES: readonly Case[] = [
  ...preflightCases,
  ...originCases,
  ...pathAndMethodCases,
  ...requestBodyCases,
  ...parameterCases,
  ...errorCases,
  ...responseCases,
  ...formatCases,
  ...pagingCases,
  ...queryCases,
  ...getCases,
  ...streamingCases,
];
