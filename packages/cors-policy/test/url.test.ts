import { parseOriginPattern } from '../src/origin';
import { parseUrl } from '../src/url';

describe('parseUrl', () => {
  it('parses an absolute URL', () => {
    expect(parseUrl('https://example.com/a?b')?.href).toBe('https://example.com/a?b');
  });

  it('parses a URL relative to a base', () => {
    expect(parseUrl('/login', 'https://example.com/items')?.href).toBe('https://example.com/login');
  });

  it.each(['', 'example.com', 'https://', 'https://exam ple.com'])('returns undefined for %j', (text) => {
    expect(parseUrl(text)).toBeUndefined();
  });
});

// Enough calls for the compiler to optimize the caller. URL.canParse of Node.js 20 then rejects the letter.
it.each(['https://bücher.de', 'https://münchen.example'])('recognizes %s after many calls', (origin) => {
  const ascii = new URL(origin).origin;
  const accepted = Array.from(
    { length: 500_000 },
    () => 'scheme' in parseOriginPattern('https://example.com'),
  );
  expect(accepted).not.toContain(false);
  expect(parseOriginPattern(origin)).toMatchObject({ fix: `Use ${ascii}` });
});
