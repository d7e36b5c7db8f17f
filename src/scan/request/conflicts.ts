/** Members of a request that exclude, or need, each other. No I/O. */
interface Members {
  Limit?: number | undefined;
  PageSize?: number | undefined;
  MaxItems?: number | undefined;
  StartingToken?: string | undefined;
  ExclusiveStartKey?: object | undefined;
  Segment?: number | undefined;
  TotalSegments?: number | undefined;
  Select?: string | undefined;
}

const EXCLUSIONS: readonly [keyof Members, keyof Members, string][] = [
  ['Limit', 'PageSize', 'with Limit one page is read; the size of one page of many is PageSize'],
  ['Limit', 'MaxItems', 'Limit counts records that are evaluated, MaxItems those that match'],
  ['Limit', 'StartingToken', 'after an answer with LastEvaluatedKey, send that as ExclusiveStartKey'],
  ['ExclusiveStartKey', 'StartingToken', 'both say where to start'],
];

/** Says what does not go together, a sentence each. */
export function conflicts(members: Members): string[] {
  const { Segment, TotalSegments, Select, MaxItems } = members;
  const has = (name: keyof Members) => members[name] !== undefined;
  const faults = EXCLUSIONS.filter(([one, other]) => has(one) && has(other)).map(
    ([one, other, why]) => `${one} and ${other} exclude each other: ${why}.`,
  );
  if (Segment !== undefined && TotalSegments === undefined) {
    faults.push('Segment needs TotalSegments, which says how many segments there are.');
  } else if (Segment !== undefined && TotalSegments !== undefined && Segment >= TotalSegments) {
    faults.push(`Segment takes a number below TotalSegments (${TotalSegments}), not ${Segment}.`);
  }
  if (Segment === undefined && TotalSegments !== undefined) {
    for (const name of ['Limit', 'ExclusiveStartKey'] as const) {
      if (has(name)) {
        faults.push(
          `${name} and TotalSegments without Segment exclude each other: one page, or one key, is of one segment. MaxItems and StartingToken are for all of them.`,
        );
      }
    }
  }
  if (Select === 'COUNT' && MaxItems !== undefined) {
    faults.push('Select COUNT and MaxItems exclude each other: a count returns no records to stop at.');
  }
  return faults;
}
