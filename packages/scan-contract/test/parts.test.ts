/** The parts of the kit: cases, policies, requests as they are sent, and what is compared. */
import { createServer } from 'node:http';
import { CASES } from '../src/cases';
import { send, type Answer } from '../src/http';
import { compare, observe } from '../src/observation';
import { admits, type Policy } from '../src/policy';
import { listen } from '../../../test/helpers/listen';

describe('the cases', () => {
  it('have names of their own', () => {
    const names = CASES.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('each link to a specification', () => {
    expect(CASES.filter(({ link }) => !/^https:\/\/\S+$/.test(link))).toEqual([]);
  });
});

describe('a policy', () => {
  const policy: Policy = { origins: ['https://a.example', 'https://*.b.example:8443'], credentials: false };

  test.each([
    ['https://a.example', true],
    ['https://x.b.example:8443', true],
    ['https://x.y.b.example:8443', true],
    ['https://x.b.example', false],
    ['https://b.example:8443', false],
    ['https://xb.example:8443', false],
    ['http://x.b.example:8443', false],
    ['https://X.b.example:8443', false],
    ['https://a.example:443', false],
    ['https://a.example.evil.example', false],
    ['null', false],
  ])('for %s says %s', (origin, expected) => {
    expect(admits(policy, origin)).toBe(expected);
  });
});

describe('a request', () => {
  it('is sent as it is given, below the prefix of the base URL', async () => {
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

describe('two answers', () => {
  const answer: Answer = {
    status: 200,
    headers: [
      ['Content-Type', 'application/json'],
      ['Vary', 'Origin, Accept'],
      ['X-Request-Id', '1'],
      ['Date', 'now'],
    ],
    body: Buffer.from('{"a":1.0,"requestId":"1"}'),
    brokenOff: false,
  };
  const difference = (other: Partial<Answer>) => compare(observe(answer), observe({ ...answer, ...other }));

  it('do not differ in the order of what has none, nor in what is another each time', () => {
    const headers: Answer['headers'] = [
      ['date', 'later'],
      ['x-request-id', '2'],
      ['vary', 'accept'],
      ['VARY', 'ORIGIN'],
      ['content-type', 'application/json'],
    ];
    expect(difference({ headers, body: Buffer.from('{"requestId":"2", "a":1.0}') })).toEqual([]);
  });

  test.each<[Partial<Answer>, string, string, string]>([
    [{ status: 201 }, 'status', '200', '201'],
    [{ headers: answer.headers.slice(1) }, 'content-type', 'application/json', '(absent)'],
    [
      { headers: answer.headers.filter(([name]) => name !== 'X-Request-Id') },
      'x-request-id',
      '(present)',
      '(absent)',
    ],
    [{ headers: [...answer.headers, ['Access-Control-New', '1']] }, 'access-control-new', '(absent)', '1'],
    [
      { body: Buffer.from('{"a":1,"requestId":"1"}') },
      'body',
      '{"$a":"1.0","$requestId":"$(opaque)"}',
      '{"$a":"1","$requestId":"$(opaque)"}',
    ],
  ])('differ by name: %j', (other, name, left, right) => {
    // A body without its type is not compared as JSON.
    expect(difference(other)).toContainEqual({ name, left, right });
  });

  it('differ where one broke off', () => {
    expect(difference({ brokenOff: true }).map(({ name }) => name)).toEqual(['body', 'brokenOff']);
  });

  it('differ in a digit of a long body', () => {
    const long = (digit: string) =>
      observe({ ...answer, body: Buffer.from(`{"a":"${'x'.repeat(5000)}${digit}"}`) });
    expect(compare(long('1'), long('2'))).toEqual([
      {
        name: 'body',
        left: expect.stringMatching(/^sha256 /) as string,
        right: expect.stringMatching(/^sha256 /) as string,
      },
    ]);
  });
});
