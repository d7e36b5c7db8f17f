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
    ['exits', `process.exit(1)`],
    ['returns more than 6 MB', `return { statusCode: 200, body: 'x'.repeat(6 * 1024 * 1024) }`],
  ])('causes a 502 when it %s', async (_what, body) => {
    const response = await post(await serve(`exports.handler = async () => { ${body} }`));
    expect(response.status).toBe(502);
    expect(await response.json()).toEqual({ message: 'Internal server error' });
  });

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
