import { HttpProblem } from '../../../src/http/problem';
import { nextToken } from '../../../src/scan/read/token';
import { planScan } from '../../../src/scan/read/plan';
import { queryOf, type ScanRequest } from '../../../src/scan/request/parse';
import type { Position, ScanPlan } from '../../../src/scan/read/scan';

function planOf(request: ScanRequest): ScanPlan {
  return planScan(request, queryOf(request, 'Records'), undefined);
}

const KEY = { id: { S: 'a' } };

describe('planScan: the position', () => {
  it.each<[string, ScanRequest, Position, number]>([
    [
      'with the one segment that a table is',
      {},
      { begun: [{ segment: 0, startKey: undefined }], next: 1 },
      1,
    ],
    [
      'after the ExclusiveStartKey',
      { ExclusiveStartKey: KEY },
      { begun: [{ segment: 0, startKey: KEY }], next: 1 },
      1,
    ],
    ['with none of TotalSegments in hand', { TotalSegments: 20 }, { begun: [], next: 0 }, 20],
    [
      'with none of TotalSegments in hand, though there is one',
      { TotalSegments: 1 },
      { begun: [], next: 0 },
      1,
    ],
    [
      'with the first Segment alone',
      { Segment: 0, TotalSegments: 5 },
      { begun: [{ segment: 0, startKey: undefined }], next: 5 },
      5,
    ],
    [
      'with another Segment alone, after the ExclusiveStartKey',
      { Segment: 3, TotalSegments: 5, ExclusiveStartKey: KEY },
      { begun: [{ segment: 3, startKey: KEY }], next: 5 },
      5,
    ],
  ])('%s', (_, request, from, segments) => {
    expect(planOf(request)).toMatchObject({ from, segments });
  });

  it('is the position in the StartingToken of the same query', () => {
    const request: ScanRequest = { TotalSegments: 4, FilterExpression: 'a = b' };
    const position: Position = {
      begun: [
        { segment: 2, startKey: KEY },
        { segment: 0, startKey: undefined },
      ],
      next: 3,
    };
    const StartingToken = nextToken(queryOf(request, 'Records'), position);
    expect(planOf({ ...request, StartingToken })).toMatchObject({ from: position, segments: 4 });
  });

  it('throws an HttpProblem for the StartingToken of another query', () => {
    const StartingToken = nextToken(queryOf({}, 'Records'), { begun: [], next: 0 });
    expect(() => planOf({ StartingToken, TotalSegments: 4 })).toThrow(HttpProblem);
  });
});

describe('planScan: the limits', () => {
  it.each<[string, ScanRequest, Partial<ScanPlan>]>([
    ['no bounds where none are given', {}, { limit: undefined, pageSize: undefined, maxItems: undefined }],
    ['the Limit', { Limit: 3 }, { limit: 3, pageSize: undefined, maxItems: undefined }],
    ['the PageSize', { PageSize: 3 }, { limit: undefined, pageSize: 3, maxItems: undefined }],
    ['the MaxItems', { MaxItems: 3 }, { limit: undefined, pageSize: undefined, maxItems: 3 }],
    ['a filter', { FilterExpression: 'a = b' }, { filtered: true }],
    ['no filter', { ProjectionExpression: 'a' }, { filtered: false }],
  ])('%s', (_, request, plan) => {
    expect(planOf(request)).toMatchObject(plan);
  });
});
