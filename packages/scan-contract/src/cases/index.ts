/** All cases of the contract, by topic. Data. */
import type { Case } from '../case';
import { anyTableCases } from './anyTable';
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
import { tableCases } from './tables';

const TOPICS: Readonly<Record<string, readonly Case[]>> = {
  Preflights: preflightCases,
  Origins: originCases,
  'Paths and methods': pathAndMethodCases,
  'Request bodies': requestBodyCases,
  Parameters: parameterCases,
  Errors: errorCases,
  'Items of any table': anyTableCases,
  Items: responseCases,
  Formats: formatCases,
  Paging: pagingCases,
  'One partition': queryCases,
  'GET and HEAD': getCases,
  Streaming: streamingCases,
  'Keys and indexes': tableCases,
};

export const CASES: readonly Case[] = Object.entries(TOPICS).flatMap(([topic, cases]) =>
  cases.map((contractCase) => ({ ...contractCase, topic })),
);
