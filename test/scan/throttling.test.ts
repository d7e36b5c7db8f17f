import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Repository } from '../../src/dynamodb/repository';
import {
  scanResponse,
  sendException,
  startFakeDynamodb,
  succeed,
  type FakeDynamodb,
} from '../helpers/fakeDynamodb';
import { repositoryAt, serve, testApp } from '../helpers/servedApp';

const THROTTLE = ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'];
const FIRST_PAGE = scanResponse([{ id: { S: 'a' } }], 'a');
const LAST_PAGE = scanResponse([{ id: { S: 'b' } }]);

const MANY = 4;

describe('a table that DynamoDB throttles', () => {
  let dynamodb: FakeDynamodb;
  let repository: Repository;
  let server: Awaited<ReturnType<typeof serve>>;

  // Without the SDK's own retries, which would take most of the time.
  beforeAll(() => {
    process.env.AWS_MAX_ATTEMPTS = '1';
  });

  afterAll(() => {
    delete process.env.AWS_MAX_ATTEMPTS;
  });

  /** Starts a table that responds with the first page, then `throttles` exceptions, then the last page. */
  async function start(throttles: number, exception: string, environment = {}): Promise<void> {
    dynamodb = await startFakeDynamodb(({ body, response }) => {
      const isThrottled = body.ExclusiveStartKey !== undefined && dynamodb.scans.length <= throttles + 1;
      if (isThrottled) sendException(response, 400, exception, 'slow down');
      else succeed(response, body.ExclusiveStartKey === undefined ? FIRST_PAGE : LAST_PAGE);
    });
    repository = repositoryAt(dynamodb.endpoint);
    server = await serve(testApp(repository, environment).app);
  }

  afterEach(async () => {
    await server.close();
    repository.close();
    await dynamodb.close();
  });

  const post = () => fetch(`${server.url}/scanRecords`, { method: 'POST' });

  it.each(THROTTLE)(
    'waits and continues the response after %s in the middle of a scan',
    async (exception) => {
      await start(MANY, exception);
      expect(await (await post()).json()).toMatchObject({ Items: [{ id: 'a' }, { id: 'b' }] });
      expect(dynamodb.scans).toHaveLength(MANY + 2);
    },
  );

  it('resets the connection if the throttling lasts longer than DYNAMODB_RETRY_SECONDS', async () => {
    await start(Infinity, 'ThrottlingException', { DYNAMODB_RETRY_SECONDS: '1' });
    const client = httpRequest(`${server.url}/scanRecords`, { method: 'POST' })
      .on('error', () => undefined)
      .end();
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    await expect(once(response.resume(), 'end')).rejects.toThrow(/aborted|ECONNRESET/);
    expect(dynamodb.scans.length).toBeGreaterThan(2);
  });

  it('stops when the client disconnects', async () => {
    await start(Infinity, 'ThrottlingException', { SCAN_MAX_CONCURRENT: '1' });
    const client = httpRequest(`${server.url}/scanRecords`, { method: 'POST' }).end();
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    response.on('error', () => undefined).destroy();
    // The slot is free again, long before DYNAMODB_RETRY_SECONDS.
    let status: number | undefined = 503;
    while (status === 503) status = await statusOf(`${server.url}/scanRecords`);
    expect(status).toBe(200);
  });
});

/** Sends a scan request and disconnects after the headers. */
async function statusOf(url: string): Promise<number | undefined> {
  const client = httpRequest(url, { method: 'POST', headers: { Connection: 'close' } }).end();
  const [response] = (await once(client, 'response')) as [IncomingMessage];
  response.on('error', () => undefined).destroy();
  return response.statusCode;
}

it('returns 429 at once if the first page is throttled', async () => {
  const dynamodb = await startFakeDynamodb(({ response }) =>
    sendException(response, 400, 'ThrottlingException', 'slow down'),
  );
  const repository = repositoryAt(dynamodb.endpoint);
  const server = await serve(testApp(repository, { DYNAMODB_RETRY_SECONDS: '3600' }).app);
  const response = await fetch(`${server.url}/scanRecords`, { method: 'POST' });
  expect(response.status).toBe(429);
  await server.close();
  repository.close();
  await dynamodb.close();
});
