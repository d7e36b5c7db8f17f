import { localNetwork } from '../src/localNetwork';

it.each([
  ['http://app.test', 'http://localhost:3000/', 'loopback'],
  ['https://intranet', 'http://127.0.0.1:3000/', 'loopback'],
  ['https://app.internal', 'https://192.168.1.2/', 'local'],
])('warns when a web page of %s, whose address is not known, calls %s', (origin, url, space) => {
  expect(localNetwork({ origin, url })).toMatchObject([
    { severity: 'warning', message: expect.stringContaining(`a ${space} address`) as string },
  ]);
});

it('warns that Chromium blocks what another browser allows', () => {
  const call = {
    origin: 'https://app.example.com',
    url: 'http://localhost:3000/',
    browser: 'firefox',
  } as const;
  expect(localNetwork(call)).toMatchObject([{ ruleId: 'local-network-access' }]);
});

it.each([
  // The verdict says that Chromium blocks it.
  ['https://app.example.com', 'http://localhost:3000/'],
  ['http://localhost:5173', 'http://127.0.0.1:3000/'],
  ['http://localhost:5173', 'https://api.example.com/'],
  ['http://192.168.1.2', 'http://10.0.0.1/'],
  ['http://192.168.1.2', 'http://localhost:3000/'],
  ['https://app.example.com', 'https://172.32.0.1/'],
  ['https://app.example.com', 'https://fd.example.com/'],
  ['http://app.test', 'http://api.test/'],
  ['null', 'http://localhost:3000/'],
])('does not warn when a web page of %s calls %s', (origin, url) => {
  expect(localNetwork({ origin, url })).toEqual([]);
});

it('says that Chromium blocks a web page that is not secure', () => {
  const [found] = localNetwork({ origin: 'http://app.test', url: 'http://localhost:3000/' });
  expect(found?.message).toContain('Chromium blocks the request, because the web page is not secure.');
});
