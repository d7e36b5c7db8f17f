/** The SDK's client, as this server wants it. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { createAgents } from './agents';

/** Which DynamoDB to call. */
export interface ClientOptions {
  /** A DynamoDB-compatible endpoint; AWS where there is none. */
  endpoint?: string;
  /** The SDK's own choice where there is none. */
  region?: string;
  /** For an engine that looks at no credentials: the SDK is not to search for any. */
  anonymous?: boolean;
  /** Milliseconds that DynamoDB may take to begin its answer, and then to end it; each attempt anew. */
  timeout: number;
}

/** A client whose connections are kept until it is destroyed. */
export function createClient({ endpoint, region, anonymous, timeout }: ClientOptions): DynamoDBClient {
  const credentials = anonymous === true ? PLACEHOLDER : credentialsOrPlaceholder;
  const client = new DynamoDBClient({
    ...(endpoint !== undefined && { endpoint, credentials }),
    ...(region !== undefined && { region }),
    requestHandler: {
      connectionTimeout: timeout,
      requestTimeout: timeout,
      throwOnRequestTimeout: true,
      ...createAgents(),
    },
  });
  // It would look for secrets in all that is sent and received, for a log that there is not.
  client.middlewareStack.remove('loggerMiddleware');
  // Which invocation of a Lambda function asks, DynamoDB does nothing with; a request outlives it here.
  client.middlewareStack.remove('recursionDetectionMiddleware');
  return client;
}

/** What DynamoDB Local takes as well as any other. */
const PLACEHOLDER = { accessKeyId: 'local', secretAccessKey: 'local' };

async function credentialsOrPlaceholder() {
  try {
    return await defaultProvider()();
  } catch (error) {
    if ((error as Error).name !== 'CredentialsProviderError') throw error;
    return PLACEHOLDER;
  }
}
