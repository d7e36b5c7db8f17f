import { siteOf } from '../src/verdict/site';

it.each([
  ['https://app.example.com', 'https://app.example.com/a', 'same-origin'],
  ['https://app.example.com', 'https://api.example.com/', 'same-site'],
  ['https://example.com', 'https://a.b.example.com:8443/', 'same-site'],
  ['http://localhost:5173', 'http://localhost:3000/', 'same-site'],
  ['http://127.0.0.1:5173', 'http://127.0.0.1:3000/', 'same-site'],
  ['https://shop.example.co.uk', 'https://api.example.co.uk/', 'same-site'],
  ['https://app.example.com', 'http://app.example.com/', 'cross-site'],
  ['https://example.com', 'https://example.org/', 'cross-site'],
  ['http://localhost:5173', 'http://127.0.0.1:3000/', 'cross-site'],
  ['http://127.0.0.1:5173', 'http://127.0.0.2:3000/', 'cross-site'],
  ['https://one.co.uk', 'https://two.co.uk/', 'cross-site'],
  ['https://one.github.io', 'https://two.github.io/', 'cross-site'],
  ['https://one.vercel.app', 'https://two.vercel.app/', 'cross-site'],
  [
    'https://a.execute-api.eu-west-1.amazonaws.com',
    'https://b.execute-api.eu-west-1.amazonaws.com/',
    'cross-site',
  ],
  ['https://d1.cloudfront.net', 'https://d2.cloudfront.net/', 'cross-site'],
  ['null', 'https://example.com/', 'cross-site'],
  ['capacitor://localhost', 'http://localhost/', 'cross-site'],
])('returns for a web page of %s that calls %s: %s', (origin, url, site) => {
  expect(siteOf(origin, new URL(url))).toBe(site);
});
