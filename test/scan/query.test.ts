/** Tests that a Query keeps the promises of a scan: complete or visibly failed, and no read is wasted. */
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import {
  startFakeDynamodb,
  sendException,
  scanResponse,
  succeed,
  type FakeDynamodb,
  type Script,
} from '../helpers/fakeDynamodb';
import { repositoryAt, serve, testApp } from '../helpers/servedApp';

const QUERY = { KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': 'a' } };

let dynamodb: FakeDynamodb;
let server: Awaited<ReturnType<typeof serve>>;
let operations: string[];

async function start(script: Script): Promise<void> {
  operations = [];
  dynamodb = await startFakeDynamodb((call, index) => {
    operations.push(call.operation);
    script(call, index);
  });
  const repository = repositoryAt(dynamodb.endpoint);
  server = await serve(testApp(repository).app);
}

afterEach(async () => {
  await server.close();
  await dynamodb.close();
});

function post(body: object): Promise<Response> {
  return fetch(`${server.url}/scanRecords`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

const page = (next?: string) => scanResponse([{ id: { S: 'a' } }], next);

it('sends one Query request for each page, and no Scan request', async () => {
  await start(({ response }, index) => succeed(response, page(index < 2 ? `k${index}` : undefined)));
  expect(await (await post(QUERY)).json()).toMatchObject({ Count: 3 });
  expect(operations).toEqual(['Query', 'Query', 'Query']);
  expect(dynamodb.scans.map(({ ExclusiveStartKey }) => ExclusiveStartKey)).toEqual([
    undefined,
    { id: { S: 'k0' } },
    { id: { S: 'k1' } },
  ]);
});

it('returns the true status if the first page fails', async () => {
  await start(({ response }) =>
    sendException(response, 400, 'ValidationException', 'Query condition missed key'),
  );
  const response = await post(QUERY);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    code: 'ValidationException',
    detail: 'Query condition missed key',
  });
});

it('resets the connection if a later page fails', async () => {
  await start(({ response }, index) => {
    if (index === 0) succeed(response, page('k'));
    else sendException(response, 400, 'AccessDeniedException', 'denied');
  });
  const response = await post(QUERY);
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow();
});

it('sends no further request after the client has disconnected', async () => {
  let closed: Promise<unknown> | undefined;
  let resolve: () => void = () => undefined;
  const requested = new Promise<void>((done) => (resolve = done));
  await start(({ request, response }, index) => {
    if (index === 0) {
      succeed(response, page('k'));
      return;
    }
    closed = once(request.socket, 'close');
    resolve();
  });
  const client = httpRequest(`${server.url}/scanRecords`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
  });
  client.on('error', () => undefined);
  client.end(JSON.stringify(QUERY));
  await requested;
  client.destroy();
  await closed;
  expect(operations).toHaveLength(2);
});

it.each([
  { ...QUERY, TotalSegments: 4 },
  { ...QUERY, Segment: 0, TotalSegments: 4 },
  { ScanIndexForward: false },
])('sends no request for %j', async (body) => {
  await start(({ response }) => succeed(response, page()));
  const response = await post(body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'InvalidRequest' });
  expect(operations).toEqual([]);
});

it('does not send the estimated number of items, which is that of the table', async () => {
  await start(({ response }) => succeed(response, page()));
  const response = await post(QUERY);
  await response.text();
  expect(response.headers.get('X-Item-Count-Estimate')).toBeNull();
});
