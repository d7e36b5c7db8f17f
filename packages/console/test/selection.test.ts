import { scanParameters } from 'scan-records-client';
import type { KeyAttribute } from '../src/api/table';
import { conditionIssue, selectionOf, type Condition, type Match } from '../src/query/filter';
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

/** Returns the parameters of the request that reads what the conditions select. */
function parametersOf(conditions: readonly Condition[], match: Match = 'all') {
  return JSON.parse(JSON.stringify(scanParameters(selectionOf(conditions, match, KEY)))) as Record<
    string,
    unknown
  >;
}

describe('the selection of several conditions', () => {
  it('makes one filter of several conditions', () => {
    const conditions = [condition('mag', 'gt', 'N', '5'), condition('place', 'contains', 'S', 'CA')];
    expect(parametersOf(conditions)).toEqual({
      FilterExpression: '#mag > :v0 AND contains(#place, :v1)',
      ExpressionAttributeNames: { '#mag': 'mag', '#place': 'place' },
      ExpressionAttributeValues: { ':v0': { N: '5' }, ':v1': { S: 'CA' } },
    });
  });

  it('makes a key condition of the partition key and the sort key', () => {
    const conditions = [condition('mag', 'gt', 'N', '5'), onDay, condition('time', 'gt', 'N', '10')];
    expect(parametersOf(conditions)).toMatchObject({
      KeyConditionExpression: '#day = :v0 AND #time > :v1',
      FilterExpression: '#mag > :v2',
    });
  });

  it.each([
    ['the type of the value differs from that of the key', condition('day', 'eq', 'N', '1')],
    ['the partition key is not compared with =', condition('day', 'begins', 'S', '2018')],
  ])('makes no key condition if %s', (_, one) => {
    expect(parametersOf([one]).KeyConditionExpression).toBeUndefined();
  });

  it('makes no key condition if the filter would contain a key attribute, which a Query does not accept', () => {
    const conditions = [onDay, condition('time', 'ne', 'N', '1')];
    expect(parametersOf(conditions)).toMatchObject({
      FilterExpression: '#day = :v0 AND #time <> :v1',
    });
  });

  it('joins conditions with OR, and never as a key condition', () => {
    expect(parametersOf([onDay, condition('mag', 'gt', 'N', '5')], 'any')).toMatchObject({
      FilterExpression: '(#day = :v0 OR #mag > :v1)',
    });
  });

  it('does not join a single condition, whatever is chosen', () => {
    const lacks = condition('tags', 'lacks', 'S', 'x');
    expect(parametersOf([lacks], 'any')).toEqual(parametersOf([lacks], 'all'));
  });

  it.each([
    ['+5', '5'],
    ['.5', '0.5'],
    ['-.5', '-0.5'],
    ['5.', '5'],
    ['1.e3', '1e3'],
  ])('sends the number %s as %s', (entered, sent) => {
    const { ExpressionAttributeValues } = parametersOf([condition('a', 'eq', 'N', entered)]);
    expect(ExpressionAttributeValues).toEqual({ ':v0': { N: sent } });
  });

  it('uses one placeholder for each name and each value', () => {
    const conditions = [condition('a', 'ge', 'N', '1'), condition('a', 'lt', 'N', '2')];
    expect(parametersOf(conditions)).toEqual({
      FilterExpression: '#a >= :v0 AND #a < :v1',
      ExpressionAttributeNames: { '#a': 'a' },
      ExpressionAttributeValues: { ':v0': { N: '1' }, ':v1': { N: '2' } },
    });
  });

  it('replaces names that expressions cannot contain', () => {
    const conditions = [
      condition('a b', 'exists'),
      condition('__proto__', 'absent'),
      condition('größe', 'type'),
    ];
    expect(parametersOf(conditions)).toEqual({
      FilterExpression: 'attribute_exists(#0) AND attribute_not_exists(#1) AND attribute_type(#2, :v0)',
      ExpressionAttributeNames: { '#0': 'a b', '#1': '__proto__', '#2': 'größe' },
      ExpressionAttributeValues: { ':v0': { S: 'S' } },
    });
  });

  it('writes ranges and lists of values', () => {
    const conditions = [
      { ...condition('a', 'between', 'N', ' 1 '), upper: '2' },
      condition('b', 'in', 'S', 'x, y'),
    ];
    expect(parametersOf(conditions)).toMatchObject({
      FilterExpression: '#a BETWEEN :v0 AND :v1 AND #b IN (:v2, :v3)',
      ExpressionAttributeValues: {
        ':v0': { N: '1' },
        ':v1': { N: '2' },
        ':v2': { S: 'x' },
        ':v3': { S: 'y' },
      },
    });
  });

  it('returns nothing without conditions', () => {
    expect(parametersOf([])).toEqual({});
  });
});

describe('conditionIssue', () => {
  it.each([
    ['no attribute', condition('', 'exists')],
    ['text as a number', condition('a', 'eq', 'N', 'five')],
    ['an empty number', condition('a', 'eq', 'N', '')],
    ['an incomplete range', { ...condition('a', 'between', 'N', '1'), upper: '' }],
    ['a dot without digits', condition('a', 'eq', 'N', '.')],
    ['a sign and a dot without digits', condition('a', 'eq', 'N', '-.')],
    ['an exponent behind a dot without digits', condition('a', 'eq', 'N', '.e5')],
    ['two dots', condition('a', 'eq', 'N', '1.2.')],
    ['two signs', condition('a', 'eq', 'N', '+-5')],
    ['text as binary', condition('a', 'eq', 'B', 'not base64')],
  ])('finds %s', (_, one) => {
    expect(conditionIssue(one)).toMatch(/\.$/);
  });

  const oneOf = (values: number) =>
    condition('a', 'in', 'N', Array.from({ length: values }, () => '1').join());

  it('finds a list of more values than DynamoDB accepts, and says how many there are', () => {
    expect(conditionIssue(oneOf(101))).toBe('The list has 101 values. DynamoDB accepts at most 100.');
  });

  it('accepts a list of 100 values', () => {
    expect(conditionIssue(oneOf(100))).toBeUndefined();
  });

  it.each([
    ['38 digits', condition('a', 'eq', 'N', '12345678901234567890123456789012345678')],
    ['a sign, and no digit before the dot', condition('a', 'eq', 'N', '+.5')],
    ['no digit behind the dot', condition('a', 'eq', 'N', '-5.')],
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
      match: 'any' as const,
      sort: { attribute: '-x', descending: true },
      hidden: ['__proto__', 'a,b'],
      chart: 'mag',
    };
    expect(viewOf(fragmentOf(view))).toEqual(view);
  });

  it.each([
    'filter=[["a","gt","N","five"]]',
    'filter=not+JSON',
    'filter=[1,{},["a","drop","S","x"]]',
    'tab=x',
    'sort=x',
    'hide={}',
  ])('ignores the invalid part %s', (fragment) => {
    expect(viewOf(fragment)).toEqual(viewOf(''));
  });
});
