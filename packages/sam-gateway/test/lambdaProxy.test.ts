import {
  FUNCTION,
  proxied,
  rawTemplate,
  startGateway,
  type TestGateway,
} from '../../../test/helpers/gateway';

const STREAM = ', ResponseTransferMode: STREAM';

const openGateways: TestGateway[] = [];

afterEach(async () => {
  for (const gateway of openGateways.splice(0)) await gateway.close();
});

async function serve(code: string, integration = '', declaration = FUNCTION): Promise<TestGateway> {
  const gateway = await startGateway(rawTemplate(proxied('POST', integration), declaration), {
    files: { 'index.js': code },
  });
  openGateways.push(gateway);
  return gateway;
}

async function post({ url }: TestGateway): Promise<Response> {
  return fetch(`${url}/thing`, { method: 'POST' });
}

/** The source of a streaming handler with this function body. */
function streamingHandler(code: string): string {
  return `exports.handler = awslambda.streamifyResponse(async (event, responseStream, context) => {
    context.callbackWaitsForEmptyEventLoop = false;
    const from = (metadata) => awslambda.HttpResponseStream.from(responseStream, metadata);
    ${code}
  })`;
}

describe('a buffered function', () => {
  it('returns its status, headers and body', async () => {
    const gateway = await serve(
      `exports.handler = async () => ({ statusCode: 201, headers: { 'X-One': 1 }, multiValueHeaders: { 'X-Two': ['a', 'b'] }, body: 'Z' })`,
    );
    const response = await post(gateway);
    expect(response.status).toBe(201);
    expect(response.headers.get('X-One')).toBe('1');
    expect(response.headers.get('X-Two')).toBe('a, b');
    expect(await response.text()).toBe('Z');
  });

  it.each([
    ['throws', `throw new Error('secret')`],
    ['returns a string', `return 'text'`],
    ['returns a body that is not a string', `return { statusCode: 200, body: { a: 1 } }`],
    ['returns an invalid status', `return { statusCode: 'OK', body: '' }`],
    ['returns an invalid header', `return { statusCode: 200, headers: { 'X-One': 'a\\nb' }, body: '' }`],
    ['returns a body that is a list', `return { statusCode: 200, body: [] }`],
    ['returns nothing', `return undefined`],
    ['returns null', `return null`],
    ['returns a list', `return []`],
    ['returns an unknown field', `return { statusCode: 200, body: '', message: 'ok' }`],
    ['returns its body without an envelope', `return { id: 1 }`],
    ['returns a header that no response can have', `return { headers: { Trailer: 'X' }, body: 'x' }`],
    ['returns a status of 101', `return { statusCode: 101, body: '' }`],
    ['returns a status of 0', `return { statusCode: 0, body: '' }`],
    ['returns headers as text', `return { statusCode: 200, headers: 'X-One: 1', body: '' }`],
    ['returns headers as a list', `return { statusCode: 200, headers: ['X-One: 1'], body: '' }`],
    ['returns a header that is an object', `return { statusCode: 200, headers: { 'X-One': {} }, body: '' }`],
    [
      'returns text for a header of multiValueHeaders',
      `return { statusCode: 200, multiValueHeaders: { 'X-One': '1' }, body: '' }`,
    ],
    ['exits', `process.exit(1)`],
    ['returns more than 6 MB', `return { statusCode: 200, body: 'x'.repeat(6 * 1024 * 1024) }`],
  ])('causes a 502 when it %s', async (_what, body) => {
    const response = await post(await serve(`exports.handler = async () => { ${body} }`));
    expect(response.status).toBe(502);
    expect(await response.json()).toEqual({ message: 'Internal server error' });
  });

  it.each([
    ['text', `return 'text'`, 'it is not a JSON object'],
    ['an object as body', `return { body: {} }`, 'its body is not a string, use JSON.stringify'],
    ['an unknown field', `return { body: '', message: 'ok' }`, 'it has unknown fields: message'],
    [
      'an invalid status',
      `return { statusCode: 'OK' }`,
      'its statusCode is "OK", use a number from 200 to 599',
    ],
    [
      'an invalid header map',
      `return { multiValueHeaders: { A: 'b' } }`,
      'its multiValueHeaders.A is not a list',
    ],
  ])('logs why its result is malformed when it returns %s', async (_what, body, reason) => {
    const gateway = await serve(`exports.handler = async () => { ${body} }`);
    await post(gateway);
    expect(gateway.log.join()).toContain(`malformed Lambda proxy response: ${reason}`);
  });

  it('escapes control characters of an error message in the log', async () => {
    const gateway = await serve(
      `exports.handler = async () => { throw new Error('x\\n\\u001b[31mPOST "/": 200') }`,
    );
    await post(gateway);
    const line = gateway.log.find((entry) => entry.includes('BAD_GATEWAY'));
    expect(line).toContain('x\\u000a\\u001b[31mPOST "/": 200');
  });

  it.each([
    ['no body', `{ statusCode: 204 }`, 204],
    ['body null', `{ statusCode: 204, body: null, headers: null, multiValueHeaders: null }`, 204],
    ['only a status as text', `{ statusCode: '201' }`, 201],
    ['an empty object', `{}`, 200],
  ])('sends an empty body when it returns %s', async (_what, result, status) => {
    const response = await post(await serve(`exports.handler = async () => (${result})`));
    expect(response.status).toBe(status);
    expect(await response.text()).toBe('');
  });

  it.each([
    ['without a Content-Type', `{}`, 'application/json'],
    ['with a Content-Type in lower case', `{ 'content-type': 'text/plain' }`, 'text/plain'],
  ])('has the right Content-Type when it returns a body %s', async (_what, headers, type) => {
    const code = `exports.handler = async () => ({ statusCode: 200, headers: ${headers}, body: '{}' })`;
    expect((await post(await serve(code))).headers.get('Content-Type')).toBe(type);
  });

  it.each([
    ['the same value', `{ 'X-One': 'a' }`, `{ 'x-one': ['a'] }`, 'a'],
    ['one of several values', `{ 'X-One': 'b' }`, `{ 'X-One': ['a', 'b'] }`, 'a, b'],
    ['another value', `{ 'X-One': 'a' }`, `{ 'X-One': ['b'] }`, 'a, b'],
  ])(
    'sends a header of both maps once per value, with %s',
    async (_what, headers, multiValueHeaders, expected) => {
      const code = `exports.handler = async () => ({ statusCode: 200, headers: ${headers}, multiValueHeaders: ${multiValueHeaders} })`;
      expect((await post(await serve(code))).headers.get('X-One')).toBe(expected);
    },
  );

  it('causes a 502 and logs the reason when its module cannot be loaded', async () => {
    const gateway = await serve(`throw new Error('no such setting')`);
    expect((await post(gateway)).status).toBe(502);
    expect(gateway.log.join()).toContain('no such setting');
  });

  it('is stopped at its timeout and restarted for the next request', async () => {
    const declaration = FUNCTION.replace('Timeout: 10', 'Timeout: 1');
    const code = `let count = 0; exports.handler = async (event) => {
      if (event.headers['X-Wait']) await new Promise(() => setInterval(() => {}, 1000));
      return { statusCode: 200, body: String(++count) };
    }`;
    const gateway = await serve(code, '', declaration);
    const late = await fetch(`${gateway.url}/thing`, { method: 'POST', headers: { 'X-Wait': '1' } });
    expect(late.status).toBe(502);
    expect(gateway.log.join()).toContain('timed out after 1 seconds');
    expect(await (await post(gateway)).text()).toBe('1');
  });

  it('causes a 504 when it takes longer than the timeout of the integration', async () => {
    const gateway = await serve(
      `exports.handler = () => new Promise(() => setInterval(() => {}, 1000))`,
      ', TimeoutInMillis: 100',
    );
    const response = await post(gateway);
    expect(response.status).toBe(504);
    expect(await response.json()).toEqual({ message: 'Endpoint request timed out' });
  });

  it('uses the same process for the next request', async () => {
    const code = `exports.handler = async () => ({ statusCode: 200, body: String(process.pid) })`;
    const gateway = await serve(code);
    const first = await (await post(gateway)).text();
    expect(await (await post(gateway)).text()).toBe(first);
  });
});

describe('a streaming function', () => {
  it('sends the status and headers with its first write, before the body', async () => {
    const code = streamingHandler(`
      from({ statusCode: 202, headers: { 'X-One': '1' }, cookies: ['a=1'] }).write('');
      await new Promise(() => setInterval(() => {}, 1000));`);
    const response = await post(await serve(code, STREAM));
    expect(response.status).toBe(202);
    expect(response.headers.get('X-One')).toBe('1');
    expect(response.headers.get('Set-Cookie')).toBe('a=1');
  });

  it('uses a second process for a concurrent request', async () => {
    const code = streamingHandler(`
      const stream = from({ statusCode: 200, headers: { 'X-Process': String(process.pid) } });
      stream.write('');
      await new Promise(() => setInterval(() => {}, 1000));`);
    const gateway = await serve(code, STREAM);
    const responses = [await post(gateway), await post(gateway)];
    expect(new Set(responses.map(({ headers }) => headers.get('X-Process'))).size).toBe(2);
  });

  it('streams more than 10 MB unchanged', async () => {
    const code = streamingHandler(`
      const stream = from({ statusCode: 200 });
      for (let page = 0; page < 24; page++) {
        if (!stream.write(Buffer.alloc(1 << 19, page))) await new Promise((resolve) => stream.once('drain', resolve));
      }
      stream.end();`);
    const body = Buffer.from(await (await post(await serve(code, STREAM))).arrayBuffer());
    expect(body.byteLength).toBe(12 * 1024 * 1024);
    expect(
      body.equals(Buffer.concat(Array.from({ length: 24 }, (_, page) => Buffer.alloc(1 << 19, page)))),
    ).toBe(true);
  });

  it('aborts the response when it fails after the headers', async () => {
    const code = streamingHandler(`
      const stream = from({ statusCode: 200 });
      stream.write('half');
      throw new Error('the rest is missing');`);
    const response = await post(await serve(code, STREAM));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it.each([
    ['fails before the headers', `throw new Error('nothing yet')`],
    ['ends without a write, which sends no metadata', `from({ statusCode: 200 }).end()`],
    ['writes no metadata', `responseStream.end('Z')`],
    ['writes more than 16 KB without metadata', `responseStream.end('Z'.repeat(17000))`],
    ['writes metadata that is not JSON', `responseStream.write('Z'); responseStream.end(Buffer.alloc(8))`],
  ])('causes a 502 when it %s', async (_what, body) => {
    const response = await post(await serve(streamingHandler(body), STREAM));
    expect(response.status).toBe(502);
  });

  it('aborts the response when its process exits', async () => {
    const code = streamingHandler(`
      from({ statusCode: 200 }).write('half');
      setTimeout(() => process.exit(1), 50);
      await new Promise(() => undefined);`);
    const response = await post(await serve(code, STREAM));
    await expect(response.text()).rejects.toThrow();
  });

  it('handles a second request in the same process', async () => {
    const code = streamingHandler(
      `const stream = from({ statusCode: 200 }); stream.write(String(process.pid)); stream.end();`,
    );
    const gateway = await serve(code, STREAM);
    const first = await (await post(gateway)).text();
    expect(await (await post(gateway)).text()).toBe(first);
  });
});
