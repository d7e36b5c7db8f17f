/** Limits a scan to the attributes and items that the client may read. */
import type { Config } from '../../config/config';
import type { Key } from '../../dynamodb/key';
import type { Repository } from '../../dynamodb/repository';
import type { ScanQuery } from '../../dynamodb/scanCall';
import { keyNames } from '../../dynamodb/tableDescription';
import { HttpProblem } from '../../http/problem';
import type { Principal } from '../../http/principal';
import type { ScanRequest } from '../request/parse';
import { withItemFilter } from './itemFilter';
import { withKeyValues } from './keyCondition';
import { isReserved } from './placeholders';
import { TableSchemas } from './tableSchemas';
import { checkVisible, visibleIn, withVisibleProjection } from './visibleAttributes';

export type AccessSettings = Pick<Config, 'visibleAttributes' | 'itemFilter'>;

/** Applies the settings `VISIBLE_ATTRIBUTES` and `ITEM_FILTER` to the requests of clients. */
export class Restrictions {
  /** Whether anything is hidden from clients. Then the keys in tokens are encrypted. */
  readonly hidesSomething: boolean;
  private readonly settings: AccessSettings;
  private readonly schemas: TableSchemas;

  constructor(settings: AccessSettings, repository: Repository) {
    this.settings = settings;
    this.schemas = new TableSchemas(repository);
    this.hidesSomething = settings.visibleAttributes !== undefined || settings.itemFilter !== undefined;
  }

  /**
   * Returns the request that is sent to DynamoDB in place of the client's.
   *
   * @throws HttpProblem 400 if the request names a hidden attribute or item, 403 if the client lacks a claim.
   */
  async apply(
    request: ScanRequest,
    tableName: string,
    principal: Principal | undefined,
    signal: AbortSignal,
  ): Promise<ScanRequest> {
    if (!this.hidesSomething) return request;
    const { itemFilter } = this.settings;
    rejectReservedPlaceholders(request);
    rejectMeasurements(request, itemFilter !== undefined);
    const visible = this.visibleIn(tableName);
    let restricted = request;
    if (visible !== undefined) {
      const index =
        request.IndexName === undefined
          ? undefined
          : await this.schemas.schemaOf(tableName, request.IndexName, signal);
      checkVisible(request, visible, index);
      restricted = withVisibleProjection(restricted, visible, index);
    }
    if (itemFilter === undefined) return restricted;
    const { IndexName, KeyConditionExpression } = request;
    if (KeyConditionExpression === undefined) return withItemFilter(restricted, itemFilter, principal);
    const schema = await this.schemas.schemaOf(tableName, IndexName, signal);
    const filter = withKeyValues(itemFilter, request, schema === undefined ? [] : keyNames(schema));
    return withItemFilter(restricted, filter, principal);
  }

  /** Whether clients must not see how many items were evaluated: in one partition, it shows which hidden keys exist. */
  hidesScannedCount({ KeyConditionExpression }: ScanQuery): boolean {
    return this.settings.itemFilter !== undefined && KeyConditionExpression !== undefined;
  }

  /** Whether a client must not see this key: it may belong to a hidden item, or contain a hidden attribute. */
  hidesKey(key: Key, tableName: string): boolean {
    const visible = this.visibleIn(tableName);
    const isHidden = (name: string) => visible !== undefined && !visible.includes(name);
    return this.settings.itemFilter !== undefined || Object.keys(key).some(isHidden);
  }

  private visibleIn(tableName: string): readonly string[] | undefined {
    return visibleIn(this.settings.visibleAttributes, tableName);
  }
}

/**
 * Consumed capacity shows the size of hidden items, and a segment shows which keys exist. In one partition, so does a
 * NextToken after a number of evaluated items or of read units.
 */
function rejectMeasurements(request: ScanRequest, hidesItems: boolean): void {
  const { ReturnConsumedCapacity, Segment, KeyConditionExpression, Limit, MaxReadUnits } = request;
  const isPartition = hidesItems && KeyConditionExpression !== undefined;
  const reveals = {
    ReturnConsumedCapacity: ReturnConsumedCapacity === 'TOTAL',
    Segment: Segment !== undefined,
    Limit: isPartition && Limit !== undefined,
    MaxReadUnits: isPartition && MaxReadUnits !== undefined,
  };
  const [parameter] = Object.entries(reveals).find(([, isGiven]) => isGiven) ?? [];
  if (parameter === undefined) return;
  const detail = `${parameter} cannot be used here: the server hides attributes or items, and it would reveal something about them.`;
  throw new HttpProblem('InvalidRequest', detail);
}

/** The server's own placeholders must not be readable or replaceable by the client's expressions. */
function rejectReservedPlaceholders(request: ScanRequest): void {
  const { ExpressionAttributeNames = {}, ExpressionAttributeValues = {} } = request;
  const { FilterExpression = '', ProjectionExpression = '', KeyConditionExpression = '' } = request;
  const declared = [...Object.keys(ExpressionAttributeNames), ...Object.keys(ExpressionAttributeValues)];
  const expressions = `${FilterExpression} ${ProjectionExpression} ${KeyConditionExpression}`;
  const used = expressions.match(/[#:][\w-]+/g) ?? [];
  const reserved = [...declared, ...used].find(isReserved);
  if (reserved !== undefined) {
    const detail = 'Placeholders that begin with #server_ or :server_ are reserved. Use another name.';
    throw new HttpProblem('InvalidRequest', detail);
  }
}
