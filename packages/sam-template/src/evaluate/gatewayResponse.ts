/** Gateway responses: errors that API Gateway returns by itself, and their headers. */
import { createHash } from 'node:crypto';
import type { Api, GatewayResponse } from '../api/api';
import { header, type GatewayResult, type GatewayRequest } from './gatewayRequest';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
const ERRORS = {
  MISSING_AUTHENTICATION_TOKEN: { status: 403, error: 'MissingAuthenticationTokenException' },
  UNAUTHORIZED: { status: 401, error: 'UnauthorizedException' },
  INVALID_API_KEY: { status: 403, error: 'ForbiddenException' },
  REQUEST_TOO_LARGE: { status: 413, error: 'RequestTooLargeException' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, error: 'UnsupportedMediaTypeException' },
  API_CONFIGURATION_ERROR: { status: 500, error: 'InternalServerErrorException' },
  BAD_GATEWAY: { status: 502, error: 'InternalServerErrorException' },
  INTEGRATION_TIMEOUT: { status: 504, error: 'InternalServerErrorException' },
} as const;

const MESSAGES: Readonly<Record<GatewayErrorType, string>> = {
  MISSING_AUTHENTICATION_TOKEN: 'Missing Authentication Token',
  UNAUTHORIZED: 'Unauthorized',
  INVALID_API_KEY: 'Forbidden',
  REQUEST_TOO_LARGE: 'Request Too Long',
  UNSUPPORTED_MEDIA_TYPE: 'Unsupported Media Type',
  API_CONFIGURATION_ERROR: 'Internal server error',
  BAD_GATEWAY: 'Internal server error',
  INTEGRATION_TIMEOUT: 'Endpoint request timed out',
};

export type GatewayErrorType = keyof typeof ERRORS;

/** An error that the gateway returns by itself. The message is for the log. */
export class GatewayError extends Error {
  override name = 'GatewayError';
  readonly type: GatewayErrorType;

  constructor(type: GatewayErrorType, cause: string) {
    super(cause);
    this.type = type;
  }
}

/** Returns the response to an error according to the API's gateway responses; without an API, it has no headers. */
export function gatewayErrorResult(
  { type }: GatewayError,
  request: GatewayRequest,
  api: Api | undefined,
): GatewayResult {
  const { status, error } = errorOf(type, request);
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

function errorOf(type: GatewayErrorType, request: GatewayRequest) {
  const isSigned = type === 'MISSING_AUTHENTICATION_TOKEN' && header(request, 'Authorization') !== undefined;
  return isSigned ? { status: 403, error: 'IncompleteSignatureException' } : ERRORS[type];
}

/** If no method matches, API Gateway treats an Authorization header as an AWS signature. */
function messageOf(type: GatewayErrorType, request: GatewayRequest): string {
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

/** Values are literals in quotes, or headers of the request. */
function mappedHeaders(response: GatewayResponse | undefined, request: GatewayRequest): [string, string][] {
  return Object.entries(response?.responseParameters ?? {}).flatMap(([parameter, source]) => {
    const name = parameter.replace('gatewayresponse.header.', '');
    const literal = /^'(.*)'$/s.exec(source)?.[1];
    const from = source.replace('method.request.header.', '');
    const value = literal ?? (from === source ? undefined : header(request, from));
    return value === undefined ? [] : [[name, value]];
  });
}

/** Gateway responses support only simple substitution, not all of VTL. */
function substitute(template: string, message: string, { requestId }: GatewayRequest): string {
  return template
    .replaceAll('$context.error.messageString', JSON.stringify(message))
    .replaceAll('$context.error.message', message)
    .replaceAll('$context.requestId', requestId);
}
