/** Streamed results: the global `awslambda`, and the call of a handler that writes to a stream. */
import type { ClientRequest } from 'node:http';
import { describeError } from './describeError';
import { contextOf, STREAMING, type Handler } from './handler';
import { openResultStream, waitForResponse, type Invocation } from './runtimeClient';

/** The stream of a streamed result, with the properties that the runtime adds. */
type ResponseStream = ClientRequest & {
  setContentType?: (type: string) => void;
  beforeFirstWrite?: (() => void) | undefined;
};

/** Creates the global that functions use for streaming. */
export function createAwslambda() {
  return {
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
  };
}

/** Calls a streaming handler. Reports a failure in trailers because part of the result may have been sent. */
export async function invokeStreaming(handler: Handler, { event, ...invocation }: Invocation): Promise<void> {
  const stream = responseStream(invocation.id);
  const done = waitForResponse(stream);
  done.catch(() => undefined);
  try {
    await handler(event, stream, contextOf(invocation));
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
  const stream: ResponseStream = openResultStream(id);
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
