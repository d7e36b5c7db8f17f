import { banner } from '../../src/cli/startupMessage';
import { parseConfig, type Environment } from '../../src/config/config';

function bannerOf(environment: Environment, port = 3000): string {
  return banner({
    config: parseConfig(environment),
    port,
    engine: 'dynalite in this process',
    records: '12 records',
  });
}

test('the banner says what is served, where it comes from, and what to try', () => {
  expect(bannerOf({ TABLE_NAME: 'Orders' })).toBe(`Serving Orders at http://localhost:3000/scanRecords
  from dynalite in this process: 12 records

The preflight, as a browser sends it:
  curl -i -X OPTIONS http://localhost:3000/scanRecords -H 'Origin: http://localhost:5173' -H 'Access-Control-Request-Method: POST'
Every record:
  curl -X POST http://localhost:3000/scanRecords
From a page, in the browser's console:
  await fetch('http://localhost:3000/scanRecords', { method: 'POST' }).then((response) => response.json())

`);
});

test.each([
  ['127.0.0.1', 'http://localhost:8080/scanRecords'],
  ['localhost', 'http://localhost:8080/scanRecords'],
  ['0.0.0.0', 'http://localhost:8080/scanRecords'],
  ['::', 'http://localhost:8080/scanRecords'],
  ['::1', 'http://localhost:8080/scanRecords'],
  ['192.168.1.20', 'http://192.168.1.20:8080/scanRecords'],
  ['fe80::1', 'http://[fe80::1]:8080/scanRecords'],
  ['my-machine.local', 'http://my-machine.local:8080/scanRecords'],
])('a server on %s is at %s, with the port it listens on', (HOST, url) => {
  const text = bannerOf({ HOST, PORT: '0' }, 8080);
  expect(new Set(text.match(/http:[^' ]*scanRecords/g))).toEqual(new Set([url]));
});

test.each([
  ['*', 'http://localhost:5173'],
  ['https://example.com', 'https://example.com'],
  ['http://localhost:4200,https://example.com', 'http://localhost:4200'],
  ['https://*.example.com', 'https://www.example.com'],
  ['https://*.example.com:8443', 'https://www.example.com:8443'],
  ['http://[::1]:3000', 'http://[::1]:3000'],
])('where %s is allowed, the preflight to try comes from %s', (CORS_ALLOW_ORIGINS, origin) => {
  expect(bannerOf({ CORS_ALLOW_ORIGINS })).toContain(`-H 'Origin: ${origin}'`);
});
