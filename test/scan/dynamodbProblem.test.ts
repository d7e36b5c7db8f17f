import request from 'supertest';
import type { Repository } from '../../src/dynamodb/repository';
import { DynamodbError, toDynamodbError } from '../../src/dynamodb/dynamodbError';
import { PROBLEM_STATUSES } from '../../src/http/problemCodes';
import { dynamodbProblem } from '../../src/scan/dynamodbProblem';
import {
  sendException,
  scanResponse,
  startFakeDynamodb,
  succeed,
  type FakeDynamodb,
  type Script,
} from '../helpers/fakeDynamodb';
import { repositoryAt, testApp, type TestApp } from '../helpers/servedApp';

/** A 5xx response must not show the endpoint, the account or credentials. */
const INTERNALS = /127\.0\.0\.1|localhost|arn:|123456789012|AKIA|Credential|node_modules|\bat \//;
const ARN = 'arn:aws:dynamodb:us-east-1:123456789012:table/RecordsTable';

it.each(['EMFILE', 'ENFILE'])('says that this server has too many open files for %s', (code) => {
  const error = toDynamodbError(Object.assign(new Error('connect'), { code }));
  expect(dynamodbProblem(error as Error)).toMatchObject({ code: 'TooManyOpenFiles' });
});

it.each([
  'Signature expired: 20260101T000000Z is now earlier than 20260101T001500Z (20260101T002000Z - 5 min.)',
  'Signature not yet current: 20260101T003000Z is still later than 20260101T000500Z (20260101T000000Z + 5 min.)',
])('says that the clock is wrong for "%s"', (message) => {
  const error = new DynamodbError('InvalidSignatureException', new Error(message));
  expect(dynamodbProblem(error)).toEqual({
    code: 'InvalidSignatureException',
    detail:
      "The clock of this server is wrong, so DynamoDB does not accept its signatures. Set the server's clock.",
  });
});

describe('a scan that fails before the first page', () => {
  let dynamodb: FakeDynamodb;
  let repository: Repository;

  async function scanOver(
    script: Script,
    timeout?: number,
    describe?: Script,
  ): Promise<TestApp & { response: request.Response }> {
    dynamodb = await startFakeDynamodb(script, describe);
    repository = repositoryAt(dynamodb.endpoint, timeout);
    const test = testApp(repository);
    return { ...test, response: await request(test.app).post('/scanRecords') };
  }

  afterEach(async () => {
    repository.close();
    await dynamodb.close();
  });

  describe('with one attempt', () => {
    beforeAll(() => {
      process.env.AWS_MAX_ATTEMPTS = '1';
    });

    afterAll(() => {
      delete process.env.AWS_MAX_ATTEMPTS;
    });

    it.each([
      [400, 'SerializationException', 400],
      [400, 'ResourceNotFoundException', 404],
      [400, 'AccessDeniedException', 502],
      [400, 'ProvisionedThroughputExceededException', 429],
      [400, 'ThrottlingException', 429],
      [400, 'RequestLimitExceeded', 429],
      [400, 'ExpiredTokenException', 502],
      [400, 'UnrecognizedClientException', 502],
      [400, 'InvalidSignatureException', 502],
      [400, 'IncompleteSignatureException', 502],
      [400, 'MissingAuthenticationTokenException', 502],
      [500, 'InternalServerError', 502],
      [503, 'ServiceUnavailable', 503],
    ])('translates DynamoDB’s %i %s to %i with its name as the code', async (status, exception, expected) => {
      const { response } = await scanOver(({ response }) => {
        sendException(response, status, exception, `User: arn:aws:iam::123456789012:user/x; ${ARN}`);
      });
      expect(response.status).toBe(expected);
      expect(response.type).toBe('application/problem+json');
      expect(response.get('Access-Control-Allow-Origin')).toBe('*');
      expect(response.body).toMatchObject({
        status: expected,
        code: expected === 503 ? 'DynamoDBUnreachable' : exception,
      });
      expect(response.text).not.toMatch(INTERNALS);
    });

    it('returns 502 DynamoDBFailed for an exception that is not a problem code, and logs its name', async () => {
      const { response, log } = await scanOver(({ response }) => {
        sendException(response, 400, 'SomethingNewException', ARN);
      });
      expect(response.status).toBe(502);
      expect(response.body).toMatchObject({ code: 'DynamoDBFailed' });
      expect(response.text).not.toMatch(INTERNALS);
      expect(log[0]).toMatchObject({ error: { name: 'SomethingNewException' } });
    });
  });

  it('passes on the message of a ValidationException, because it is about the request', async () => {
    const { response } = await scanOver(({ response }) => {
      sendException(
        response,
        400,
        'ValidationException',
        'Invalid FilterExpression: Syntax error; token: "<EOF>"',
      );
    });
    expect(response.body).toMatchObject({
      status: 400,
      code: 'ValidationException',
      detail: 'Invalid FilterExpression: Syntax error; token: "<EOF>"',
    });
  });

  it('retries a throttled request as the SDK does, then returns Retry-After', async () => {
    const { response } = await scanOver(({ response }) => {
      sendException(response, 400, 'ProvisionedThroughputExceededException', 'Slow down');
    });
    expect(dynamodb.scans.length).toBeGreaterThan(1);
    expect(response.get('Retry-After')).toBe('1');
    expect(response.get('Access-Control-Expose-Headers')).toContain('Retry-After');
  });

  it('recovers when DynamoDB throttles once', async () => {
    const { response } = await scanOver(({ response }, index) => {
      if (index === 0) sendException(response, 400, 'ProvisionedThroughputExceededException', 'Slow down');
      else succeed(response, '{"Items":[{"id":{"S":"a"}}],"Count":1,"ScannedCount":1}');
    });
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({ Items: [{ id: 'a' }] });
  });

  it('returns 504 when DynamoDB does not respond in time', async () => {
    const { response } = await scanOver(() => undefined, 50);
    expect(response.status).toBe(504);
    expect(response.body).toMatchObject({ code: 'DynamoDBTimeout' });
    expect(response.text).not.toMatch(INTERNALS);
  });

  it('returns 504 when the response body stalls', async () => {
    const { response } = await scanOver(({ response }) => {
      response.writeHead(200, { 'Content-Length': 1000 }).write('{"Items":[');
    }, 50);
    expect(response.status).toBe(504);
    expect(response.body).toMatchObject({ code: 'DynamoDBTimeout' });
  });

  it.each([
    ['is not JSON', '<html>It works!</html>'],
    ['is JSON of another kind', '{"message":"hello"}'],
    ['is empty', ''],
    ['counts records and holds none', '{"Count":5,"ScannedCount":5}'],
    ['holds an attribute of no known type', '{"Items":[{"id":{"X":"a"}}],"Count":1,"ScannedCount":1}'],
    ['counts more records than it holds', '{"Items":[{"id":{"S":"a"}}],"Count":2,"ScannedCount":2}'],
  ])('returns 502 when a 200 response of DynamoDB %s', async (_, body) => {
    const { response } = await scanOver(({ response }) => {
      succeed(response, body);
    });
    expect(response.status).toBe(502);
    expect(response.body).toMatchObject({ code: 'MalformedAnswer' });
    expect(response.text).not.toMatch(INTERNALS);
  });

  it.each([201, 202, 204])('does not treat an empty %i response as an empty page', async (status) => {
    const { response } = await scanOver(({ response }) => {
      response.writeHead(status).end();
    });
    expect(response.status).toBe(502);
    expect(response.body).toMatchObject({ code: 'MalformedAnswer' });
  });

  it('does not start again after a page whose key cannot be sent back', async () => {
    const { response } = await scanOver(({ response }) => {
      succeed(response, '{"Items":[],"Count":0,"ScannedCount":0,"LastEvaluatedKey":{"__proto__":{"S":"a"}}}');
    });
    expect(response.status).toBe(502);
    expect(dynamodb.scans).toHaveLength(1);
  });

  it('returns 504 when the body of an error stalls', async () => {
    const { response } = await scanOver(({ response }) => {
      response.writeHead(400, { 'Content-Length': 1000 }).write('{"__type":');
    }, 50);
    expect(response.status).toBe(504);
  });

  it('returns 504 from /readyz when DescribeTable stalls', async () => {
    const stalled: Script = ({ response }) => {
      response.writeHead(200, { 'Content-Length': 1000 }).write('{"Table":');
    };
    const { app } = await scanOver(({ response }) => succeed(response, scanResponse([])), 50, stalled);
    const response = await request(app).get('/readyz');
    expect(response.status).toBe(504);
    expect(response.body).toMatchObject({ code: 'DynamoDBTimeout' });
  });

  it('returns 502 when an error is not JSON, as from a proxy', async () => {
    const { response } = await scanOver(({ response }) => {
      response.writeHead(400, { 'Content-Type': 'text/html' }).end('<html>Bad Request</html>');
    });
    expect(response.status).toBe(502);
  });

  it('returns 502 when the response body is cut short each time', async () => {
    const { response } = await scanOver(({ response }) => {
      response.writeHead(200, { 'Content-Length': 1000 }).write('{"Items":[', () => response.destroy());
    });
    expect(response.status).toBe(502);
    expect(response.body).toMatchObject({ code: 'IncompleteAnswer' });
    expect(dynamodb.scans.length).toBeGreaterThan(1);
  });

  it('recovers when the response body is cut short once', async () => {
    const { response } = await scanOver(({ response }, index) => {
      const body = '{"Items":[],"Count":0,"ScannedCount":0}';
      if (index > 0) succeed(response, body);
      else response.writeHead(200, { 'Content-Length': 1000 }).write(body, () => response.destroy());
    });
    expect(response.body).toEqual({ Items: [], Count: 0, ScannedCount: 0 });
  });

  it('rejects a response with a wrong checksum', async () => {
    const { response } = await scanOver(({ response }) => {
      response.writeHead(200, { 'x-amz-crc32': '1' }).end('{"Items":[],"Count":0,"ScannedCount":0}');
    });
    expect(response.status).toBe(502);
    expect(response.body).toMatchObject({ code: 'IncompleteAnswer' });
  });

  it('logs the details that the client does not see, in the line of the request', async () => {
    const { log } = await scanOver(({ response }) => {
      sendException(
        response,
        400,
        'AccessDeniedException',
        `not authorized to perform dynamodb:Scan on ${ARN}`,
      );
    });
    expect(log).toHaveLength(1);
    expect(log[0]).toMatchObject({
      status: 502,
      error: {
        name: 'AccessDeniedException',
        message: expect.stringContaining(ARN) as string,
        dynamodbRequestId: 'FAKE',
      },
    });
  });
});

describe('an error of the connection to DynamoDB', () => {
  it.each([
    ['EPROTO', 503],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 503],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 503],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 503],
    ['EHOSTUNREACH', 503],
    ['ENOTFOUND', 503],
    ['EAI_AGAIN', 503],
    ['ECONNRESET', 503],
    ['EPIPE', 503],
    ['ETIMEDOUT', 504],
  ])('becomes for Node’s code %s a %i', (code, status) => {
    const error = Object.assign(new Error('from the network'), { name: 'TimeoutError', code });
    const { code: problemCode = 'InternalError' } = dynamodbProblem(toDynamodbError(error) as Error) ?? {};
    expect(PROBLEM_STATUSES[problemCode]).toBe(status);
  });

  it('does not pass on a name that the SDK made up', () => {
    const error = Object.assign(new Error('?'), { name: 'Unknown', $metadata: {} });
    expect(dynamodbProblem(toDynamodbError(error) as Error)).toMatchObject({ code: 'DynamoDBFailed' });
  });
});

describe('a scan that never reaches DynamoDB', () => {
  it('returns 503 when nothing listens at the endpoint', async () => {
    // Nothing listens on port 1. A port that was just freed could be used by another test.
    const repository = repositoryAt('http://127.0.0.1:1');
    const response = await request(testApp(repository).app).post('/scanRecords');
    repository.close();
    expect(response.status).toBe(503);
    expect(response.body).toMatchObject({ code: 'DynamoDBUnreachable' });
    expect(response.get('Retry-After')).toBe('1');
    expect(response.text).not.toMatch(INTERNALS);
  });

  it('returns 500 for an unexpected error, and shows nothing of it', async () => {
    const repository: Repository = {
      ...repositoryAt('http://127.0.0.1:9'),
      scanPage: () => Promise.reject(new TypeError('secret is not a function')),
    };
    const { app, log } = testApp(repository);
    const response = await request(app).post('/scanRecords');
    expect(response.status).toBe(500);
    expect(response.text).not.toContain('secret');
    expect(log[0]).toMatchObject({ error: { message: 'secret is not a function' } });
  });
});
