import { hostNameOf, isLoopbackHost, isRebindableHost } from '../src/host';

describe('isLoopbackHost', () => {
  it.each(['localhost', 'app.localhost', 'a.b.localhost', '127.0.0.1', '127.1.2.3', '[::1]'])(
    'accepts %s',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );

  it.each([
    '',
    '.localhost',
    'evil-localhost',
    'evil.example/.localhost',
    'evil.example .localhost',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '0.0.0.0',
    '[::]',
    '10.0.0.1',
  ])('rejects %j', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});

describe('hostNameOf', () => {
  it.each([
    ['localhost:3000', 'localhost'],
    ['LOCALHOST', 'localhost'],
    ['localhost.:3000', 'localhost'],
    ['[::1]:3000', '[::1]'],
    ['[::1]', '[::1]'],
    ['evil.example:80:localhost', 'evil.example:80:localhost'],
  ])('returns of %s: %s', (header, host) => {
    expect(hostNameOf(header)).toBe(host);
  });
});

describe('isRebindableHost', () => {
  it.each(['localhost', 'app.localhost', '127.0.0.1', '192.168.1.20', '[::1]', '[2001:db8::1]'])(
    'returns false for %s',
    (host) => {
      expect(isRebindableHost(host)).toBe(false);
    },
  );

  it.each(['', 'evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '[::1].evil.example'])(
    'returns true for %j',
    (host) => {
      expect(isRebindableHost(host)).toBe(true);
    },
  );
});
