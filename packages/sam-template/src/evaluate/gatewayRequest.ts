/** A request to the gateway, and its result. */
import type { Readable } from 'node:stream';
import type { Api } from '../api/api';
import type { Route } from '../api/route';

export interface GatewayRequest {
  requestId: string;
  method: string;
  /** With the stage, still encoded, without the query. */
  path: string;
  /** Without the stage. */
  resourcePath: string;
  query: URLSearchParams;
  /** As received, in order. */
  headers: readonly (readonly [name: string, value: string])[];
  body: Buffer;
  sourceIp: string;
}

/** A request on its way through a method of an API. */
export interface Call extends Route {
  api: Api;
  request: GatewayRequest;
}

export interface GatewayResult {
  statusCode: number;
  headers: readonly (readonly [name: string, value: string])[];
  /** A stream that fails resets the connection. */
  body: Buffer | Readable;
}

/** Returns the first value of a header. */
export function header({ headers }: Pick<GatewayRequest, 'headers'>, name: string): string | undefined {
  return headers.find(([candidate]) => candidate.toLowerCase() === name.toLowerCase())?.[1];
}

/** Whether the API treats a body of this media type as binary. Templates do not see binary bodies. */
export function isBinary(types: readonly string[], mediaType: string): boolean {
  const [type = ''] = mediaType.toLowerCase().split(';');
  return types.some((pattern) => pattern === '*/*' || pattern.toLowerCase() === type.trim());
}
