/**
 * What runs a function's handler in a process of its own, as Lambda's Node.js runtime does: it asks the
 * runtime API for events, and gives the handler `awslambda` to stream with.
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

type Handler = ((...given: unknown[]) => unknown) & { [STREAMING]?: string };

/** The stream of a streamed answer, with what the runtime adds to it. */
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
    if (typeof handler !== 'function') throw new Error(`${file} exports no function ${name}`);
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
    const sent = call('POST', `/invocation/${id}/response`);
    await answered(sent.end(JSON.stringify(result ?? null)));
  } catch (error) {
    await report(`/invocation/${id}/error`, error);
  }
}

/** A failure is told in trailers, behind what has been sent. */
async function handleStreamed(handler: Handler, id: string, event: unknown, context: object): Promise<void> {
  const stream = responseStream(id);
  const done = answered(stream);
  done.catch(() => undefined);
  try {
    await handler(event, stream, context);
    if (!stream.writableEnded) throw new Error('Response stream is not finished.');
    await done;
  } catch (error) {
    process.stderr.write(`Invoke Error ${error instanceof Error ? String(error.stack) : String(error)}\n`);
    if (stream.destroyed) return;
    const { errorType, body } = described(error);
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
  const write = stream.write.bind(stream) as (...given: unknown[]) => boolean;
  // Only a write brings the metadata out: a stream that is ended without one has no head.
  stream.write = (...given: unknown[]) => {
    const before = stream.beforeFirstWrite;
    stream.beforeFirstWrite = undefined;
    before?.();
    return write(...given);
  };
  return stream;
}

function call(method: string, path: string, headers: OutgoingHttpHeaders = {}): ClientRequest {
  return request(`${API}${path}`, { method, headers, agent: false });
}

async function answered(sent: ClientRequest): Promise<void> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  await text(response);
}

async function report(path: string, error: unknown): Promise<void> {
  const { errorType, body } = described(error);
  process.stderr.write(`${error instanceof Error ? String(error.stack) : String(error)}\n`);
  await answered(call('POST', path, { 'Lambda-Runtime-Function-Error-Type': errorType }).end(body));
}

function described(error: unknown): { errorType: string; body: string } {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { errorType: name, body: JSON.stringify({ errorType: name, errorMessage: message, trace: [] }) };
}

void main().catch(() => process.exit(1));
