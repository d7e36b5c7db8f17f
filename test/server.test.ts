import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import {
  describeTable,
  scanAnswer,
  startFakeDynamodb,
  succeed,
  type FakeDynamodb,
} from './helpers/fakeDynamodb';
import { endServers, startServer } from './helpers/serverProcess';

describe('npm start', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'server-'));
  });

  afterEach(async () => {
    await endServers();
    await rm(folder, { recursive: true });
  });

  it('prints the URL, the table, the engine, the item count and commands to try', async () => {
    const server = startServer();
    const url = await server.url;
    expect(server.stdout()).toContain(`Serving RecordsTable at ${url}\n`);
    expect(server.stdout()).toContain('the embedded engine with the sample');
    expect(server.stdout()).toContain('1707 items');
    expect(server.stdout()).toContain(`curl -i -X OPTIONS ${url} -H 'Origin: http://localhost:5173'`);
    expect(server.stdout()).toContain(`curl -X POST ${url}\n`);
    expect(server.stdout()).toContain(`await fetch('${url}', { method: 'POST' })`);
    const { Count } = (await (await fetch(url, { method: 'POST' })).json()) as { Count: number };
    expect(Count).toBe(1707);
    server.signal('SIGINT');
    expect(await server.exited).toEqual([0, null]);
    expect(server.stderr()).toBe('');
  });

  it("serves the user's own file", async () => {
    const file = join(folder, 'orders.json');
    await writeFile(file, '[{"order":1,"line":12345678901234567890,"note":null}]');
    const server = startServer([file, '--key', 'order,line']);
    const response = await fetch(await server.url, { method: 'POST' });
    expect(await response.text()).toBe(
      '{"Items":[{"order":1,"line":12345678901234567890,"note":null}],"Count":1,"ScannedCount":1}',
    );
    server.signal('SIGTERM');
    expect(await server.exited).toEqual([0, null]);
  });

  it('rejects an invalid file and names the position of the error', async () => {
    const file = join(folder, 'orders.ndjson');
    await writeFile(file, '{"id":1}\n{"id":2\n');
    const server = startServer([file]);
    expect(await server.exited).toEqual([1, null]);
    expect(server.stderr()).toMatch(/orders\.ndjson: line 2, column 8: invalid JSON: .+\n$/);
    expect(server.stdout()).toBe('');
  });

  it('exits with every configuration issue', async () => {
    const server = startServer([], { CORS_ALLOW_ORIGINS: 'http://a.example/,null', CORS_MAX_AGE: 'long' });
    expect(await server.exited).toEqual([1, null]);
    expect(server.stderr().trim().split('\n')).toHaveLength(4);
    expect(server.stderr()).toContain('CORS_ALLOW_ORIGINS="http://a.example/"');
    expect(server.stderr()).toContain('CORS_ALLOW_ORIGINS="null"');
    expect(server.stderr()).toContain('CORS_MAX_AGE="long"');
  });

  it('suggests another port when the port is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const server = startServer([], { PORT: String(port) });
    expect(await server.exited).toEqual([1, null]);
    expect(server.stderr()).toContain('set another port, for example PORT=');
    other.close();
  });

  it('reads a .env file; environment variables take precedence', async () => {
    await writeFile(join(folder, '.env'), 'TABLE_NAME=FromFile\nRESPONSE_SHAPE=array\n');
    const server = startServer([], { TABLE_NAME: 'FromEnvironment' }, folder);
    const response = await fetch(await server.url, { method: 'POST' });
    expect(server.stdout()).toContain('Serving FromEnvironment');
    expect(await response.json()).toHaveLength(1707);
    server.signal('SIGTERM');
    await server.exited;
  });

  it('starts with a note when DynamoDB cannot be reached yet', async () => {
    const server = startServer([], {
      DYNAMODB: 'http://127.0.0.1:1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    });
    const url = await server.url;
    expect(server.stdout()).toContain('item count unavailable: DynamoDB could not be reached.');
    expect((await fetch(new URL('/healthz', url))).status).toBe(200);
    expect((await fetch(new URL('/readyz', url))).status).toBe(503);
    server.signal('SIGTERM');
    await server.exited;
  });

  describe('with DYNAMODB=aws', () => {
    let dynamodb: FakeDynamodb;
    let authorization: string | undefined;

    beforeEach(async () => {
      authorization = undefined;
      dynamodb = await startFakeDynamodb(({ request, response }) => {
        authorization = request.headers.authorization;
        succeed(response, scanAnswer([{ id: { S: 'a' } }]));
      }, describeTable(5));
    });

    afterEach(async () => {
      await dynamodb.close();
    });

    /** Sets the SDK's own variables, and an empty home so that there are no other credentials. */
    const startWithAws = (environment: Record<string, string>) =>
      startServer([], {
        DYNAMODB: 'aws',
        HOME: folder,
        AWS_ENDPOINT_URL: dynamodb.endpoint,
        AWS_EC2_METADATA_DISABLED: 'true',
        ...environment,
      });

    it('reads credentials and region as the SDK does, and prints an estimated item count', async () => {
      const server = startWithAws({
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'KEY',
        AWS_SECRET_ACCESS_KEY: 'secret',
      });
      const response = await fetch(await server.url, { method: 'POST' });
      expect(server.stdout()).toContain('from DynamoDB in AWS: about 5 items, as estimated by DynamoDB');
      expect(await response.json()).toMatchObject({ Items: [{ id: 'a' }] });
      expect(authorization).toMatch(/Credential=KEY\/\d{8}\/eu-west-1\/dynamodb/);
      server.signal('SIGTERM');
      await server.exited;
    });

    it('reports that no region is configured', async () => {
      const server = startWithAws({});
      const response = await fetch(await server.url, { method: 'POST' });
      expect(server.stdout()).toContain(
        'item count unavailable: This server does not know the AWS region of the table. Set AWS_REGION.',
      );
      expect(response.status).toBe(502);
      expect(await response.json()).toMatchObject({ code: 'RegionMissing' });
    });

    it('returns 502 when there are no credentials', async () => {
      const server = startWithAws({ AWS_REGION: 'eu-west-1' });
      const response = await fetch(await server.url, { method: 'POST' });
      expect(response.status).toBe(502);
      expect(await response.json()).toMatchObject({ code: 'CredentialsProviderError' });
      expect(authorization).toBeUndefined();
      server.signal('SIGTERM');
      await server.exited;
    });
  });

  it('exits at the second signal even if a response is in progress', async () => {
    const dynamodb = await startFakeDynamodb(({ response }, index) => {
      if (index === 0) succeed(response, scanAnswer([{ id: { S: 'a' } }], 'a'));
    }, describeTable(2));
    const server = startServer([], {
      DYNAMODB: dynamodb.endpoint,
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    });
    const response = await fetch(await server.url, { method: 'POST' });
    server.signal('SIGTERM');
    while (!server.stdout().includes('SIGTERM')) await new Promise(setImmediate);
    server.signal('SIGINT');
    expect(await server.exited).toEqual([1, null]);
    await expect(response.text()).rejects.toThrow();
    expect(server.stderr()).toBe('');
    await dynamodb.close();
  });

  it('finishes the response in progress after a signal', async () => {
    let finish: ((response: ServerResponse) => void) | undefined;
    const lastPage = new Promise<ServerResponse>((resolve) => (finish = resolve));
    const dynamodb = await startFakeDynamodb(({ response }, index) => {
      if (index === 0) succeed(response, scanAnswer([{ id: { S: 'a' } }], 'a'));
      else finish?.(response);
    }, describeTable(2));
    const server = startServer([], {
      DYNAMODB: dynamodb.endpoint,
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    });
    const response = await fetch(await server.url, { method: 'POST' });
    const pending = await lastPage;
    server.signal('SIGTERM');
    while (!server.stdout().includes('SIGTERM')) await new Promise(setImmediate);
    succeed(pending, scanAnswer([{ id: { S: 'b' } }]));
    expect(await response.json()).toEqual({ Items: [{ id: 'a' }, { id: 'b' }], Count: 2, ScannedCount: 2 });
    expect(await server.exited).toEqual([0, null]);
    await dynamodb.close();
  });
});
