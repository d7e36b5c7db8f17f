import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import {
  scanResponse,
  startFakeDynamodb,
  succeed,
  type FakeDynamodb,
  type Script,
} from '../../helpers/fakeDynamodb';
import { repositoryAt, serve, testApp, type TestApp } from '../../helpers/servedApp';

/** More than the buffers of a connection hold. */
const LARGE = scanResponse([{ id: { S: 'x'.repeat(12_000_000) } }]);
const SMALL = scanResponse([{ id: { S: 'a' } }]);

describe('a server with WRITE_TIMEOUT_SECONDS=1 and one place for a scan', () => {
  let dynamodb: FakeDynamodb;
  let test: TestApp;
  let server: Awaited<ReturnType<typeof serve>>;
  let close: () => void;

  async function start(script: Script): Promise<void> {
    dynamodb = await startFakeDynamodb(script);
    const repository = repositoryAt(dynamodb.endpoint);
    close = () => repository.close();
    test = testApp(repository, { WRITE_TIMEOUT_SECONDS: '1', SCAN_MAX_CONCURRENT: '1' });
    server = await serve(test.app);
  }

  afterEach(async () => {
    await server.close();
    close();
    await dynamodb.close();
  });

  /** Resolves when the log has an error with this message. A client that reads nothing does not notice the reset. */
  async function logged(message: string): Promise<void> {
    const isLogged = () => test.log.some(({ error }) => (error as Error | undefined)?.message === message);
    while (!isLogged()) await setImmediate();
  }

  /** Sends a scan request and returns the response, of which nothing is read. */
  async function requestScan(): Promise<IncomingMessage> {
    const client = httpRequest(`${server.url}/scanRecords`, { method: 'POST' }).end();
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    return response;
  }

  it('resets a client that reads nothing, and then serves the next one', async () => {
    let scans = 0;
    await start(({ response }) => succeed(response, scans++ === 0 ? LARGE : SMALL));
    const response = await requestScan();
    const second = await fetch(`${server.url}/scanRecords`, { method: 'POST' });
    expect(second.status).toBe(503);

    await logged('the client has read nothing for 1 seconds');
    response.on('error', () => undefined).destroy();
    const third = await fetch(`${server.url}/scanRecords`, { method: 'POST' });
    expect(third.status).toBe(200);
  });

  it('does not reset a client that waits for DynamoDB', async () => {
    await start(({ response }) => void setTimeout(() => succeed(response, SMALL), 2500));
    const response = await fetch(`${server.url}/scanRecords`, { method: 'POST' });
    expect(await response.json()).toMatchObject({ Count: 1 });
  });
});
