/** Reads the AWS credentials again when DynamoDB no longer accepts them. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AwsCredentialIdentity } from '@smithy/types';
import { DynamodbError } from './dynamodbError';

/** The credentials were replaced or have expired, for example those that a login wrote to `~/.aws/credentials`. */
const OUTDATED = new Set(['ExpiredTokenException', 'UnrecognizedClientException']);

/** The SDK reads credentials without an expiry date only once. */
export class CredentialRenewal {
  private readonly client: DynamoDBClient;
  /** Increases with each renewal that has found other credentials. */
  private generation = 0;
  private renewal: Promise<boolean> | undefined;

  constructor(client: DynamoDBClient) {
    this.client = client;
  }

  /** Sends a request. If DynamoDB rejects the credentials and there are others by now, sends it once more with them. */
  async sendWithCurrent<Result>(send: () => Promise<Result>): Promise<Result> {
    const { generation } = this;
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof DynamodbError) || !OUTDATED.has(error.name)) throw error;
      if (generation === this.generation && !(await this.renew().catch(() => false))) throw error;
      return send();
    }
  }

  /** Returns whether there are other credentials than before. Requests that fail at the same time share one renewal. */
  private renew(): Promise<boolean> {
    this.renewal ??= this.readAgain().finally(() => (this.renewal = undefined));
    return this.renewal;
  }

  private async readAgain(): Promise<boolean> {
    const { credentials } = this.client.config;
    const before = keysOf(await credentials());
    const after = keysOf(await credentials({ forceRefresh: true }));
    if (before === after) return false;
    this.generation++;
    return true;
  }
}

function keysOf({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentialIdentity): string {
  return JSON.stringify([accessKeyId, secretAccessKey, sessionToken]);
}
