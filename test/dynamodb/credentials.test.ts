import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamodbError } from '../../src/dynamodb/dynamodbError';
import { createRepository, type Repository } from '../../src/dynamodb/repository';
import {
  scanResponse,
  sendException,
  startFakeDynamodb,
  succeed,
  type FakeDynamodb,
} from '../helpers/fakeDynamodb';

const NEVER = new AbortController().signal;
const TABLE = { TableName: 'Records' };

describe('a repository with credentials in a file', () => {
  let directory: string;
  let file: string;
  let dynamodb: FakeDynamodb;
  let repository: Repository;
  /** The access keys of the Scan requests, in order. */
  let usedKeys: string[];
  let acceptedKey: string;
  let exception: string;
  const environment = { ...process.env };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'credentials-'));
    file = join(directory, 'credentials');
    usedKeys = [];
    exception = 'ExpiredTokenException';
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_PROFILE;
    process.env.AWS_SHARED_CREDENTIALS_FILE = file;
    process.env.AWS_CONFIG_FILE = join(directory, 'config');
    dynamodb = await startFakeDynamodb(({ request, response }) => {
      const [, key = ''] = /Credential=([^/]+)/.exec(request.headers.authorization ?? '') ?? [];
      usedKeys.push(key);
      if (key === acceptedKey) succeed(response, scanResponse([]));
      else sendException(response, 400, exception, 'The security token included in the request is expired');
    });
    repository = createRepository({ endpoint: dynamodb.endpoint, region: 'us-east-1', timeout: 5000 });
  });

  afterEach(async () => {
    process.env = { ...environment };
    repository.close();
    await dynamodb.close();
    await rm(directory, { recursive: true });
  });

  async function login(key: string): Promise<void> {
    await writeFile(file, `[default]\naws_access_key_id = ${key}\naws_secret_access_key = secret\n`);
  }

  it.each(['ExpiredTokenException', 'UnrecognizedClientException'])(
    'reads the file again after %s, and repeats the request once',
    async (name) => {
      exception = name;
      acceptedKey = 'FIRST';
      await login('FIRST');
      await repository.scanPage(TABLE, NEVER);
      // By now, requests take the fast path too.
      await repository.scanPage(TABLE, NEVER);
      acceptedKey = 'SECOND';
      await login('SECOND');
      const pages = [1, 2, 3].map(() => repository.scanPage(TABLE, NEVER));
      expect(await Promise.all(pages)).toHaveLength(3);
      await repository.scanPage(TABLE, NEVER);
      expect(usedKeys).toEqual([
        'FIRST',
        'FIRST',
        ...Array<string>(3).fill('FIRST'),
        ...Array<string>(4).fill('SECOND'),
      ]);
    },
  );

  it('does not repeat the request if the file has the same credentials as before', async () => {
    acceptedKey = 'OTHER';
    await login('FIRST');
    await expect(repository.scanPage(TABLE, NEVER)).rejects.toMatchObject({ name: exception });
    expect(usedKeys).toEqual(['FIRST']);
  });

  it('throws the error of DynamoDB if the credentials cannot be read again', async () => {
    acceptedKey = 'FIRST';
    await login('FIRST');
    const aws = createRepository({ region: 'us-east-1', timeout: 5000, endpoint: dynamodb.endpoint });
    await aws.scanPage(TABLE, NEVER);
    acceptedKey = 'OTHER';
    await writeFile(file, '[default]\ncredential_process = false\n');
    await expect(aws.scanPage(TABLE, NEVER)).rejects.toBeInstanceOf(DynamodbError);
    aws.close();
  });

  it('gives up if the new credentials are not accepted either', async () => {
    acceptedKey = 'FIRST';
    await login('FIRST');
    await repository.scanPage(TABLE, NEVER);
    acceptedKey = 'OTHER';
    await login('SECOND');
    await expect(repository.scanPage(TABLE, NEVER)).rejects.toMatchObject({ name: exception });
    expect(usedKeys).toEqual(['FIRST', 'FIRST', 'SECOND']);
  });
});
