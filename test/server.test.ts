import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import {
  describeTable,
  sendException,
  scanResponse,
  startFakeDynamodb,
  succeed,
  type FakeDynamodb,
} from './helpers/fakeDynamodb';
import { endServers, startServer } from './helpers/serverProcess';

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };

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
    expect(server.stderr()).toContain(`Serving RecordsTable at ${url}\n`);
    expect(server.stderr()).toContain('the embedded engine with the sample');
    expect(server.stderr()).toContain('1707 items');
    expect(server.stderr()).toContain(`curl -i -X OPTIONS ${url} -H 'Origin: http://localhost:5173'`);
    expect(server.stderr()).toContain(`curl -X POST ${url}\n`);
    expect(server.stderr()).toContain(`await fetch('${url}', { method: 'POST' })`);
    const { Count } = (await (await fetch(url, { method: 'POST' })).json()) as { Count: number };
    expect(Count).toBe(1707);
    server.signal('SIGINT');
    expect(await server.exited).toEqual([0, null]);
    const lines = server.stdout().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toHaveLength(2);
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
    expect(await server.exited).toEqual([2, null]);
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
    expect(server.stderr()).toContain('choose another port, for example --port 3001');
    other.close();
  });

  it('overrides environment variables with options, and names the option in a configuration issue', async () => {
    const server = startServer(['--table-name', 'FromOption', '--log-level', 'silent'], { TABLE_NAME: 'x' });
    await server.url;
    expect(server.stderr()).toContain('Serving FromOption');
    server.signal('SIGTERM');
    await server.exited;
    expect(server.stdout()).toBe('');

    const invalid = startServer(['--port', 'abc', '--log-level', 'loud'], { HOST: 'localhost' });
    expect(await invalid.exited).toEqual([2, null]);
    expect(invalid.stderr()).toContain('--port="abc": not a number in the range.');
    expect(invalid.stderr()).toContain('--log-level="loud": not a valid choice.');
  });

  it.each([
    [['--prot', '3001'], 'Unknown option "--prot". Did you mean --port?'],
    [['--region', 'eu-west-1'], '--region does not apply to the embedded engine.'],
    [['--wait'], '--wait does not apply to the embedded engine.'],
    [['orders.json', '--dynamodb', 'aws'], 'orders.json: a FILE needs the embedded engine.'],
  ])('exits with 2 when the arguments are %j', async (args, message) => {
    const server = startServer(args);
    expect(await server.exited).toEqual([2, null]);
    expect(server.stderr()).toContain(message);
    expect(server.stderr()).toContain('Run scan-records --help for all options.');
  });

  it('prints its help and its version to standard output', async () => {
    const help = startServer(['--help']);
    expect(await help.exited).toEqual([0, null]);
    expect(help.stdout()).toContain('Usage: scan-records');
    const version = startServer(['--version']);
    expect(await version.exited).toEqual([0, null]);
    expect(version.stdout()).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  describe('when the table does not exist', () => {
    let dynamodb: FakeDynamodb;
    let exists: boolean;

    beforeEach(async () => {
      exists = false;
      dynamodb = await startFakeDynamodb(
        ({ response }) => succeed(response, scanResponse([])),
        (call, index) => {
          if (call.operation === 'ListTables') succeed(call.response, '{"TableNames":["Orders","Users"]}');
          else if (exists) describeTable(3)(call, index);
          else sendException(call.response, 400, 'ResourceNotFoundException', 'not found');
        },
      );
    });

    afterEach(async () => {
      await dynamodb.close();
    });

    const start = (...args: string[]) =>
      startServer(['--endpoint-url', dynamodb.endpoint, '--table-name', 'Ordres', ...args], CREDENTIALS);

    it('exits and names the table, the endpoint and the tables that exist', async () => {
      const server = start();
      expect(await server.exited).toEqual([2, null]);
      expect(server.stderr()).toContain(
        `The table Ordres does not exist in DynamoDB at ${dynamodb.endpoint}. Its tables are: Orders, Users.`,
      );
    });

    it('waits for the table with --wait', async () => {
      const server = start('--wait');
      while (!server.stderr().includes('Waiting until the table Ordres exists'))
        await new Promise(setImmediate);
      exists = true;
      await server.url;
      expect(server.stderr()).toContain('about 3 items');
      server.signal('SIGTERM');
      expect(await server.exited).toEqual([0, null]);
    });

    it('stops waiting at a signal', async () => {
      const server = start('--wait');
      while (!server.stderr().includes('Waiting until the table Ordres exists'))
        await new Promise(setImmediate);
      server.signal('SIGTERM');
      expect(await server.exited).toEqual([0, null]);
    });
  });

  it('reads a .env file; environment variables take precedence', async () => {
    await writeFile(join(folder, '.env'), 'TABLE_NAME=FromFile\nRESPONSE_SHAPE=array\n');
    const server = startServer([], { TABLE_NAME: 'FromEnvironment' }, folder);
    const response = await fetch(await server.url, { method: 'POST' });
    expect(server.stderr()).toContain('Serving FromEnvironment');
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
    expect(server.stderr()).toContain('item count unavailable: DynamoDB could not be reached.');
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
        succeed(response, scanResponse([{ id: { S: 'a' } }]));
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
      expect(server.stderr()).toContain(
        `from DynamoDB at ${dynamodb.endpoint}: about 5 items, as estimated by DynamoDB`,
      );
      expect(await response.json()).toMatchObject({ Items: [{ id: 'a' }] });
      expect(authorization).toMatch(/Credential=KEY\/\d{8}\/eu-west-1\/dynamodb/);
      server.signal('SIGTERM');
      await server.exited;
    });

    it('reports that no region is configured', async () => {
      const server = startWithAws({});
      const response = await fetch(await server.url, { method: 'POST' });
      expect(server.stderr()).toContain(
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
      if (index === 0) succeed(response, scanResponse([{ id: { S: 'a' } }], 'a'));
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
    await dynamodb.close();
  });

  it('finishes the response in progress after a signal', async () => {
    let finish: ((response: ServerResponse) => void) | undefined;
    const lastPage = new Promise<ServerResponse>((resolve) => (finish = resolve));
    const dynamodb = await startFakeDynamodb(({ response }, index) => {
      if (index === 0) succeed(response, scanResponse([{ id: { S: 'a' } }], 'a'));
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
    succeed(pending, scanResponse([{ id: { S: 'b' } }]));
    expect(await response.json()).toEqual({ Items: [{ id: 'a' }, { id: 'b' }], Count: 2, ScannedCount: 2 });
    expect(await server.exited).toEqual([0, null]);
    await dynamodb.close();
  });
});
