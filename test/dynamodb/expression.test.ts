import { attributesIn, ExpressionError, tokensOf } from '../../src/dynamodb/expression';

const NAMES = { '#a': 'alpha', '#b': 'beta.gamma' };

describe('attributesIn', () => {
  it.each([
    ['id, name', ['id', 'name']],
    ['#a.x[0].y, id', ['alpha', 'id']],
    ['#b', ['beta.gamma']],
    ['#c', ['#c']],
    ['a = :x AND b <> :y OR NOT c BETWEEN :x AND :y', ['a', 'b', 'c']],
    ['a IN (:x, b) and c in(:x)', ['a', 'b', 'c']],
    ['attribute_exists(a.b) AND begins_with (c, :x) AND size(d) > e', ['a', 'c', 'd', 'e']],
    ['size = :x AND contains(contains, :x)', ['size', 'contains']],
    ['a . b = :x AND c.#a = :y', ['a', 'c']],
    ['a[10] = :x', ['a']],
    ['-a = :x AND _b = :x AND 1c = :x', ['-a', '_b', '1c']],
    ['a = :x\n\tOR\ta = :y', ['a']],
    ['', []],
  ])('of %j are %j', (expression, attributes) => {
    expect(attributesIn(tokensOf(expression), NAMES)).toEqual(attributes);
  });
});

describe('tokensOf', () => {
  it('splits operators without spaces', () => {
    expect(tokensOf('(a<=:x)AND(b<>:y)')).toEqual([
      '(',
      'a',
      '<=',
      ':x',
      ')',
      'AND',
      '(',
      'b',
      '<>',
      ':y',
      ')',
    ]);
  });

  it.each(["a = 'x'", 'a = "x"', 'a; b', 'a -- b /* c', 'a\0b', 'ä = :x', 'a + b'])(
    'rejects %j',
    (expression) => {
      expect(() => tokensOf(expression)).toThrow(ExpressionError);
    },
  );
});
