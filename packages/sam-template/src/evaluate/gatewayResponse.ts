/** What API Gateway answers by itself, and with what headers: gateway responses. */
import { createHash } from 'node:crypto';
import type { Api, GatewayResponse } from '../api/api';
import { header, type GatewayAnswer, type GatewayRequest } from './exchange';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
const FAILURES = {
  MISSING_AUTHENTICATION_TOKEN: { status: 403, error: 'MissingAuthenticationTokenException' },
  UNAUTHORIZED: { status: 401, error: 'UnauthorizedException' },
  INVALID_API_KEY: { status: 403, error: 'ForbiddenException' },
  REQUEST_TOO_LARGE: { status: 413, error: 'RequestTooLargeException' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, error: 'UnsupportedMediaTypeException' },
  API_CONFIGURATION_ERROR: { status: 500, error: 'InternalServerErrorException' },
  BAD_GATEWAY: { status: 502, error: 'InternalServerErrorException' },
  INTEGRATION_TIMEOUT: { status: 504, error: 'InternalServerErrorException' },
} as const;

const MESSAGES: Readonly<Record<FailureType, string>> = {
  MISSING_AUTHENTICATION_TOKEN: 'Missing Authentication Token',
  UNAUTHORIZED: 'Unauthorized',
  INVALID_API_KEY: 'Forbidden',
  REQUEST_TOO_LARGE: 'Request Too Long',
  UNSUPPORTED_MEDIA_TYPE: 'Unsupported Media Type',
  API_CONFIGURATION_ERROR: 'Internal server error',
  BAD_GATEWAY: 'Internal server error',
  INTEGRATION_TIMEOUT: 'Endpoint request timed out',
};

export type FailureType = keyof typeof FAILURES;

/** The gateway answers this itself. `cause` is for the log. */
export class GatewayFailure extends Error {
  override name = 'GatewayFailure';
  readonly type: FailureType;

  constructor(type: FailureType, cause: string) {
    super(cause);
    this.type = type;
  }
}

/** The answer to a failure, as the API's gateway responses make it; without an API, without headers. */
export function failureAnswer(
  { type }: GatewayFailure,
  request: GatewayRequest,
  api: Api | undefined,
): GatewayAnswer {
  const { status, error } = failureOf(type, request);
  const response = api && responseFor(api, type, status);
  const message = messageOf(type, request);
  const template =
    response?.responseTemplates['application/json'] ?? '{"message":$context.error.messageString}';
  return {
    statusCode: response?.statusCode ?? status,
    headers: [
      ['Content-Type', 'application/json'],
      ['x-amzn-RequestId', request.requestId],
      ['x-amzn-ErrorType', error],
      ...mappedHeaders(response, request),
    ],
    body: Buffer.from(substitute(template, message, request)),
  };
}

function responseFor({ gatewayResponses }: Api, type: string, status: number): GatewayResponse | undefined {
  return gatewayResponses.get(type) ?? gatewayResponses.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
}

function failureOf(type: FailureType, request: GatewayRequest) {
  const isSigned = type === 'MISSING_AUTHENTICATION_TOKEN' && header(request, 'Authorization') !== undefined;
  return isSigned ? { status: 403, error: 'IncompleteSignatureException' } : FAILURES[type];
}

/** Where nothing matches, an Authorization header is taken for an AWS signature. */
function messageOf(type: FailureType, request: GatewayRequest): string {
  const authorization = header(request, 'Authorization');
  if (type !== 'MISSING_AUTHENTICATION_TOKEN' || authorization === undefined) return MESSAGES[type];
  const hash = createHash('sha256').update(authorization).digest('base64');
  return [
    "Authorization header requires 'Credential' parameter.",
    "Authorization header requires 'Signature' parameter.",
    "Authorization header requires 'SignedHeaders' parameter.",
    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    `(Hashed with SHA-256 and encoded with Base64) Authorization=${hash}`,
  ].join(' ');
}

/** Values are literals in quotes, or taken from the request. */
function mappedHeaders(response: GatewayResponse | undefined, request: GatewayRequest): [string, string][] {
  return Object.entries(response?.responseParameters ?? {}).flatMap(([parameter, source]) => {
    const name = parameter.replace('gatewayresponse.header.', '');
    const literal = /^'(.*)'$/s.exec(source)?.[1];
    const from = source.replace('method.request.header.', '');
    const value = literal ?? (from === source ? undefined : header(request, from));
    return value === undefined ? [] : [[name, value]];
  });
}

/** Gateway responses know simple substitution, and no more of VTL. */
function substitute(template: string, message: string, { requestId }: GatewayRequest): string {
  return template
    .replaceAll('$context.error.messageString', JSON.stringify(message))
    .replaceAll('$context.error.message', message)
    .replaceAll('$context.requestId', requestId);
}
