import { and, exactNumber, not, or, type Filter } from 'scan-records-client';
import { filterExpression } from '../src/filter';
import { Placeholders } from '../src/placeholders';
import { queryParameters } from '../src/request';

/** Returns the expression with its placeholders replaced by what they stand for. */
function expand(filter: unknown): string | undefined {
  const placeholders = new Placeholders();
  const expression = filterExpression(filter, placeholders);
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } =
    placeholders.parameters() as Record<string, Record<string, unknown>>;
  return expression
    ?.replace(/#\w+/g, (key) => String(names[key]))
    .replace(/:v\d+/g, (key) => JSON.stringify(values[key]));
}

it.each<[filter: Filter<Record<string, unknown>>, expression: string]>([
  [{ mag: 5 }, 'mag = {"N":"5"}'],
  [{ place: null }, 'place = {"NULL":true}'],
  [{ mag: { gt: 5 } }, 'mag > {"N":"5"}'],
  [{ mag: { ge: 5, lt: 6 } }, 'mag >= {"N":"5"} AND mag < {"N":"6"}'],
  [{ mag: { le: 5 }, place: { ne: 'x' } }, 'mag <= {"N":"5"} AND place <> {"S":"x"}'],
  [{ mag: { between: [1, 2] } }, 'mag BETWEEN {"N":"1"} AND {"N":"2"}'],
  [{ net: { in: ['ci', 'us'] } }, 'net IN ({"S":"ci"}, {"S":"us"})'],
  [{ place: { contains: 'CA' } }, 'contains(place, {"S":"CA"})'],
  [{ place: { beginsWith: '1' } }, 'begins_with(place, {"S":"1"})'],
  [{ felt: { exists: true } }, 'attribute_exists(felt)'],
  [{ felt: { exists: false } }, 'attribute_not_exists(felt)'],
  [{ felt: { type: 'N' } }, 'attribute_type(felt, {"S":"N"})'],
  [{ place: { size: 3 } }, 'size(place) = {"N":"3"}'],
  [{ place: { size: { gt: 3 } } }, 'size(place) > {"N":"3"}'],
  [{ box: { where: { width: { gt: 1 }, unit: 'm' } } }, 'box.width > {"N":"1"} AND box.unit = {"S":"m"}'],
  [{ box: { where: { eq: { where: { gt: 1 } } } } }, 'box.eq.gt = {"N":"1"}'],
  [or({ a: 1 }, { b: 2, c: 3 }), '(a = {"N":"1"} OR (b = {"N":"2"} AND c = {"N":"3"}))'],
  [and({ a: 1 }, not({ b: 2 })), 'a = {"N":"1"} AND (NOT b = {"N":"2"})'],
  [or({ a: 1 }, and({ b: 2 }, { b: 3 })), '(a = {"N":"1"} OR (b = {"N":"2"} AND b = {"N":"3"}))'],
  [or(not({ a: 1 })), '(NOT a = {"N":"1"})'],
  [or({ a: 1, b: 2 }), 'a = {"N":"1"} AND b = {"N":"2"}'],
  [not(or({ a: 1 }, { b: 2 })), '(NOT (a = {"N":"1"} OR b = {"N":"2"}))'],
])('translates %j to %s', (filter, expression) => {
  expect(expand(filter)).toBe(expression);
});

it.each<[operand: unknown, value: unknown]>([
  [-0.5, { N: '-0.5' }],
  [12345678901234567890n, { N: '12345678901234567890' }],
  [exactNumber('0.12345678901234567890'), { N: '0.12345678901234567890' }],
  ['text', { S: 'text' }],
  [true, { BOOL: true }],
  [new Uint8Array([0, 255]), { B: 'AP8=' }],
  [new Set(['a', 'b']), { SS: ['a', 'b'] }],
  [new Set([1, 2n, exactNumber('3.0')]), { NS: ['1', '2', '3.0'] }],
  [new Set([new Uint8Array([1])]), { BS: ['AQ=='] }],
  [['a', 1], { L: [{ S: 'a' }, { N: '1' }] }],
  [{ S: 'a' }, { M: { S: { S: 'a' } } }],
  [{ N: [exactNumber('1')] }, { M: { N: { L: [{ N: '1' }] } } }],
])('sends the operand %p as a typed value', (operand, value) => {
  const { ExpressionAttributeValues } = queryParameters({ filter: { a: { eq: operand } } });
  expect(ExpressionAttributeValues).toEqual({ ':v0': value });
});

it('replaces every attribute name, so that reserved words and odd names are safe', () => {
  const names = ['size', 'a.b', 'a b', '#1', ':v0', '__proto__', 'server_id', '"', 'größe', ''];
  const filter = Object.fromEntries(names.map((name) => [name, { exists: true }]));
  const { FilterExpression, ExpressionAttributeNames } = queryParameters({ filter });
  const placeholders = ['#size', ...names.slice(1).map((_, index) => `#${index + 1}`)];
  expect(FilterExpression).toBe(placeholders.map((name) => `attribute_exists(${name})`).join(' AND '));
  expect(Object.values(ExpressionAttributeNames as object)).toEqual(names);
});

it('uses short placeholders for long names and for many names, because expressions have a maximum size', () => {
  const names = Array.from({ length: 200 }, (_, at) => `attribute_with_the_number_${at}`);
  const { ProjectionExpression = '' } = queryParameters({ select: names });
  expect(ProjectionExpression.length).toBeLessThan(4096);
  expect(queryParameters({ select: ['x'.repeat(300)] }).ProjectionExpression).toBe('#0');
});

it('uses one placeholder for each name in all expressions of a request', () => {
  expect(queryParameters({ key: { id: 'a' }, filter: { id: { ne: 'b' } }, select: ['id', 'mag'] })).toEqual({
    KeyConditionExpression: '#id = :v0',
    FilterExpression: '#id <> :v1',
    ProjectionExpression: '#id, #mag',
    ExpressionAttributeNames: { '#id': 'id', '#mag': 'mag' },
    ExpressionAttributeValues: { ':v0': { S: 'a' }, ':v1': { S: 'b' } },
  });
});

it('sends no expression for an empty filter', () => {
  expect(queryParameters({ filter: {} })).toEqual({});
});

it.each<[filter: unknown, message: string]>([
  [{ mag: undefined }, 'filter.mag must not be undefined'],
  [{ mag: { gt: undefined } }, 'filter.mag must not be undefined'],
  [{ mag: {} }, 'filter.mag must have at least one operator'],
  [{ mag: { above: 5 } }, 'filter.mag.above is not an operator'],
  [{ mag: { toString: 5 } }, 'filter.mag.toString is not an operator'],
  [{ mag: { gt: NaN } }, 'filter.mag.gt must be a value that DynamoDB can store, not NaN'],
  [{ at: { gt: new Date(0) } }, 'filter.at.gt must be a value that DynamoDB can store, not an instance'],
  [{ net: { in: [] } }, 'filter.net.in must be an array of 1 to 100 values'],
  [
    { mag: { in: Array.from({ length: 101 }, (_, n) => n) } },
    'filter.mag.in must be an array of 1 to 100 values',
  ],
  [
    { net: { in: ['a', undefined] } },
    'filter.net.in[1] must be a value that DynamoDB can store, not undefined',
  ],
  [{ mag: { between: [1] } }, 'filter.mag.between must be an array of 2 values'],
  [{ tags: { eq: new Set() } }, 'filter.tags.eq must be a set'],
  [{ tags: { eq: new Set(['a', 1]) } }, 'filter.tags.eq must be a set'],
  [{ felt: { exists: 1 } }, 'filter.felt.exists must be true or false'],
  [{ box: { where: 1 } }, 'filter.box.where must be an object of conditions'],
  ['mag > 5', 'filter must be an object of conditions'],
  [or(), 'or() needs filters'],
  [or({ a: 1 }, {}), 'or() needs filters with conditions'],
  [not({}), 'not() needs filters'],
])('rejects the filter %j', (filter, message) => {
  expect(() => expand(filter)).toThrow(TypeError);
  expect(() => expand(filter)).toThrow(message);
});

it.each(['', 'abc', '0x1', '1e', ' 1', 'NaN', 'Infinity'])('rejects exactNumber(%j)', (text) => {
  expect(() => exactNumber(text)).toThrow(TypeError);
});

it.each<[key: unknown, expression: string]>([
  [{ pk: 'a' }, '#pk = :v0'],
  [{ pk: 'a', sk: 1 }, '#pk = :v0 AND #sk = :v1'],
  [{ pk: 'a', sk: { ge: 1 } }, '#pk = :v0 AND #sk >= :v1'],
  [{ pk: 'a', sk: { between: [1, 2] } }, '#pk = :v0 AND #sk BETWEEN :v1 AND :v2'],
  [{ pk: 'a', sk: { beginsWith: 'x' } }, '#pk = :v0 AND begins_with(#sk, :v1)'],
])('translates the key %j to %s', (key, expression) => {
  expect(queryParameters({ key }).KeyConditionExpression).toBe(expression);
});

it.each<[key: unknown, message: string]>([
  [{}, 'key must have at least the partition key'],
  ['a', 'key must have at least the partition key'],
  [{ pk: undefined }, 'key.pk must be a value that DynamoDB can store, not undefined'],
  [{ pk: { in: ['a'] } }, 'key.pk must be a value, or one of the operators'],
  [{ pk: { ge: 1, le: 2 } }, 'key.pk must be a value, or one of the operators'],
])('rejects the key %j', (key, message) => {
  expect(() => queryParameters({ key })).toThrow(message);
});
