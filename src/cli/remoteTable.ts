/** The repository of a table that is not in this process. */
import type { Config } from '../config/config';
import { createRepository, type Repository } from '../dynamodb/repository';

export type RemoteDynamodb = Exclude<Config['dynamodb'], { kind: 'embedded' }>;

/** A repository over DynamoDB in AWS, or over an endpoint that answers as it does. */
export function openRemote(dynamodb: RemoteDynamodb, timeout: number): Repository {
  return createRepository(
    dynamodb.kind === 'aws' ? { timeout } : { endpoint: dynamodb.endpoint, region: dynamodb.region, timeout },
  );
}
