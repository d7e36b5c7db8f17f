import type { KeyAttribute } from '../src/api/table';
import { conditionIssue, expressionsOf, type Condition } from '../src/query/expressions';
import { fragmentOf, viewOf } from '../src/query/viewState';

const KEY: KeyAttribute[] = [
  { AttributeName: 'day', AttributeType: 'S', KeyType: 'HASH' },
  { AttributeName: 'time', AttributeType: 'N', KeyType: 'RANGE' },
];

function condition(
  attribute: string,
  operator: Condition['operator'],
  type: Condition['type'] = 'S',
  value = '',
): Condition {
  return { attribute, operator, type, value };
}

const onDay = condition('day', 'eq', 'S', '2018-02-07');

describe('expressionsOf', () => {
  it('makes one filter of several conditions', () => {
    const conditions = [condition('mag', 'gt', 'N', '5'), condition('place', 'contains', 'S', 'CA')];
    expect(expressionsOf(conditions, KEY)).toEqual({
      FilterExpression: '#mag > :mag AND contains(#place, :place)',
      ExpressionAttributeNames: { '#mag': 'mag', '#place': 'place' },
      ExpressionAttributeValues: { ':mag': { N: '5' }, ':place': { S: 'CA' } },
    });
  });

  it('makes a key condition of the partition key and the sort key', () => {
    const conditions = [condition('mag', 'gt', 'N', '5'), onDay, condition('time', 'gt', 'N', '10')];
    expect(expressionsOf(conditions, KEY)).toMatchObject({
      KeyConditionExpression: '#day = :day AND #time > :time',
      FilterExpression: '#mag > :mag',
    });
  });

  it.each([
    ['the type of the value differs from that of the key', condition('day', 'eq', 'N', '1')],
    ['the partition key is not compared with =', condition('day', 'begins', 'S', '2018')],
  ])('makes no key condition if %s', (_, one) => {
    expect(expressionsOf([one], KEY).KeyConditionExpression).toBeUndefined();
  });

  it('makes no key condition if the filter would contain a key attribute, which a Query does not accept', () => {
    const conditions = [onDay, condition('time', 'ne', 'N', '1')];
    expect(expressionsOf(conditions, KEY)).toMatchObject({
      FilterExpression: '#day = :day AND #time <> :time',
    });
  });

  it('uses one placeholder for each name and each value', () => {
    const conditions = [condition('a', 'ge', 'N', '1'), condition('a', 'lt', 'N', '2')];
    expect(expressionsOf(conditions, KEY)).toEqual({
      FilterExpression: '#a >= :a AND #a < :a1',
      ExpressionAttributeNames: { '#a': 'a' },
      ExpressionAttributeValues: { ':a': { N: '1' }, ':a1': { N: '2' } },
    });
  });

  it('replaces names that expressions cannot contain', () => {
    const conditions = [
      condition('a b', 'exists'),
      condition('__proto__', 'absent'),
      condition('größe', 'type'),
    ];
    expect(expressionsOf(conditions, KEY)).toEqual({
      FilterExpression: 'attribute_exists(#n1) AND attribute_not_exists(#n2) AND attribute_type(#n3, :v1)',
      ExpressionAttributeNames: { '#n1': 'a b', '#n2': '__proto__', '#n3': 'größe' },
      ExpressionAttributeValues: { ':v1': { S: 'S' } },
    });
  });

  it('writes ranges and lists of values', () => {
    const conditions = [
      { ...condition('a', 'between', 'N', ' 1 '), upper: '2' },
      condition('b', 'in', 'S', 'x, y'),
    ];
    expect(expressionsOf(conditions, KEY)).toMatchObject({
      FilterExpression: '#a BETWEEN :a AND :a1 AND #b IN (:b, :b1)',
      ExpressionAttributeValues: { ':a': { N: '1' }, ':a1': { N: '2' }, ':b': { S: 'x' }, ':b1': { S: 'y' } },
    });
  });

  it('returns nothing without conditions', () => {
    expect(expressionsOf([], KEY)).toEqual({});
  });
});

describe('conditionIssue', () => {
  it.each([
    ['no attribute', condition('', 'exists')],
    ['text as a number', condition('a', 'eq', 'N', 'five')],
    ['an empty number', condition('a', 'eq', 'N', '')],
    ['an incomplete range', { ...condition('a', 'between', 'N', '1'), upper: '' }],
    ['text as binary', condition('a', 'eq', 'B', 'not base64')],
  ])('finds %s', (_, one) => {
    expect(conditionIssue(one)).toMatch(/\.$/);
  });

  it.each([
    ['38 digits', condition('a', 'eq', 'N', '12345678901234567890123456789012345678')],
    ['the empty string', condition('a', 'eq', 'S', '')],
    ['an operator without a value', condition('a', 'exists')],
  ])('accepts %s', (_, one) => {
    expect(conditionIssue(one)).toBeUndefined();
  });
});

describe('the URL of a view', () => {
  it('returns to the same view', () => {
    const view = {
      tab: 'charts' as const,
      table: 'Orders & more',
      index: 'byDay',
      conditions: [onDay, { ...condition('a=b', 'between', 'N', '1'), upper: '2' }],
      sort: { attribute: '-x', descending: true },
      hidden: ['__proto__', 'a,b'],
      chart: 'mag',
    };
    expect(viewOf(fragmentOf(view))).toEqual(view);
  });

  it.each(['filter=not+JSON', 'filter=[1,{},["a","drop","S","x"]]', 'tab=x', 'sort=x', 'hide={}'])(
    'ignores the invalid part %s',
    (fragment) => {
      expect(viewOf(fragment)).toEqual(viewOf(''));
    },
  );
});
