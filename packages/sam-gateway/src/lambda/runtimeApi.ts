/** The Lambda runtime API of one execution environment: sends events to its process and receives the results. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** The result of a handler, buffered or streamed. */
export interface HandlerResult {
  /** Emits an error if the handler fails. */
  body: Readable;
  /** Resolves when the function has finished, possibly after the client disconnects. */
  done: Promise<void>;
}

/** The handler threw, its process exited or it timed out. */
export class FunctionError extends Error {
  override name = 'FunctionError';
}

interface Invocation {
  id: string;
  event: string;
  deadline: number;
  resolve: (result: HandlerResult) => void;
  reject: (error: FunctionError) => void;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export class RuntimeApi {
  private readonly server: Server;
  private readonly functionArn: string;
  private waiting: ServerResponse | undefined;
  private queued: Invocation | undefined;
  private current: Invocation | undefined;
  private streaming: PassThrough | undefined;

  constructor(functionArn: string) {
    this.functionArn = functionArn;
    this.server = createServer((request, response) => void this.handle(request, response));
  }

  /** Listens on a free loopback port. Resolves with the value for AWS_LAMBDA_RUNTIME_API. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sends one event to the process. Callers must wait for the previous one. Rejects with a FunctionError. */
  invoke(id: string, event: object, deadline: number): Promise<HandlerResult> {
    return new Promise((resolve, reject) => {
      this.queued = { id, event: JSON.stringify(event), deadline, resolve, reject };
      this.sendEvent();
    });
  }

  /** Fails the current invocation. */
  fail(reason: string): void {
    const error = new FunctionError(reason);
    (this.current ?? this.queued)?.reject(error);
    this.streaming?.destroy(error);
    this.current = this.queued = this.streaming = undefined;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private sendEvent(): void {
    if (this.waiting === undefined || this.queued === undefined) return;
    const { id, event, deadline } = this.queued;
    this.waiting.writeHead(200, {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': id,
      'Lambda-Runtime-Deadline-Ms': deadline,
      'Lambda-Runtime-Invoked-Function-Arn': this.functionArn,
    });
    this.waiting.end(event);
    this.current = this.queued;
    this.waiting = this.queued = undefined;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '';
    if (url.endsWith('/invocation/next')) {
      this.waiting = response;
      this.sendEvent();
      return;
    }
    if (url.endsWith('/response')) await this.receiveResult(request);
    else this.fail(errorMessage(await text(request)));
    response.writeHead(202).end();
  }

  private async receiveResult(request: IncomingMessage): Promise<void> {
    const body = new PassThrough();
    // The reader of the stream handles the error. This listener only prevents an uncaught exception.
    body.on('error', () => undefined);
    const done = forward(request, body);
    this.streaming = body;
    this.current?.resolve({ body, done });
    this.current = undefined;
    await done;
    this.streaming = undefined;
  }
}

/** Reads to the end even if the client disconnects, because Lambda does not tell functions about it. */
async function forward(request: IncomingMessage, body: PassThrough): Promise<void> {
  try {
    for await (const chunk of request) {
      if (!body.destroyed && !body.write(chunk)) await drained(body);
    }
    const failure = request.trailers['lambda-runtime-function-error-body'];
    if (failure === undefined) body.end();
    else body.destroy(new FunctionError(errorMessage(Buffer.from(failure, 'base64').toString())));
  } catch (error) {
    body.destroy(new FunctionError((error as Error).message));
  }
}

function drained(body: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      body.off('drain', done).off('close', done);
      resolve();
    };
    body.on('drain', done).on('close', done);
  });
}

function errorMessage(json: string): string {
  try {
    const { errorType, errorMessage: message } = JSON.parse(json) as Record<string, unknown>;
    return `${String(errorType)}: ${String(message)}`;
  } catch {
    return 'the function failed';
  }
}
