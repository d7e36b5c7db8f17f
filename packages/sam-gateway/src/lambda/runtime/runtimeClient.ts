/** Calls the runtime API of Lambda. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { describeError } from './describeError';

const API = `http://${process.env.AWS_LAMBDA_RUNTIME_API ?? ''}/2018-06-01/runtime`;

export interface Invocation {
  id: string;
  event: unknown;
  /** Milliseconds since 1970. */
  deadline: number;
  functionArn: string;
}

/** Waits for the next event. */
export async function nextInvocation(): Promise<Invocation> {
  const [response] = (await once(call('GET', '/invocation/next').end(), 'response')) as [IncomingMessage];
  const { headers } = response;
  return {
    id: String(headers['lambda-runtime-aws-request-id']),
    event: JSON.parse(await text(response)),
    deadline: Number(headers['lambda-runtime-deadline-ms']),
    functionArn: String(headers['lambda-runtime-invoked-function-arn']),
  };
}

/** Sends the result of a handler, as JSON. */
export async function sendResult(id: string, json: string): Promise<void> {
  await waitForResponse(call('POST', `/invocation/${id}/response`).end(json));
}

/** Sends the error of an invocation. Without an ID, it is an error of the initialization. */
export async function sendError(id: string | undefined, error: unknown): Promise<void> {
  const { errorType, body } = describeError(error);
  const path = id === undefined ? '/init/error' : `/invocation/${id}/error`;
  process.stderr.write(`${error instanceof Error ? String(error.stack) : String(error)}\n`);
  await waitForResponse(call('POST', path, { 'Lambda-Runtime-Function-Error-Type': errorType }).end(body));
}

/** Starts the request for a streamed result. */
export function openResultStream(id: string): ClientRequest {
  return call('POST', `/invocation/${id}/response`, {
    'Lambda-Runtime-Function-Response-Mode': 'streaming',
    'Content-Type': 'application/octet-stream',
    'Transfer-Encoding': 'chunked',
    Trailer: ['Lambda-Runtime-Function-Error-Type', 'Lambda-Runtime-Function-Error-Body'],
  });
}

export async function waitForResponse(outgoing: ClientRequest): Promise<void> {
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  await text(response);
}

function call(method: string, path: string, headers: OutgoingHttpHeaders = {}): ClientRequest {
  // An open connection would keep the event loop busy.
  return request(`${API}${path}`, { method, headers, agent: false });
}
