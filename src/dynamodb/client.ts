/** Creates the SDK's client with the settings of this server. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AwsCredentialIdentityProvider, HttpRequest } from '@smithy/types';
import { createAgents } from './agents';
import { currentCredentials } from './credentials';

/** Which DynamoDB to use. */
export interface ClientOptions {
  /** A DynamoDB-compatible endpoint; default: AWS. */
  endpoint?: string;
  /** Default: the SDK chooses. */
  region?: string;
  /** For an engine that ignores credentials: the SDK does not search for any. */
  anonymous?: boolean;
  /** Milliseconds until the response must begin, and again until it must end; per attempt. */
  timeout: number;
}

/**
 * Creates a client, which keeps its connections until it is destroyed.
 *
 * @param onEndpoint called with the URL of the endpoint of each request before it is signed.
 */
export function createClient(
  { endpoint, region, anonymous, timeout }: ClientOptions,
  onEndpoint: (url: string) => void,
): DynamoDBClient {
  const client = new DynamoDBClient({
    ...(endpoint !== undefined && { endpoint }),
    credentials:
      anonymous === true
        ? PLACEHOLDER
        : endpoint === undefined
          ? currentCredentials
          : credentialsOrPlaceholder,
    ...(region !== undefined && { region }),
    requestHandler: {
      connectionTimeout: timeout,
      requestTimeout: timeout,
      throwOnRequestTimeout: true,
      ...createAgents(),
    },
  });
  // The logger middleware searches input and output for secrets even without a logger.
  client.middlewareStack.remove('loggerMiddleware');
  // Adds the trace id of the current Lambda invocation, which the fast path would repeat in later ones.
  client.middlewareStack.remove('recursionDetectionMiddleware');
  client.middlewareStack.add(
    (next) => (args) => {
      const { protocol, hostname, port } = args.request as HttpRequest;
      onEndpoint(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`);
      return next(args);
    },
    { name: 'observeEndpoint', step: 'build' },
  );
  return client;
}

/** DynamoDB Local accepts any credentials. */
const PLACEHOLDER = { accessKeyId: 'local', secretAccessKey: 'local' };

const credentialsOrPlaceholder: AwsCredentialIdentityProvider = async (properties) => {
  try {
    return await currentCredentials(properties);
  } catch (error) {
    if ((error as Error).name !== 'CredentialsProviderError') throw error;
    return PLACEHOLDER;
  }
};
