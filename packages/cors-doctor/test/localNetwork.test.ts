import { localNetwork } from '../src/localNetwork';

const PUBLIC = 'https://app.example.com';

it.each([
  [PUBLIC, 'http://localhost:3000/', 'loopback'],
  [PUBLIC, 'http://api.localhost:3000/', 'loopback'],
  [PUBLIC, 'http://127.0.0.1:3000/', 'loopback'],
  [PUBLIC, 'http://[::1]:3000/', 'loopback'],
  [PUBLIC, 'https://192.168.1.2/', 'local'],
  [PUBLIC, 'https://172.31.0.1/', 'local'],
  [PUBLIC, 'https://100.64.0.1/', 'local'],
  [PUBLIC, 'https://printer.local/', 'local'],
  [PUBLIC, 'https://[fd00::1]/', 'local'],
  ['http://192.168.1.2', 'http://localhost:3000/', 'loopback'],
])('warns when a web page of %s calls %s, a %s address', (origin, url, space) => {
  expect(localNetwork({ origin, url })).toMatchObject([
    { severity: 'warning', message: expect.stringContaining(`the server a ${space} address`) as string },
  ]);
});

it.each([
  ['http://localhost:5173', 'http://127.0.0.1:3000/'],
  ['http://localhost:5173', 'https://api.example.com/'],
  ['http://192.168.1.2', 'http://10.0.0.1/'],
  [PUBLIC, 'https://172.32.0.1/'],
  [PUBLIC, 'https://fd.example.com/'],
  ['null', 'http://localhost:3000/'],
])('does not warn when a web page of %s calls %s', (origin, url) => {
  expect(localNetwork({ origin, url })).toEqual([]);
});

it('says that Chromium blocks a web page that is not secure', () => {
  const [found] = localNetwork({ origin: 'http://app.example.com', url: 'http://localhost:3000/' });
  expect(found?.message).toContain('Chromium blocks the request.');
  expect(found?.fix.description).toContain('over https');
});
