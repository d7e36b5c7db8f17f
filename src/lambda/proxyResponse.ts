/** Converts the app's response to the result of an API Gateway proxy integration. */
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { APIGatewayProxyResult } from 'aws-lambda';

type ResponseMetadata = Pick<APIGatewayProxyResult, 'statusCode' | 'headers' | 'multiValueHeaders'>;

/** Headers of the connection between the app and this function. https://httpwg.org/specs/rfc9110.html#field.connection */
const CONNECTION_HEADER = /^(?:connection|keep-alive|transfer-encoding)$/i;

/** Returns the status and the headers of a response, which precede a streamed body. */
export function streamMetadata({ statusCode = 500, rawHeaders }: IncomingMessage): ResponseMetadata {
  const values: Record<string, string[]> = {};
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (!CONNECTION_HEADER.test(name)) (values[name] ??= []).push(value);
  }
  const entries = Object.entries(values);
  return {
    statusCode,
    // Header names keep their case: sam local returns 502 if content-type is in lower case.
    headers: Object.fromEntries(
      entries.filter(([, { length }]) => length === 1).map(([name, [value = '']]) => [name, value]),
    ),
    multiValueHeaders: Object.fromEntries(entries.filter(([, { length }]) => length > 1)),
  };
}

/** Returns a complete response, whose body is UTF-8. Rejects if the body is cut short. */
export async function bufferedResult(response: IncomingMessage): Promise<APIGatewayProxyResult> {
  const body = await buffer(response);
  return { ...streamMetadata(response), body: body.toString(), isBase64Encoded: false };
}
