/** GET, HEAD and POST /scanRecords from top to bottom: parse, restrict, plan, read, encode, send. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Request, RequestHandler, Response } from 'express';
import type { Config } from '../config/config';
import { freeAfterMany } from '../dynamodb/garbageCollection';
import { keyJson } from '../dynamodb/key';
import type { Repository } from '../dynamodb/repository';
import type { ScanQuery } from '../dynamodb/scanCall';
import { clientAddress } from '../http/clientAddress';
import { disconnectSignal } from '../http/disconnectSignal';
import type { Principal } from '../http/principal';
import { HttpProblem } from '../http/problem';
import { checkTable } from './access/allowedTables';
import { Restrictions } from './access/restrictions';
import { chooseFormat } from './formats';
import type { Format, Summary } from './formats/format';
import { ItemCounts } from './read/itemCounts';
import { planScan } from './read/plan';
import { createReadRateLimits } from './read/rateLimitedFetch';
import { Scan, type FetchPage, type ScanPlan } from './read/scan';
import { retryThrottled } from './read/throttleRetry';
import { nextToken } from './read/token';
import { TokenCipher, type TokenFormat } from './read/tokenCipher';
import { parseScanRequest, queryOf, type ScanRequest } from './request/parse';
import { parseQueryString } from './request/queryString';
import { projectedAttributes } from './request/projection';
import { completeOnly } from './respond/completeOnly';
import { setEstimate, setSummary, setType } from './respond/headers';
import { bufferChunks, sendChunks } from './respond/send';
import { ScanSlots } from './scanSlots';

export type ScanDependencies = { repository: Repository } & Pick<
  Config,
  | 'tableName'
  | 'allowedTables'
  | 'visibleAttributes'
  | 'itemFilter'
  | 'tokenSecret'
  | 'dynamodbRetry'
  | 'scanMaxConcurrent'
  | 'scanMaxReadUnits'
  | 'scanReadUnitsPerSecond'
  | 'writeTimeout'
  | 'responseShape'
>;

/** Handles a scan request, or throws the HttpProblem that the error handler sends. */
export function scanHandler(dependencies: ScanDependencies): RequestHandler {
  const { repository, responseShape, dynamodbRetry, scanMaxConcurrent, scanMaxReadUnits, writeTimeout } =
    dependencies;
  const limitReadRate = createReadRateLimits(dependencies.scanReadUnitsPerSecond);
  const itemCounts = new ItemCounts(repository);
  const restrictions = new Restrictions(dependencies, repository);
  const tokenFormatFor = tokenFormats(restrictions, dependencies);
  const slots = new ScanSlots(scanMaxConcurrent);

  async function handle(request: Request, response: Response): Promise<void> {
    // Parse
    const options = { hidesKeys: restrictions.hidesSomething };
    const clientRequest =
      request.method === 'POST'
        ? parseScanRequest(jsonBody(request), options)
        : parseQueryString(queryString(request), options);
    const { format, bom } = chooseFormat(clientRequest, request.headers.accept, responseShape);
    const tableName = clientRequest.TableName ?? dependencies.tableName;
    checkAllowed(tableName, clientRequest, dependencies);

    // A pipelined request has no socket until earlier responses end. Without one, a disconnect would go unnoticed.
    if (response.socket === null) await once(response, 'socket');
    const releaseSlot = slots.take(clientAddress(request));
    try {
      // Restrict
      const signal = disconnectSignal(response);
      const scanRequest = await restrictions.apply(clientRequest, tableName, request.principal, signal);

      // Plan
      const query = queryOf(scanRequest, tableName);
      const tokenFormat = tokenFormatFor(request.principal);
      const plan = planScan(scanRequest, query, scanMaxReadUnits, tokenFormat);
      if (request.method === 'HEAD') {
        // The headers that are known without a read.
        setType(response, format, tableName, scanRequest.download);
        response.status(200).end();
        return;
      }

      // Read. Nothing is requested until `sendChunks` asks for the first chunk.
      const fetchPage = limitReadRate(pageFetcher(repository, query, scanRequest), {
        ...scanRequest,
        TableName: tableName,
      });
      const scan = new Scan(retryThrottled(fetchPage, dynamodbRetry), plan);
      const itemCount = itemCounts.lookUp(tableName, scanRequest.IndexName);
      const pages = scan.pages(signal);

      // Encode
      const hasMore = () => scan.hasMore();
      const summary = () => summaryOf(scan, plan, query, scanRequest, format, { restrictions, tokenFormat });
      const chunks = format.write({ pages, hasMore, summary, bom, ...encodingOf(scanRequest) });

      // Send
      const isComplete = () => scan.position() === undefined;
      const isBuffered = !format.hasSummary && requestsSummary(scanRequest);
      const setHeaders = () => {
        if (isBuffered) setSummary(response, summary());
        // The number of all items would say how many are hidden.
        if (dependencies.itemFilter === undefined) setEstimate(response, itemCount(), scanRequest);
        setType(response, format, tableName, scanRequest.download);
      };
      const toSend = isBuffered
        ? bufferChunks(chunks)
        : completeOnly(chunks, isComplete, {
            maxReadUnits: format.hasSummary ? undefined : scanMaxReadUnits,
            isFiltered: plan.filtered || scanRequest.Select === 'COUNT',
          });
      await freeAfterMany(() => sendChunks(toSend, response, setHeaders, hasMore, writeTimeout));
    } finally {
      releaseSlot();
    }
  }

  return handle;
}

function jsonBody(request: Request): Uint8Array {
  // The parser leaves the body undefined if there was none.
  const body = (request.body ?? Buffer.alloc(0)) as Buffer;
  if (body.byteLength > 0 && request.is('application/json') !== 'application/json') {
    throw new HttpProblem('UnsupportedMediaType', 'Send the body with Content-Type: application/json.');
  }
  return body;
}

function queryString(request: Request): string {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (Number(length) > 0 || encoding !== undefined) {
    const detail = `A ${request.method} request has no body: send its parameters in the query string, or send a POST.`;
    throw new HttpProblem('InvalidRequest', detail);
  }
  const { url } = request;
  return url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
}

function checkAllowed(
  table: string,
  { ReadUnitsPerSecond = 0, MaxReadUnits = 0 }: ScanRequest,
  { allowedTables, scanReadUnitsPerSecond = Infinity, scanMaxReadUnits = Infinity }: ScanDependencies,
): void {
  checkTable(table, allowedTables);
  if (ReadUnitsPerSecond > scanReadUnitsPerSecond) {
    const detail = `ReadUnitsPerSecond must be at most ${scanReadUnitsPerSecond}, not ${ReadUnitsPerSecond}: that is the limit for all scans of this server together.`;
    throw new HttpProblem('InvalidRequest', detail);
  }
  if (MaxReadUnits > scanMaxReadUnits) {
    const detail = `MaxReadUnits must be at most ${scanMaxReadUnits}, not ${MaxReadUnits}: that is the limit of this server for one request.`;
    throw new HttpProblem('InvalidRequest', detail);
  }
}

function pageFetcher(
  repository: Repository,
  query: ScanQuery,
  { TotalSegments, ReturnConsumedCapacity }: ScanRequest,
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
      signal,
    );
}

function encodingOf(request: ScanRequest) {
  const { ProjectionExpression, ExpressionAttributeNames = {}, NumberFormat = 'number', Select } = request;
  return {
    numbers: NumberFormat,
    countOnly: Select === 'COUNT',
    attributes:
      ProjectionExpression === undefined
        ? undefined
        : projectedAttributes(ProjectionExpression, ExpressionAttributeNames),
  };
}

/** If anything is hidden, tokens are encrypted, and only the client that received one can use it. */
function tokenFormats(
  { hidesSomething }: Restrictions,
  { tokenSecret = randomBytes(32).toString('hex') }: ScanDependencies,
): (client: Principal | undefined) => TokenFormat | undefined {
  if (!hidesSomething) return () => undefined;
  const cipher = new TokenCipher(tokenSecret);
  return (client) => cipher.formatFor(client?.name ?? '');
}

function summaryOf(
  scan: Scan,
  { limit }: ScanPlan,
  query: ScanQuery,
  { ReturnConsumedCapacity, NumberFormat = 'number' }: ScanRequest,
  { values }: Format,
  { restrictions, tokenFormat }: { restrictions: Restrictions; tokenFormat: TokenFormat | undefined },
): Summary {
  const position = scan.position();
  const key = limit === undefined ? undefined : position?.begun[0]?.startKey;
  const isHidden = key !== undefined && restrictions.hidesKey(key, query.TableName);
  const returnsToken = limit === undefined || isHidden;
  return {
    Count: scan.totals.count,
    ScannedCount: restrictions.hidesScannedCount(query) ? undefined : scan.totals.scannedCount,
    LastEvaluatedKey: key && !isHidden ? keyJson(key, { values, numbers: NumberFormat }) : undefined,
    NextToken: returnsToken && position ? nextToken(query, position, tokenFormat) : undefined,
    ConsumedCapacity:
      ReturnConsumedCapacity === 'TOTAL'
        ? { TableName: query.TableName, CapacityUnits: scan.capacityUnits }
        : undefined,
  };
}

function requestsSummary({ Limit, MaxItems, MaxReadUnits, ReturnConsumedCapacity }: ScanRequest): boolean {
  return (Limit ?? MaxItems ?? MaxReadUnits) !== undefined || ReturnConsumedCapacity === 'TOTAL';
}
