/** Tests that a scan is complete or rejects, whatever a server responds. */
import { createClient, type ClientOptions, type ScanError } from 'scan-records-client';
import { sendPage, sendProblem, startScripted, type Exchange, type ScriptedServer } from './scriptedServer';

let server: ScriptedServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Starts a server and returns what a scan of it returns, and its error. */
async function scan(
  script: (exchange: Exchange, index: number) => void,
  options: ClientOptions = {},
): Promise<{ items: unknown[]; error: ScanError | undefined; requests: Record<string, unknown>[] }> {
  server = await startScripted(script);
  const items: unknown[] = [];
  try {
    for await (const item of createClient(server.url, options).scan()) items.push(item);
    return { items, error: undefined, requests: server.requests };
  } catch (error) {
    return { items, error: error as ScanError, requests: server.requests };
  }
}

it('tries again after Retry-After if the server is busy', async () => {
  const { items, error, requests } = await scan(({ response }, index) => {
    if (index === 0) sendProblem(response, 429, 'TooManyRequests', { 'Retry-After': '0' });
    else if (index === 1) sendProblem(response, 503, 'TooManyScans', { 'Retry-After': '0' });
    else sendPage(response, ['{"id":1}']);
  });
  expect({ items, error }).toEqual({ items: [{ id: 1 }], error: undefined });
  expect(requests).toHaveLength(3);
});

it('waits until the time in Retry-After', async () => {
  const arrivals: number[] = [];
  const later = new Date(Date.now() + 2000);
  await scan(({ response }, index) => {
    arrivals.push(Date.now());
    if (index > 0) sendPage(response, []);
    else sendProblem(response, 503, 'TooManyScans', { 'Retry-After': later.toUTCString() });
  });
  // The header has no fractions of a second.
  expect(Math.ceil((arrivals[1] ?? 0) / 1000)).toBeGreaterThanOrEqual(Math.floor(later.getTime() / 1000));
});

it.each([
  [429, 'TooManyRequests', { 'Retry-After': '3600' }],
  [429, 'ReadLimitReached', {}],
  [401, 'InvalidCredentials', {}],
  [500, 'InternalError', {}],
  [502, 'AccessDeniedException', {}],
])('rejects at once with status %p and code %s', async (status, code, headers) => {
  const { error, requests } = await scan(({ response }) => sendProblem(response, status, code, headers));
  expect(error).toMatchObject({
    name: 'ScanError',
    message: `detail of ${code}`,
    code,
    status,
    requestId: 'r1',
  });
  expect(requests).toHaveLength(1);
});

it('rejects with HttpError if a proxy responds, after its retries', async () => {
  const { error, requests } = await scan(
    ({ response }) => response.writeHead(502, { 'Retry-After': '0' }).end('<h1>Bad Gateway</h1>'),
    { retries: 2 },
  );
  expect(error).toMatchObject({ name: 'ScanError', code: 'HttpError', status: 502, requestId: undefined });
  expect(requests).toHaveLength(3);
});

it('rejects with NetworkError and its cause if there is no server', async () => {
  server = await startScripted(() => undefined);
  const { url } = server;
  await server.close();
  const error = await createClient(url, { retries: 0 })
    .count()
    .catch((caught: unknown) => caught as ScanError);
  const cause = { name: 'TypeError' };
  expect(error).toMatchObject({ name: 'ScanError', code: 'NetworkError', status: undefined, cause });
});

it.each([
  ['a line that is not JSON', ['{"id":1}', '{"id":'], undefined],
  ['an empty line', ['{"id":1}', '', '{"id":2}'], undefined],
  ['another media type', [], 'text/html'],
])('rejects with MalformedResponse after %s', async (_what, lines, type) => {
  const { items, error, requests } = await scan(({ response }) => {
    if (type !== undefined) response.writeHead(200, { 'Content-Type': type }).end('<html>');
    else sendPage(response, lines);
  });
  expect(error).toMatchObject({ name: 'ScanError', code: 'MalformedResponse', status: 200 });
  expect(items).toEqual([]);
  expect(requests).toHaveLength(1);
});

it('requests a page again that ends within a line', async () => {
  const { items, requests } = await scan(({ response }, index) => {
    if (index > 0) sendPage(response, ['{"id":1}', '{"id":2}']);
    else {
      response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'X-Count': '2' });
      response.end('{"id":1}\n{"id":');
    }
  });
  expect(items).toEqual([{ id: 1 }, { id: 2 }]);
  expect(requests).toHaveLength(2);
});

it('requests only the page again whose connection breaks', async () => {
  const { items, requests } = await scan(({ parameters, response }, index) => {
    if (parameters.StartingToken === undefined) sendPage(response, ['{"id":1}'], 'second');
    else if (index > 1) sendPage(response, ['{"id":2}']);
    else {
      response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Content-Length': '100' });
      response.write('{"id":2}\n', () => response.destroy());
    }
  });
  expect(items).toEqual([{ id: 1 }, { id: 2 }]);
  expect(requests.map(({ StartingToken }) => StartingToken)).toEqual([undefined, 'second', 'second']);
});

it('returns the items before an error, and says where the scan can continue', async () => {
  const { items, error } = await scan(({ parameters, response }) => {
    if (parameters.StartingToken === undefined) sendPage(response, ['{"id":1}'], 'second');
    else sendProblem(response, 400, 'InvalidStartingToken');
  });
  expect(items).toEqual([{ id: 1 }]);
  expect(error).toMatchObject({ code: 'InvalidStartingToken', nextToken: 'second' });
});

it('continues at the beginning of a page that it has not returned', async () => {
  server = await startScripted(({ parameters, response }) => {
    const { StartingToken } = parameters;
    if (StartingToken === undefined) sendPage(response, ['{"id":1}', '{"id":2}'], 'second page');
    else if (StartingToken === 'second page') sendPage(response, ['{"id":3}'], 'middle of the second page');
    else sendProblem(response, 400, 'InvalidStartingToken');
  });
  const pages = createClient(server.url).pages({ pageSize: 2 });
  await pages.next();
  await expect(pages.next()).rejects.toMatchObject({ nextToken: 'second page' });
});

it('rejects if the paging headers cannot be read, as in a browser whose server does not expose them', async () => {
  const { error } = await scan(({ response }) => {
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' }).end('{"id":1}\n');
  });
  expect(error).toMatchObject({ code: 'HeadersNotReadable', status: 200 });
  expect(error?.message).toContain('CORS_EXPOSE_HEADERS');
});

it('requests smaller pages if one is too large for the server', async () => {
  const { items, requests } = await scan(({ parameters, response }) => {
    if (Number(parameters.MaxItems) > 60) sendProblem(response, 400, 'AnswerTooLarge');
    else sendPage(response, ['{"id":1}']);
  });
  expect(items).toEqual([{ id: 1 }]);
  expect(requests.map(({ MaxItems }) => MaxItems)).toEqual([200, 100, 50]);
});

it.each(['MaxReadUnits', 'ReturnConsumedCapacity'])('omits %s if the server rejects it', async (name) => {
  const { items, requests } = await scan(({ parameters, response }) => {
    if (parameters[name] !== undefined)
      sendProblem(response, 400, 'InvalidRequest', {}, `${name} is rejected`);
    else sendPage(response, ['{"id":1}']);
  });
  expect(items).toEqual([{ id: 1 }]);
  expect(requests).toHaveLength(2);
});

it('rejects a request that is not valid for another reason', async () => {
  const { error, requests } = await scan(({ response }) => sendProblem(response, 400, 'InvalidRequest'));
  expect(error).toMatchObject({ code: 'InvalidRequest', status: 400 });
  expect(requests).toHaveLength(1);
});

it.each([
  ['has no X-Count and no items', undefined],
  ['has fewer items than X-Count', '1'],
])('requests a page again that %s, because its headers may be incomplete', async (_what, count) => {
  const { items, requests } = await scan(({ response }, index) => {
    if (index > 0) sendPage(response, ['{"id":1}']);
    else {
      response.writeHead(200, {
        'Content-Type': 'application/x-ndjson',
        ...(count !== undefined && { 'X-Count': count }),
        'Transfer-Encoding': 'chunked',
      });
      response.end();
    }
  });
  expect(items).toEqual([{ id: 1 }]);
  expect(requests).toHaveLength(2);
});

it('requests a page again that has no Content-Type, because its headers may be incomplete', async () => {
  const { items, requests } = await scan(({ response }, index) => {
    if (index === 0) response.end();
    else sendPage(response, ['{"id":1}']);
  });
  expect(items).toEqual([{ id: 1 }]);
  expect(requests).toHaveLength(2);
});

it('requests typed JSON again that ends early', async () => {
  const body = '{"Items":[{"id":{"S":"a"}}],"Count":1,"ScannedCount":1}';
  server = await startScripted(({ request, response }, index) => {
    response.writeHead(200, { 'Content-Type': request.headers.accept });
    response.end(index === 0 ? body.slice(0, 30) : body);
  });
  const records = createClient(server.url, { values: 'typed' });
  expect(await records.get({ id: 'a' })).toEqual({ id: { S: 'a' } });
  expect(server.requests).toHaveLength(2);
});

it('counts again if the response ends early', async () => {
  server = await startScripted(({ request, response }, index) => {
    response.writeHead(200, { 'Content-Type': request.headers.accept });
    response.end(index === 0 ? '{"Count":1' : '{"Count":1}');
  });
  expect(await createClient(server.url).count()).toBe(1);
  expect(server.requests).toHaveLength(2);
});

it('counts every item, although JavaScript passes maxItems', async () => {
  server = await startScripted(({ request, response }, index) => {
    response.writeHead(200, { 'Content-Type': request.headers.accept });
    response.end(index === 0 ? '{"Count":5,"NextToken":"t"}' : '{"Count":3}');
  });
  // TypeScript rejects it.
  const options: object = { maxItems: 2 };
  expect(await createClient(server.url).count(options)).toBe(8);
});

it('rejects an empty page at once whose headers are complete, but without X-Count', async () => {
  const { error, requests } = await scan(({ response }) => {
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Content-Length': '0' }).end();
  });
  expect(error).toMatchObject({ code: 'HeadersNotReadable' });
  expect(requests).toHaveLength(1);
});

it('rejects at once if Retry-After is longer than maxRetryAfter', async () => {
  const { error, requests } = await scan(
    ({ response }) => sendProblem(response, 429, 'TooManyRequests', { 'Retry-After': '3' }),
    { maxRetryAfter: 2 },
  );
  expect(error).toMatchObject({ code: 'TooManyRequests', retryAfter: 3 });
  expect(requests).toHaveLength(1);
});
