/** Creates the SDK's client with the settings of this server. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { AwsCredentialIdentityProvider, HttpRequest } from '@smithy/types';
import { createAgents } from './agents';

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
  // Without the cache, a renewal reads files again.
  const credentials = defaultProvider({ ignoreCache: true });
  const client = new DynamoDBClient({
    ...(endpoint !== undefined && { endpoint }),
    credentials:
      anonymous === true ? PLACEHOLDER : endpoint === undefined ? credentials : orPlaceholder(credentials),
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

function orPlaceholder(credentials: AwsCredentialIdentityProvider): AwsCredentialIdentityProvider {
  return async (properties) => {
    try {
      return await credentials(properties);
    } catch (error) {
      if ((error as Error).name !== 'CredentialsProviderError') throw error;
      return PLACEHOLDER;
    }
  };
}
