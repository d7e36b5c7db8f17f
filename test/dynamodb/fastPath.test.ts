import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FastPath } from '../../src/dynamodb/fastPath';
import { createRepository, type Repository } from '../../src/dynamodb/repository';
import type { ScanCall } from '../../src/dynamodb/scanCall';
import { sendThroughSdk } from '../../src/dynamodb/sdkPath';
import { readPage } from '../../src/dynamodb/page';
import { PLAIN_JSON } from '../../src/dynamodb/transcoder/transcoder';
import { TranscoderPool } from '../../src/dynamodb/transcoder/pool';
import {
  sendException,
  scanResponse,
  startFakeDynamodb,
  succeed,
  type FakeDynamodb,
} from '../helpers/fakeDynamodb';
import { repositoryAt } from '../helpers/servedApp';

const RESPONSE = scanResponse([{ id: { S: 'é' } }], 'next');
const CALL: ScanCall = {
  TableName: 'Records',
  Limit: 5,
  FilterExpression: 'a = :a',
  ExpressionAttributeValues: { ':a': { L: [{ S: 'é "' }, { B: '/wD+' }, { N: '-1.50' }] } },
  ExclusiveStartKey: { id: { B: 'AAE=' } },
  ConsistentRead: undefined,
};
const signal = new AbortController().signal;
const HOUR = 3_600_000;

/** Headers that differ between requests. */
const OF_ONE_CALL = [
  'amz-sdk-invocation-id',
  'amz-sdk-request',
  'authorization',
  'x-amz-content-sha256',
  'x-amz-date',
];

function without(headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/**
 * Computes the signature of a received request as AWS would.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
function signatureOf(headers: IncomingHttpHeaders, body: string, secret: string): string {
  const [, scope = '', names = ''] =
    /Credential=\w+\/(\S+), SignedHeaders=(\S+),/.exec(headers.authorization ?? '') ?? [];
  const lines = names.split(';').map((name) => `${name}:${String(headers[name])}\n`);
  const canonical = ['POST', '/', '', lines.join(''), names, sha256(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', String(headers['x-amz-date']), scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, toSign).toString('hex');
}

describe('a request after the first of its table', () => {
  let dynamodb: FakeDynamodb;
  let repository: Repository;
  let received: { headers: IncomingHttpHeaders; body: string }[];
  let respond: (response: ServerResponse, index: number, headers: IncomingHttpHeaders) => void;

  const scan = (call = CALL) => repository.scanPage(call, new AbortController().signal);

  beforeEach(async () => {
    received = [];
    respond = (response) => succeed(response, RESPONSE);
    dynamodb = await startFakeDynamodb(({ request, response, body }, index) => {
      received.push({ headers: request.headers, body: JSON.stringify(body) });
      respond(response, index, request.headers);
    });
    repository = repositoryAt(dynamodb.endpoint);
  });

  afterEach(async () => {
    repository.close();
    await dynamodb.close();
  });

  /** Gives DynamoDB a clock that is ahead of this one, and makes it check the time strictly. */
  function clockOf(ahead: number): void {
    respond = (response, _, headers) => {
      const now = Date.now() + ahead;
      const [, ...parts] =
        /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers['x-amz-date'])) ?? [];
      const [year = 0, month = 0, ...rest] = parts.map(Number);
      const signed = Date.UTC(year, month - 1, ...rest);
      response.setHeader('Date', new Date(now).toUTCString());
      if (Math.abs(signed - now) < HOUR / 4) succeed(response, RESPONSE);
      else sendException(response, 400, 'InvalidSignatureException', 'Signature not yet current');
    };
  }

  it('uses the operation of its own call, whatever was sent before', async () => {
    const query = { ...CALL, KeyConditionExpression: 'id = :id', ScanIndexForward: false };
    for (const call of [CALL, query, query, CALL, query]) await scan(call);
    expect(received.map(({ headers }) => headers['x-amz-target'])).toEqual([
      'DynamoDB_20120810.Scan',
      'DynamoDB_20120810.Query',
      'DynamoDB_20120810.Query',
      'DynamoDB_20120810.Scan',
      'DynamoDB_20120810.Query',
    ]);
    const [, first, second, , third] = received;
    for (const { headers, body } of [second, third].flatMap((request) => request ?? [])) {
      expect(JSON.parse(body)).toEqual(JSON.parse(first?.body ?? ''));
      expect(without(headers, OF_ONE_CALL)).toEqual(without(first?.headers ?? {}, OF_ONE_CALL));
      expect(headers.authorization).toContain(`Signature=${signatureOf(headers, body, 'local')}`);
    }
  });

  it('is the request of the SDK with a new signature', async () => {
    const pages = [await scan(), await scan(), await scan()];
    const [first, ...others] = received;
    expect(others).toHaveLength(2);
    for (const { headers, body } of others) {
      expect(without(headers, OF_ONE_CALL)).toEqual(without(first?.headers ?? {}, OF_ONE_CALL));
      expect(JSON.parse(body)).toEqual(JSON.parse(first?.body ?? ''));
    }
    for (const { headers, body } of received) {
      expect(headers.authorization).toContain(`Signature=${signatureOf(headers, body, 'local')}`);
    }
    for (const page of pages) expect(page.encodeItems(PLAIN_JSON).toString()).toBe('{"id":"é"}');
  });

  it('goes through the SDK’s middleware when the fast path is off', async () => {
    repository.close();
    repository = createRepository({
      endpoint: dynamodb.endpoint,
      region: 'us-east-1',
      anonymous: true,
      timeout: 5000,
      fastPath: false,
    });
    await scan();
    await scan();
    expect(received.map(({ headers }) => headers['amz-sdk-request'] !== undefined)).toEqual([true, true]);
  });

  it('bypasses the SDK’s middleware, unlike the first request of another table', async () => {
    await scan();
    await scan();
    await scan({ TableName: 'Others' });
    const isSdk = received.map(({ headers }) => headers['amz-sdk-request'] !== undefined);
    expect(isSdk).toEqual([true, false, true]);
  });

  it.each([
    ['1', 1],
    ['3', 3],
  ])('counts, if it fails, as one of AWS_MAX_ATTEMPTS=%s', async (maxAttempts, attempts) => {
    process.env.AWS_MAX_ATTEMPTS = maxAttempts;
    try {
      await scan();
      respond = (response) => sendException(response, 500, 'InternalServerError', 'for now');
      await expect(scan()).rejects.toMatchObject({
        name: 'InternalServerError',
        message: 'for now',
        status: 500,
        cause: { $metadata: { attempts } },
      });
      expect(received).toHaveLength(1 + attempts);
    } finally {
      delete process.env.AWS_MAX_ATTEMPTS;
    }
  });

  it.each<[string, (response: ServerResponse) => void]>([
    [
      'breaks off',
      (response) =>
        response.writeHead(200, { 'Content-Length': 500 }).write(RESPONSE, () => response.destroy()),
    ],
    ['is reset', (response) => response.destroy()],
    ['has another checksum', (response) => response.writeHead(200, { 'x-amz-crc32': '1' }).end(RESPONSE)],
    ['is throttled', (response) => sendException(response, 400, 'ThrottlingException', 'slow down')],
  ])('is retried if its response %s', async (_, fail) => {
    await scan();
    respond = (response, index) => {
      if (index === 1) fail(response);
      else succeed(response, RESPONSE);
    };
    expect((await scan()).encodeItems(PLAIN_JSON).toString()).toBe('{"id":"é"}');
    expect(received).toHaveLength(3);
  });

  it('is not retried if its response is not a Scan result', async () => {
    await scan();
    respond = (response) => succeed(response, '{"Items":[}');
    await expect(scan().then((page) => page.encodeItems(PLAIN_JSON))).rejects.toMatchObject({
      name: 'MalformedResponseError',
    });
    expect(received).toHaveLength(2);
  });

  it('is not sent for a client that has disconnected', async () => {
    await scan();
    await expect(repository.scanPage(CALL, AbortSignal.abort())).rejects.toThrow();
    expect(received).toHaveLength(1);
  });

  it('is signed with DynamoDB’s time, also after either clock was set', async () => {
    clockOf(2 * HOUR);
    for (const attempts of [2, 3]) {
      await scan();
      expect(received).toHaveLength(attempts);
    }
    clockOf(-3 * HOUR);
    for (const attempts of [5, 6]) {
      await scan();
      expect(received).toHaveLength(attempts);
    }
  });

  it('is signed with DynamoDB’s time if many requests notice at once that the clock was set', async () => {
    // As if all arrived within a millisecond.
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now());
    try {
      await scan();
      for (const ahead of [-2 * HOUR, 3 * HOUR, -5 * HOUR]) {
        clockOf(ahead);
        const pages = await Promise.all(Array.from({ length: 16 }, () => scan()));
        expect(pages).toHaveLength(16);
      }
    } finally {
      now.mockRestore();
    }
  });

  it('goes through the SDK again after ten minutes', async () => {
    await scan();
    await scan();
    const now = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 601_000);
    try {
      await scan();
    } finally {
      now.mockRestore();
    }
    const isSdk = received.map(({ headers }) => headers['amz-sdk-request'] !== undefined);
    expect(isSdk).toEqual([true, false, true]);
  });

  it('goes through the SDK with AWS_RETRY_MODE=adaptive', async () => {
    process.env.AWS_RETRY_MODE = 'adaptive';
    try {
      await scan();
      await scan();
    } finally {
      delete process.env.AWS_RETRY_MODE;
    }
    for (const { headers } of received) expect(headers['amz-sdk-request']).toBeDefined();
  });

  it('does not repeat the trace id of the Lambda invocation that sent the first request', async () => {
    Object.assign(process.env, { AWS_LAMBDA_FUNCTION_NAME: 'f', _X_AMZN_TRACE_ID: 'Root=1-first' });
    try {
      await scan();
      await scan();
    } finally {
      delete process.env.AWS_LAMBDA_FUNCTION_NAME;
      delete process.env._X_AMZN_TRACE_ID;
    }
    for (const { headers } of received) expect(headers['x-amzn-trace-id']).toBeUndefined();
  });
});

describe('on the fast path, the SDK’s own', () => {
  let dynamodb: FakeDynamodb;
  let headers: IncomingHttpHeaders[];
  let sockets: Set<unknown>;
  let respond: (response: ServerResponse) => void;
  let client: DynamoDBClient;
  let direct: FastPath;
  const reading = { timeout: 5000, transcoders: new TranscoderPool() };

  beforeEach(async () => {
    headers = [];
    sockets = new Set();
    respond = (response) => succeed(response, RESPONSE);
    dynamodb = await startFakeDynamodb(({ request, response }) => {
      headers.push(request.headers);
      sockets.add(request.socket);
      respond(response);
    });
    let made = 0;
    client = new DynamoDBClient({
      endpoint: dynamodb.endpoint,
      region: 'us-east-1',
      credentials: () => {
        const name = `key${++made}`;
        const expiration = new Date(Date.now() + 1000);
        return Promise.resolve({ accessKeyId: name, secretAccessKey: 's', sessionToken: name, expiration });
      },
    });
    direct = new FastPath(client, reading);
    await sendThroughSdk(client, CALL, {
      ...reading,
      readPage: (body) => readPage(body, { countOnly: false, startKey: undefined }),
      signal,
      learn: (request, authScheme) => direct.learn(CALL, request, authScheme),
      firstAttempt: undefined,
    });
  });

  afterEach(async () => {
    client.destroy();
    await dynamodb.close();
  });

  it('credentials are resolved for each request, and renewed when they expire', async () => {
    await direct.send(CALL, signal);
    await direct.send(CALL, signal);
    const tokens = headers.map((of) => String(of['x-amz-security-token']));
    expect(new Set(tokens).size).toBe(3);
    for (const [at, token] of tokens.entries()) {
      expect(headers[at]?.authorization).toContain(`Credential=${token}/`);
    }
  });

  it('connections are released after a failure, whether or not its result is read', async () => {
    respond = (response) => sendException(response, 400, 'ExpiredTokenException', 'expired');
    for (let call = 0; call < 3; call++) {
      expect((await direct.send(CALL, signal))?.failed).toBeDefined();
      await setImmediate();
    }
    expect(headers).toHaveLength(4);
    expect(sockets.size).toBe(1);
  });

  it('retry quota is refilled by each success', async () => {
    const strategy = await client.config.retryStrategy();
    const recordSuccess = jest.spyOn(
      strategy as { recordSuccess: (token: unknown) => void },
      'recordSuccess',
    );
    await direct.send(CALL, signal);
    expect(recordSuccess).toHaveBeenCalledTimes(1);
  });
});
