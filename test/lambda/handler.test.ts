/** Runs the built handler in its own process behind the project's template.yaml. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { buildFunction, type Built, Environment, type LambdaFunction, lambdaFunctions } from 'sam-gateway';
import { parseTemplate, resolveTemplate } from 'sam-template';
import { buffer } from 'node:stream/consumers';
import { listen } from '../helpers/listen';
import { startGateway, type TestGateway } from '../helpers/gateway';
import {
  describeTable,
  sendException,
  scanResponse,
  startFakeDynamodb,
  succeed,
  type FakeDynamodb,
} from '../helpers/fakeDynamodb';

const ROOT = join(__dirname, '../..');
const TEMPLATE = readFileSync(join(ROOT, 'template.yaml'), 'utf8');
const ITEMS = [{ id: { S: 'a' }, n: { N: '0.10' } }, { id: { S: 'b' } }];

const ENVIRONMENT = { AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none', LOG_LEVEL: 'silent' };

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

const EVENT = {
  resource: '/scanRecords',
  httpMethod: 'POST',
  body: null,
  requestContext: { requestId: 'id' },
};

function ownFunction(): LambdaFunction {
  const resolved = resolveTemplate(parseTemplate(TEMPLATE), { parameters: {}, region: 'x', accountId: '1' });
  const [lambda] = lambdaFunctions(resolved);
  if (lambda === undefined) throw new Error('the template has no function');
  return lambda;
}

function buildOwnFunction(): Promise<Built> {
  return buildFunction(ROOT, ownFunction());
}

let dynamodb: FakeDynamodb;
let gateway: TestGateway;

async function serve(environment: Record<string, string> = {}): Promise<void> {
  gateway = await startGateway(TEMPLATE, {
    root: ROOT,
    parameters: { Auth: 'none' },
    environment: { ...ENVIRONMENT, DYNAMODB: dynamodb.endpoint, ...environment },
  });
}

afterEach(async () => {
  await gateway.close();
  await dynamodb.close();
});

describe('the handler behind API Gateway', () => {
  it('returns items', async () => {
    dynamodb = await startFakeDynamodb(({ response }) => succeed(response, scanResponse(ITEMS)));
    await serve();
    const response = await fetch(`${gateway.url}/scanRecords`, { method: 'POST' });
    expect(response.status).toBe(200);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(await response.text()).toBe(
      '{"Items":[{"id":"a","n":0.10},{"id":"b"}],"Count":2,"ScannedCount":2}',
    );
  });

  it('sends the first page before the second page is read', async () => {
    const { promise: released, resolve: release } = withResolvers();
    dynamodb = await startFakeDynamodb(({ response }, index) => {
      if (index === 0) succeed(response, scanResponse(ITEMS, 'b'));
      else void released.then(() => succeed(response, scanResponse([])));
    });
    await serve();
    const response = await fetch(`${gateway.url}/scanRecords`, { method: 'POST' });
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).toString()).toContain('"id":"a"');
    release();
    await reader?.cancel();
  });

  it('resets the connection when the second page fails', async () => {
    dynamodb = await startFakeDynamodb(({ response }, index) => {
      if (index === 0) succeed(response, scanResponse(ITEMS, 'b'));
      else sendException(response, 400, 'ValidationException', 'no');
    });
    await serve();
    const response = await fetch(`${gateway.url}/scanRecords`, { method: 'POST' });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it('returns the status of a failed first page and then serves the next request', async () => {
    dynamodb = await startFakeDynamodb(({ response }, index) => {
      if (index === 0) sendException(response, 400, 'ResourceNotFoundException', 'no');
      else succeed(response, scanResponse(ITEMS));
    });
    await serve();
    const failed = await fetch(`${gateway.url}/scanRecords`, { method: 'POST' });
    expect(failed.status).toBe(404);
    expect(await failed.json()).toMatchObject({ code: 'ResourceNotFoundException' });
    expect((await fetch(`${gateway.url}/scanRecords`, { method: 'POST' })).status).toBe(200);
  });

  it('describes a table', async () => {
    dynamodb = await startFakeDynamodb(() => undefined, describeTable(12));
    await serve();
    const response = await fetch(`${gateway.url}/tables/RecordsTable`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      TableName: 'RecordsTable',
      ItemCount: 12,
      KeySchema: [],
      Indexes: [],
    });
  });

  it.each(['/', '/console/config.json'])('has no console at %s, even with CONSOLE=on', async (path) => {
    dynamodb = await startFakeDynamodb(() => undefined);
    await serve({ CONSOLE: 'on' });
    const response = await fetch(`${gateway.url}${path}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'NotFound' });
  });

  it('reports that the embedded engine is not available', async () => {
    dynamodb = await startFakeDynamodb(() => undefined);
    await serve({ DYNAMODB: 'embedded' });
    expect((await fetch(`${gateway.url}/scanRecords`, { method: 'POST' })).status).toBe(502);
    expect(gateway.log.join()).toContain('the function does not include the embedded engine');
  });
});

describe('the handler when the client disconnects', () => {
  it('reads no further page', async () => {
    const abandoned = withResolvers();
    dynamodb = await startFakeDynamodb(({ response }, index) => {
      // The second page never arrives, so only an abort can end its request.
      if (index === 0) succeed(response, scanResponse(ITEMS, 'b'));
      else response.once('close', abandoned.resolve);
    });
    await serve();
    const event = { ...EVENT, headers: {} };
    const platform = createServer((request, response) => {
      if (request.method === 'GET') {
        response.setHeader('Lambda-Runtime-Aws-Request-Id', 'id').end(JSON.stringify(event));
      } else {
        request.once('data', () => request.socket.destroy());
      }
    });
    const { port, close } = await listen(platform);
    const built = await buildOwnFunction();
    const child = spawn(process.execPath, [built.runtime], {
      env: {
        ...ENVIRONMENT,
        AWS_REGION: 'us-east-1',
        DYNAMODB: dynamodb.endpoint,
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
        LAMBDA_TASK_ROOT: built.directory,
        _HANDLER: 'lambda.handler',
      },
      stdio: 'ignore',
    });
    try {
      await abandoned.promise;
      expect(dynamodb.scans).toHaveLength(2);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
      await close();
      await built.remove();
    }
  });
});

describe('the handler under sam local', () => {
  let built: Built;
  let environment: Environment;

  afterEach(async () => {
    await environment.stop('the test is over');
    await built.remove();
    await gateway.close();
  });

  it('returns a complete, uncompressed response with header names in their original case', async () => {
    dynamodb = await startFakeDynamodb(({ response }) => succeed(response, scanResponse(ITEMS)));
    await serve();
    const resolved = resolveTemplate(parseTemplate(TEMPLATE), {
      parameters: {},
      region: 'x',
      accountId: '1',
    });
    const [lambda] = lambdaFunctions(resolved);
    if (lambda === undefined) throw new Error('the template has no function');
    built = await buildFunction(ROOT, lambda);
    environment = await Environment.start(lambda, built, {
      region: 'us-east-1',
      accountId: '1',
      overrides: { ...ENVIRONMENT, DYNAMODB: dynamodb.endpoint, AWS_SAM_LOCAL: 'true' },
      inherited: {},
      log: () => undefined,
    });
    const event = { ...EVENT, headers: { 'Accept-Encoding': 'gzip' } };
    const { body } = await environment.invoke('id', event);
    expect(JSON.parse((await buffer(body)).toString())).toMatchObject({
      statusCode: 200,
      headers: { 'Content-Type': 'application/json; charset=utf-8', 'X-Request-Id': 'id' },
      body: '{"Items":[{"id":"a","n":0.10},{"id":"b"}],"Count":2,"ScannedCount":2}',
      isBase64Encoded: false,
    });
  });
});
