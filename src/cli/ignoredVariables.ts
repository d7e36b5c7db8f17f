/** Names environment variables that the AWS CLI honors and this server does not. No I/O. */
import { isLoopbackHost } from 'cors-policy';
import type { Config, Environment } from '../config/config';

/** Returns one sentence for each variable that is set but has no effect on requests to DynamoDB. */
export function ignoredVariables(environment: Environment, dynamodb: Config['dynamodb']): string[] {
  const endpoint = dynamodb.kind === 'endpoint' ? new URL(dynamodb.endpoint) : undefined;
  if (dynamodb.kind === 'embedded' || (endpoint && isLoopbackHost(endpoint.hostname))) return [];
  const isPlain = endpoint?.protocol === 'http:';
  const proxyNames = isPlain ? ['HTTP_PROXY', 'http_proxy'] : ['HTTPS_PROXY', 'https_proxy'];
  const proxy = proxyNames.find((name) => isSet(environment[name]));
  return [
    ...(proxy === undefined ? [] : [`${proxy} is ignored: this server connects to DynamoDB directly.`]),
    ...(isPlain || !isSet(environment.AWS_CA_BUNDLE)
      ? []
      : ['AWS_CA_BUNDLE is ignored: set NODE_EXTRA_CA_CERTS to the file instead.']),
  ];
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
