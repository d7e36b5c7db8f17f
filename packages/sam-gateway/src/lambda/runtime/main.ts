/**
 * Runs a function's handler in its own process, as Lambda's Node.js runtime does: requests events from the
 * runtime API and provides the global `awslambda` for streaming.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const API = `http://${process.env.AWS_LAMBDA_RUNTIME_API ?? ''}/2018-06-01/runtime`;

type Handler = ((...args: unknown[]) => unknown) & { [STREAMING]?: string };

/** The stream of a streamed result, with the properties that the runtime adds. */
type ResponseStream = ClientRequest & {
  setContentType?: (type: string) => void;
  beforeFirstWrite?: (() => void) | undefined;
};

Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (handler: Handler) => Object.assign(handler, { [STREAMING]: 'response' }),
    HttpResponseStream: {
      from(stream: ResponseStream, metadata: object) {
        stream.setContentType?.('application/vnd.awslambda.http-integration-response');
        stream.beforeFirstWrite = () => {
          stream.write(JSON.stringify(metadata));
          stream.write(Buffer.alloc(8));
        };
        return stream;
      },
    },
  },
});

async function main(): Promise<void> {
  const handler = await load();
  for (;;) {
    const event = await once(call('GET', '/invocation/next').end(), 'response');
    await handle(handler, event[0] as IncomingMessage);
  }
}

async function load(): Promise<Handler> {
  const [file = '', name = ''] = (process.env._HANDLER ?? '').split(/\.(?=[^./]+$)/);
  const root = process.env.LAMBDA_TASK_ROOT ?? '';
  try {
    const path = require.resolve(join(root, file));
    const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
    const handler = module[name] ?? (module.default as Record<string, unknown> | undefined)?.[name];
    if (typeof handler !== 'function') throw new Error(`${file} does not export a function ${name}`);
    return handler as Handler;
  } catch (error) {
    await report('/init/error', error);
    throw error;
  }
}

async function handle(handler: Handler, next: IncomingMessage): Promise<void> {
  const id = String(next.headers['lambda-runtime-aws-request-id']);
  const event: unknown = JSON.parse(await text(next));
  const deadline = Number(next.headers['lambda-runtime-deadline-ms']);
  const context = {
    awsRequestId: id,
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    invokedFunctionArn: next.headers['lambda-runtime-invoked-function-arn'],
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  if (handler[STREAMING] === 'response') await handleStreamed(handler, id, event, context);
  else await handleBuffered(handler, id, event, context);
}

async function handleBuffered(handler: Handler, id: string, event: unknown, context: object): Promise<void> {
  try {
    const result = await handler(event, context);
    const outgoing = call('POST', `/invocation/${id}/response`);
    await waitForResponse(outgoing.end(JSON.stringify(result ?? null)));
  } catch (error) {
    await report(`/invocation/${id}/error`, error);
  }
}

/** Reports a failure in trailers because part of the result may have been sent. */
async function handleStreamed(handler: Handler, id: string, event: unknown, context: object): Promise<void> {
  const stream = responseStream(id);
  const done = waitForResponse(stream);
  done.catch(() => undefined);
  try {
    await handler(event, stream, context);
    if (!stream.writableEnded) throw new Error('Response stream is not finished.');
    await done;
  } catch (error) {
    process.stderr.write(`Invoke Error ${error instanceof Error ? String(error.stack) : String(error)}\n`);
    if (stream.destroyed) return;
    const { errorType, body } = describeError(error);
    stream.addTrailers({
      'Lambda-Runtime-Function-Error-Type': errorType,
      'Lambda-Runtime-Function-Error-Body': Buffer.from(body).toString('base64'),
    });
    stream.end();
    await done.catch(() => undefined);
  }
}

function responseStream(id: string): ResponseStream {
  const stream: ResponseStream = call('POST', `/invocation/${id}/response`, {
    'Lambda-Runtime-Function-Response-Mode': 'streaming',
    'Content-Type': 'application/octet-stream',
    'Transfer-Encoding': 'chunked',
    Trailer: ['Lambda-Runtime-Function-Error-Type', 'Lambda-Runtime-Function-Error-Body'],
  });
  stream.setContentType = (type) => stream.setHeader('Content-Type', type);
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  // Only a write sends the metadata. A stream that ends without a write has none.
  stream.write = (...args: unknown[]) => {
    const before = stream.beforeFirstWrite;
    stream.beforeFirstWrite = undefined;
    before?.();
    return write(...args);
  };
  return stream;
}

function call(method: string, path: string, headers: OutgoingHttpHeaders = {}): ClientRequest {
  return request(`${API}${path}`, { method, headers, agent: false });
}

async function waitForResponse(outgoing: ClientRequest): Promise<void> {
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  await text(response);
}

async function report(path: string, error: unknown): Promise<void> {
  const { errorType, body } = describeError(error);
  process.stderr.write(`${error instanceof Error ? String(error.stack) : String(error)}\n`);
  await waitForResponse(call('POST', path, { 'Lambda-Runtime-Function-Error-Type': errorType }).end(body));
}

function describeError(error: unknown): { errorType: string; body: string } {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { errorType: name, body: JSON.stringify({ errorType: name, errorMessage: message, trace: [] }) };
}

void main().catch(() => process.exit(1));
