/** One request: its scan, in its format, on its way. */
import type { Response } from 'express';
import type { Config } from '../config/config';
import { createBudgeting } from './read/rateLimitedFetch';
import { nextToken } from './read/token';
import type { Format, Summary } from './formats/format';
import { formatOf, type MediaType } from './formats/negotiate';
import { setEstimate, setSummary, setType } from './respond/headers';
import { ItemCounts } from './read/itemCounts';
import { keyJson } from '../dynamodb/key';
import type { Page } from '../dynamodb/page';
import { planScan } from './read/plan';
import { projectedAttributes } from './request/projection';
import type { Repository, ScanQuery } from '../dynamodb/repository';
import { queryOf, type ScanRequest } from './request/parse';
import { Scan, type FetchPage, type ScanPlan } from './read/scan';
import { Sending } from '../dynamodb/sending';
import { hold, stream } from './respond/stream';

export interface AnsweringDependencies extends Pick<Config, 'responseShape' | 'scanReadUnitsPerSecond'> {
  repository: Repository;
}

interface Asked {
  mediaType: MediaType;
  request: ScanRequest;
  tableName: string;
}

/** Answers a request that is allowed; rejects with what is to become a problem. */
export type Answering = (asked: Asked, response: Response, signal: AbortSignal) => Promise<void>;

export function createAnswering(dependencies: AnsweringDependencies): Answering {
  const { repository, responseShape, scanReadUnitsPerSecond } = dependencies;
  const budgeting = createBudgeting(scanReadUnitsPerSecond);
  const itemCounts = new ItemCounts(repository);

  return async ({ mediaType, request, tableName }, response, signal) => {
    const { NumberFormat = 'number', ConsistentRead = false, ReadUnitsPerSecond } = request;
    const { ProjectionExpression: projection, ExpressionAttributeNames: names = {} } = request;
    const query = queryOf(request, tableName);
    const format = formatOf(mediaType, NumberFormat, responseShape);
    const plan = planScan(request, query);
    const budget = {
      tableName,
      indexName: request.IndexName,
      consistentRead: ConsistentRead,
      unitsPerSecond: ReadUnitsPerSecond,
    };
    const sending = new Sending();
    const fetchPage = pageFetcher(repository, query, request, format, sending);
    const scan = new Scan(budgeting(fetchPage, budget), plan);
    const itemCount = itemCounts.lookUp(tableName, request.IndexName);

    const summary = () => summaryOf(scan, plan, request, query, format);
    const chunks = format.write({
      pages: releasing(sending, scan.pages(signal)),
      hasMore: () => scan.hasMore(),
      summary,
      countOnly: request.Select === 'COUNT',
      attributes: projection === undefined ? undefined : projectedAttributes(projection, names),
    });
    const isHeld = !format.hasSummary && asksForSummary(request);
    const setHead = () => {
      if (isHeld) setSummary(response, summary());
      setEstimate(response, itemCount(), request);
      setType(response, format, tableName);
    };
    await stream(isHeld ? hold(chunks) : chunks, response, setHead, () => !scan.hasMore());
  };
}

/** When the last page has been sent, or nobody waits for it any more, no answer is held. */
async function* releasing(
  sending: Sending,
  pages: AsyncIterable<Page>,
): AsyncGenerator<Page, void, undefined> {
  try {
    yield* pages;
  } finally {
    sending.end();
  }
}

function pageFetcher(
  repository: Repository,
  query: ScanQuery,
  { TotalSegments, ReturnConsumedCapacity }: ScanRequest,
  { form }: Format,
  sending: Sending,
): FetchPage {
  return ({ segment, startKey, limit, needsCapacity }, signal) =>
    repository.scanPage(
      {
        ...query,
        Segment: TotalSegments === undefined ? undefined : segment,
        Limit: limit,
        ExclusiveStartKey: startKey,
        ReturnConsumedCapacity:
          needsCapacity === true || ReturnConsumedCapacity === 'TOTAL' ? 'TOTAL' : undefined,
      },
      { form, sending },
      signal,
    );
}

function summaryOf(
  scan: Scan,
  { limit, maxItems }: ScanPlan,
  { ReturnConsumedCapacity }: ScanRequest,
  query: ScanQuery,
  { form }: Format,
): Summary {
  const position = scan.position();
  const key = limit === undefined ? undefined : position?.begun[0]?.startKey;
  return {
    Count: scan.totals.count,
    ScannedCount: scan.totals.scannedCount,
    LastEvaluatedKey: key && keyJson(key, form),
    NextToken: maxItems === undefined ? undefined : position && nextToken(query, position),
    ConsumedCapacity:
      ReturnConsumedCapacity === 'TOTAL'
        ? { TableName: query.TableName, CapacityUnits: scan.capacityUnits }
        : undefined,
  };
}

function asksForSummary({ Limit, MaxItems, ReturnConsumedCapacity }: ScanRequest): boolean {
  return Limit !== undefined || MaxItems !== undefined || ReturnConsumedCapacity === 'TOTAL';
}
