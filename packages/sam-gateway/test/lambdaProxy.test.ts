import {
  FUNCTION,
  proxied,
  rawTemplate,
  startGateway,
  type TestGateway,
} from '../../../test/helpers/gateway';

const STREAM = ', ResponseTransferMode: STREAM';

const open: TestGateway[] = [];

afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

async function serve(code: string, integration = '', declaration = FUNCTION): Promise<TestGateway> {
  const gateway = await startGateway(rawTemplate(proxied('POST', integration), declaration), {
    files: { 'index.js': code },
  });
  open.push(gateway);
  return gateway;
}

async function post({ url }: TestGateway): Promise<Response> {
  return fetch(`${url}/thing`, { method: 'POST' });
}

/** A handler that streams, of what it does with its stream. */
function streaming(code: string): string {
  return `exports.handler = awslambda.streamifyResponse(async (event, responseStream, context) => {
    context.callbackWaitsForEmptyEventLoop = false;
    const from = (metadata) => awslambda.HttpResponseStream.from(responseStream, metadata);
    ${code}
  })`;
}

describe('a buffered function', () => {
  test('answers with status, headers and body', async () => {
    const gateway = await serve(
      `exports.handler = async () => ({ statusCode: 201, headers: { 'X-One': 1 }, multiValueHeaders: { 'X-Two': ['a', 'b'] }, body: 'Z' })`,
    );
    const response = await post(gateway);
    expect(response.status).toBe(201);
    expect(response.headers.get('X-One')).toBe('1');
    expect(response.headers.get('X-Two')).toBe('a, b');
    expect(await response.text()).toBe('Z');
  });

  test.each([
    ['throws', `throw new Error('secret')`],
    ['returns no object', `return 'text'`],
    ['returns a body that is no string', `return { statusCode: 200, body: { a: 1 } }`],
    ['returns a status that is none', `return { statusCode: 'OK', body: '' }`],
    [
      'returns a header that cannot be sent',
      `return { statusCode: 200, headers: { 'X-One': 'a\\nb' }, body: '' }`,
    ],
    ['ends its process', `process.exit(1)`],
    ['returns more than 6 MB', `return { statusCode: 200, body: 'x'.repeat(6 * 1024 * 1024) }`],
  ])('gets its client a 502 when it %s', async (_what, body) => {
    const response = await post(await serve(`exports.handler = async () => { ${body} }`));
    expect(response.status).toBe(502);
    expect(await response.json()).toEqual({ message: 'Internal server error' });
  });

  test('gets its client a 502 when its module cannot be loaded, and says why in the log', async () => {
    const gateway = await serve(`throw new Error('no such setting')`);
    expect((await post(gateway)).status).toBe(502);
    expect(gateway.log.join()).toContain('no such setting');
  });

  test('is ended at its timeout, and starts anew for the next request', async () => {
    const declaration = FUNCTION.replace('Timeout: 10', 'Timeout: 1');
    const code = `let asked = 0; exports.handler = async (event) => {
      if (event.headers['X-Wait']) await new Promise(() => setInterval(() => {}, 1000));
      return { statusCode: 200, body: String(++asked) };
    }`;
    const gateway = await serve(code, '', declaration);
    const late = await fetch(`${gateway.url}/thing`, { method: 'POST', headers: { 'X-Wait': '1' } });
    expect(late.status).toBe(502);
    expect(gateway.log.join()).toContain('timed out after 1 seconds');
    expect(await (await post(gateway)).text()).toBe('1');
  });

  test('gets its client a 504 when the integration has less time than it takes', async () => {
    const gateway = await serve(
      `exports.handler = () => new Promise(() => setInterval(() => {}, 1000))`,
      ', TimeoutInMillis: 100',
    );
    const response = await post(gateway);
    expect(response.status).toBe(504);
    expect(await response.json()).toEqual({ message: 'Endpoint request timed out' });
  });

  test('keeps its process from one request to the next', async () => {
    const code = `exports.handler = async () => ({ statusCode: 200, body: String(process.pid) })`;
    const gateway = await serve(code);
    const first = await (await post(gateway)).text();
    expect(await (await post(gateway)).text()).toBe(first);
  });
});

describe('a streaming function', () => {
  test('has its head sent with its first write, before there is a body', async () => {
    const code = streaming(`
      from({ statusCode: 202, headers: { 'X-One': '1' }, cookies: ['a=1'] }).write('');
      await new Promise(() => setInterval(() => {}, 1000));`);
    const response = await post(await serve(code, STREAM));
    expect(response.status).toBe(202);
    expect(response.headers.get('X-One')).toBe('1');
    expect(response.headers.get('Set-Cookie')).toBe('a=1');
  });

  test('has another process for a second request at once', async () => {
    const code = streaming(`
      const stream = from({ statusCode: 200, headers: { 'X-Process': String(process.pid) } });
      stream.write('');
      await new Promise(() => setInterval(() => {}, 1000));`);
    const gateway = await serve(code, STREAM);
    const responses = [await post(gateway), await post(gateway)];
    expect(new Set(responses.map(({ headers }) => headers.get('X-Process'))).size).toBe(2);
  });

  test('streams more than 10 MB, byte for byte', async () => {
    const code = streaming(`
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

  test('breaks the answer off when it fails after its head', async () => {
    const code = streaming(`
      const stream = from({ statusCode: 200 });
      stream.write('half');
      throw new Error('the rest is missing');`);
    const response = await post(await serve(code, STREAM));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  test.each([
    ['fails before its head', `throw new Error('nothing yet')`],
    ['ends without a write, and so without a head', `from({ statusCode: 200 }).end()`],
    ['writes no head', `responseStream.end('Z')`],
    ['writes more than 16 KB without a head', `responseStream.end('Z'.repeat(17000))`],
    ['writes a head that is no JSON', `responseStream.write('Z'); responseStream.end(Buffer.alloc(8))`],
  ])('gets its client a 502 when it %s', async (_what, body) => {
    const response = await post(await serve(streaming(body), STREAM));
    expect(response.status).toBe(502);
  });

  test('breaks the answer off when its process ends', async () => {
    const code = streaming(`
      from({ statusCode: 200 }).write('half');
      setTimeout(() => process.exit(1), 50);
      await new Promise(() => undefined);`);
    const response = await post(await serve(code, STREAM));
    await expect(response.text()).rejects.toThrow();
  });

  test('answers a second request in the same process', async () => {
    const code = streaming(
      `const stream = from({ statusCode: 200 }); stream.write(String(process.pid)); stream.end();`,
    );
    const gateway = await serve(code, STREAM);
    const first = await (await post(gateway)).text();
    expect(await (await post(gateway)).text()).toBe(first);
  });
});
