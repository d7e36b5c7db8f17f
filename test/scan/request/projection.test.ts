import { projectedAttributes } from '../../../src/scan/request/projection';

describe('projectedAttributes', () => {
  it.each([
    ['one name', 'id', {}, ['id']],
    ['names in their order', 'b, a, c', {}, ['b', 'a', 'c']],
    ['names without spaces', 'b,a', {}, ['b', 'a']],
    ['names with white space of any kind', ' \n b\t,\r\n a  ', {}, ['b', 'a']],
    ['a nested path as its first name', 'place.country.name', {}, ['place']],
    ['an element of a list as the list', 'tags[0]', {}, ['tags']],
    ['an element of an element', 'matrix[1][2].x', {}, ['matrix']],
    ['a path with spaces in it', 'tags [0], place . name', {}, ['tags', 'place']],
    ['each name once', 'a.b, c, a.d, a[3]', {}, ['a', 'c']],
    ['what a placeholder stands for', '#at, id', { '#at': 'time' }, ['time', 'id']],
    ['what stands first in a path', '#at.zone, #l[0]', { '#at': 'time', '#l': 'list' }, ['time', 'list']],
    ['a placeholder deeper in a path not at all', 'a.#at', { '#at': 'time' }, ['a']],
    ['a name and its placeholder once', 'time, #at', { '#at': 'time' }, ['time']],
    ['two placeholders of one name once', '#a.x, #b.y', { '#a': 'n', '#b': 'n' }, ['n']],
    ['a placeholder for a name with signs of paths', '#a.x', { '#a': 'a.b[0], c' }, ['a.b[0], c']],
    ['a placeholder for an empty name', '#a', { '#a': '' }, ['']],
    ['a placeholder for __proto__', '#a, b', { '#a': '__proto__' }, ['__proto__', 'b']],
    ['names that objects have from birth', 'constructor, toString', {}, ['constructor', 'toString']],
  ])('returns %s', (_what, expression, names, expected) => {
    expect(projectedAttributes(expression, names)).toEqual(expected);
  });
});
