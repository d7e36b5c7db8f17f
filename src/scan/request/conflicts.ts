/** Finds request parameters that exclude or require each other. No I/O. */
interface Parameters {
  Limit?: number | undefined;
  PageSize?: number | undefined;
  MaxItems?: number | undefined;
  StartingToken?: string | undefined;
  ExclusiveStartKey?: object | undefined;
  Segment?: number | undefined;
  TotalSegments?: number | undefined;
  Select?: string | undefined;
  KeyConditionExpression?: string | undefined;
  ScanIndexForward?: boolean | undefined;
}

const ONE_PARTITION = 'a key condition reads one partition, which has no segments';

const EXCLUSIONS: readonly [keyof Parameters, keyof Parameters, string][] = [
  ['Limit', 'PageSize', 'Limit reads one page; PageSize sets the size of each of many pages'],
  ['Limit', 'MaxItems', 'Limit counts evaluated items, MaxItems counts matching items'],
  ['Limit', 'StartingToken', 'to continue after LastEvaluatedKey, send it as ExclusiveStartKey'],
  ['ExclusiveStartKey', 'StartingToken', 'both set where to start'],
  ['KeyConditionExpression', 'Segment', ONE_PARTITION],
  ['KeyConditionExpression', 'TotalSegments', ONE_PARTITION],
];

/** The server would send at least one request for each segment, also if the table is empty. */
const MAX_OWN_SEGMENTS = 1024;

/**
 * Returns one sentence per conflict.
 *
 * @param hidesKeys whether the server returns NextToken in place of LastEvaluatedKey, so that Limit needs tokens too.
 */
export function conflicts(parameters: Parameters, hidesKeys: boolean): string[] {
  const { Segment, TotalSegments, Select, MaxItems } = parameters;
  const has = (name: keyof Parameters) => parameters[name] !== undefined;
  const exclusions = EXCLUSIONS.filter(
    ([one, other]) => !(hidesKeys && one === 'Limit' && other === 'StartingToken'),
  );
  const issues = exclusions
    .filter(([one, other]) => has(one) && has(other))
    .map(([one, other, why]) => `${one} and ${other} cannot be used together: ${why}.`);
  if (Segment !== undefined && TotalSegments === undefined) {
    issues.push('Segment requires TotalSegments, the number of segments.');
  } else if (Segment !== undefined && TotalSegments !== undefined && Segment >= TotalSegments) {
    issues.push(`Segment must be below TotalSegments (${TotalSegments}), not ${Segment}.`);
  }
  if (Segment === undefined && TotalSegments !== undefined) {
    if (TotalSegments > MAX_OWN_SEGMENTS) {
      issues.push(
        `TotalSegments without Segment must be at most ${MAX_OWN_SEGMENTS}, not ${TotalSegments}: the server sends at least one request per segment.`,
      );
    }
    for (const name of ['Limit', 'ExclusiveStartKey'] as const) {
      if (has(name)) {
        issues.push(
          `${name} and TotalSegments without Segment cannot be used together: a parallel scan has no single page or key. Use MaxItems and StartingToken instead.`,
        );
      }
    }
  }
  if (has('ScanIndexForward') && !has('KeyConditionExpression')) {
    issues.push('ScanIndexForward requires KeyConditionExpression: a scan has no order.');
  }
  if (Select === 'COUNT' && MaxItems !== undefined) {
    issues.push('Select COUNT and MaxItems cannot be used together: a count returns no items.');
  }
  return issues;
}
