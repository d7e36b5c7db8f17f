/** Tests the parts of the kit: cases, policies, requests and comparisons. */
import { createServer } from 'node:http';
import { CASES } from '../src/cases';
import { send, type Response } from '../src/http';
import { compare, observe } from '../src/observation';
import { allowsOrigin, type Policy } from '../src/policy';
import { listen } from '../../../test/helpers/listen';

describe('CASES', () => {
  it('has unique names', () => {
    const names = CASES.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('links each case to a specification', () => {
    expect(CASES.filter(({ link }) => !/^https:\/\/\S+$/.test(link))).toEqual([]);
  });
});

describe('allowsOrigin', () => {
  const policy: Policy = { origins: ['https://a.example', 'https://*.b.example:8443'], credentials: false };

  it.each([
    [true, 'https://a.example'],
    [true, 'https://x.b.example:8443'],
    [true, 'https://x.y.b.example:8443'],
    [false, 'https://x.b.example'],
    [false, 'https://b.example:8443'],
    [false, 'https://xb.example:8443'],
    [false, 'http://x.b.example:8443'],
    [false, 'https://X.b.example:8443'],
    [false, 'https://a.example:443'],
    [false, 'https://a.example.evil.example'],
    [false, 'null'],
  ])('returns %s for %s', (expected, origin) => {
    expect(allowsOrigin(policy, origin)).toBe(expected);
  });
});

describe('send', () => {
  it('sends the request unchanged, below the prefix of the base URL', async () => {
    const server = createServer((request, response) => {
      response.end(JSON.stringify({ url: request.url, headers: request.rawHeaders }));
    });
    const { port, close } = await listen(server);
    const { body } = await send(`http://127.0.0.1:${port}/prod/`, {
      method: 'POST',
      path: '/a/../b?c=%20',
      headers: [
        ['x-ODD', '1'],
        ['x-ODD', '2'],
      ],
    });
    await close();
    expect(JSON.parse(body.toString())).toEqual({
      url: '/prod/a/../b?c=%20',
      headers: [
        'Host',
        `127.0.0.1:${port}`,
        'x-ODD',
        '1',
        'x-ODD',
        '2',
        'Connection',
        'close',
        'Content-Length',
        '0',
      ],
    });
  });
});

describe('compare', () => {
  const response: Response = {
    status: 200,
    headers: [
      ['Content-Type', 'application/json'],
      ['Vary', 'Origin, Accept'],
      ['X-Request-Id', '1'],
      ['Date', 'now'],
    ],
    body: Buffer.from('{"a":1.0,"requestId":"1"}'),
    incomplete: false,
  };
  const differences = (other: Partial<Response>) =>
    compare(observe(response), observe({ ...response, ...other }));

  it('ignores the order of headers, list elements and properties, and values that vary', () => {
    const headers: Response['headers'] = [
      ['date', 'later'],
      ['x-request-id', '2'],
      ['vary', 'accept'],
      ['VARY', 'ORIGIN'],
      ['content-type', 'application/json'],
    ];
    expect(differences({ headers, body: Buffer.from('{"requestId":"2", "a":1.0}') })).toEqual([]);
  });

  it.each<[Partial<Response>, string, string, string]>([
    [{ status: 201 }, 'status', '200', '201'],
    [{ headers: response.headers.slice(1) }, 'content-type', 'application/json', '(absent)'],
    [
      { headers: response.headers.filter(([name]) => name !== 'X-Request-Id') },
      'x-request-id',
      '(present)',
      '(absent)',
    ],
    [{ headers: [...response.headers, ['Access-Control-New', '1']] }, 'access-control-new', '(absent)', '1'],
    [
      { body: Buffer.from('{"a":1,"requestId":"1"}') },
      'body',
      '{"$a":"1.0","$requestId":"$(opaque)"}',
      '{"$a":"1","$requestId":"$(opaque)"}',
    ],
  ])('names the part that differs: %j', (other, name, left, right) => {
    // Uses toContainEqual because a body without its Content-Type differs too: it is not compared as JSON.
    expect(differences(other)).toContainEqual({ name, left, right });
  });

  it('reports a difference if one response is incomplete', () => {
    expect(differences({ incomplete: true }).map(({ name }) => name)).toEqual(['body', 'incomplete']);
  });

  it('reports a difference of one character in a long body', () => {
    const long = (digit: string) =>
      observe({ ...response, body: Buffer.from(`{"a":"${'x'.repeat(5000)}${digit}"}`) });
    expect(compare(long('1'), long('2'))).toEqual([
      {
        name: 'body',
        left: expect.stringMatching(/^sha256 /) as string,
        right: expect.stringMatching(/^sha256 /) as string,
      },
    ]);
  });
});
