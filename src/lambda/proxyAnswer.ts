/** The app's answer, as API Gateway's proxy integration takes it from a function. */
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { APIGatewayProxyResult } from 'aws-lambda';

/** What is said before a streamed body. */
type Head = Pick<APIGatewayProxyResult, 'statusCode' | 'headers' | 'multiValueHeaders'>;

/** Between the app and this function. https://httpwg.org/specs/rfc9110.html#field.connection */
const OF_ONE_HOP = /^(?:connection|keep-alive|transfer-encoding)$/i;

/** The metadata of a streamed answer. */
export function streamedHead({ statusCode = 500, rawHeaders }: IncomingMessage): Head {
  const values: Record<string, string[]> = {};
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (!OF_ONE_HOP.test(name)) (values[name] ??= []).push(value);
  }
  const entries = Object.entries(values);
  return {
    statusCode,
    // Names as the app writes them: sam local answers 502 to content-type.
    headers: Object.fromEntries(
      entries.filter(([, { length }]) => length === 1).map(([n, [v = '']]) => [n, v]),
    ),
    multiValueHeaders: Object.fromEntries(entries.filter(([, { length }]) => length > 1)),
  };
}

/** An answer as a whole; its body is UTF-8. Rejects where the body breaks off. */
export async function bufferedAnswer(answer: IncomingMessage): Promise<APIGatewayProxyResult> {
  const body = await buffer(answer);
  return { ...streamedHead(answer), body: body.toString(), isBase64Encoded: false };
}
