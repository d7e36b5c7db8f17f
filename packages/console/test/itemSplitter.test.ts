import { ItemSplitter } from '../src/data/itemSplitter';

const ITEMS = [
  '{"id":{"S":"a"}}',
  '{"text":{"S":"brackets ]}[{ and \\"quotes\\" and a backslash \\\\"}}',
  '{"nested":{"M":{"list":{"L":[{"N":"1"},{"SS":["]","}"]}]}}}}',
  '{"__proto__":{"S":"an ordinary name"}}',
  '{}',
];
const BODY = `{"Items":[${ITEMS.join(',')}],"Count":5,"ScannedCount":9,"NextToken":"t"}`;

describe('ItemSplitter', () => {
  it.each([1, 2, 3, 7, 64, BODY.length])('finds every item in chunks of %i characters', (size) => {
    const splitter = new ItemSplitter();
    const items: string[] = [];
    for (let at = 0; at < BODY.length; at += size) items.push(...splitter.push(BODY.slice(at, at + size)));
    expect(items).toEqual(ITEMS);
    expect(splitter.end()).toEqual({ Count: 5, ScannedCount: 9, NextToken: 't' });
  });

  it('returns no items of an empty list', () => {
    const splitter = new ItemSplitter();
    expect(splitter.push('{"Items":[],"Count":0,"ScannedCount":0}')).toEqual([]);
    expect(splitter.end()).toEqual({ Count: 0, ScannedCount: 0 });
  });

  it('rejects a response that ends after any of its characters', () => {
    for (let length = 0; length < BODY.length; length += 1) {
      const splitter = new ItemSplitter();
      splitter.push(BODY.slice(0, length));
      expect(() => splitter.end()).toThrow(/./);
    }
  });

  it('rejects a response of another shape', () => {
    expect(() => new ItemSplitter().push('{"message":"hello"}')).toThrow('not a list of items');
  });
});
