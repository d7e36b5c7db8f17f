/** The Lambda runtime API of one execution environment: sends events to its process and receives the results. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** The result of a handler, buffered or streamed. */
export interface HandlerResult {
  /** Emits an error if the handler fails. */
  body: Readable;
  /** Resolves when the whole result has arrived. */
  complete: Promise<void>;
  /** Resolves when the process is ready for the next event, or has ended. */
  done: Promise<void>;
}

/** The function cannot start, its handler threw, its process exited or it timed out. */
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

interface Listener {
  resolve: () => void;
  reject: (error: FunctionError) => void;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export class RuntimeApi {
  private readonly server: Server;
  private readonly functionArn: string;
  /** The open request of the process for its next event. */
  private waiting: ServerResponse | undefined;
  private listeners: Listener[] = [];
  private current: Invocation | undefined;
  private streaming: PassThrough | undefined;
  private failure: FunctionError | undefined;

  constructor(functionArn: string) {
    this.functionArn = functionArn;
    this.server = createServer((request, response) => {
      // The process ended in the middle of its request. Its exit is reported elsewhere.
      this.handle(request, response).catch(() => response.destroy());
    });
  }

  /** Listens on a free loopback port. Resolves with the value for AWS_LAMBDA_RUNTIME_API. */
  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Whether the process can still handle events. */
  get isAlive(): boolean {
    return this.failure === undefined;
  }

  /** Resolves when the process waits for an event. Rejects with a FunctionError if it fails before. */
  ready(): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    if (this.waiting !== undefined) return Promise.resolve();
    return new Promise((resolve, reject) => this.listeners.push({ resolve, reject }));
  }

  /**
   * Sends one event to the process, which must be ready. Rejects with a FunctionError.
   *
   * @param deadline milliseconds since 1970.
   */
  invoke(id: string, event: object, deadline: number): Promise<HandlerResult> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const { waiting } = this;
    if (waiting === undefined) throw new Error('The process is not ready for an event.');
    this.waiting = undefined;
    return new Promise((resolve, reject) => {
      this.current = { id, event: JSON.stringify(event), deadline, resolve, reject };
      waiting.writeHead(200, {
        'Content-Type': 'application/json',
        'Lambda-Runtime-Aws-Request-Id': id,
        'Lambda-Runtime-Deadline-Ms': deadline,
        'Lambda-Runtime-Invoked-Function-Arn': this.functionArn,
      });
      waiting.end(this.current.event);
    });
  }

  /** Fails the current invocation, and all that follow. Only the first reason counts. */
  fail(reason: string): void {
    this.failure ??= new FunctionError(reason);
    this.failInvocation(this.failure);
    for (const { reject } of this.listeners.splice(0)) reject(this.failure);
    this.server.close();
    this.server.closeAllConnections();
  }

  private failInvocation(error: FunctionError): void {
    this.current?.reject(error);
    this.streaming?.destroy(error);
    this.current = this.streaming = undefined;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '';
    if (url.endsWith('/invocation/next')) {
      this.waiting = response;
      for (const { resolve } of this.listeners.splice(0)) resolve();
      return;
    }
    if (url.endsWith('/response')) await this.receiveResult(request);
    else {
      const reason = errorMessage(await text(request));
      if (url.endsWith('/init/error')) this.fail(reason);
      else this.failInvocation(new FunctionError(reason));
    }
    response.writeHead(202).end();
  }

  private async receiveResult(request: IncomingMessage): Promise<void> {
    const body = new PassThrough();
    // The reader of the stream handles the error. This listener only prevents an uncaught exception.
    body.on('error', () => undefined);
    const complete = forward(request, body);
    this.streaming = body;
    this.current?.resolve({ body, complete, done: this.ready().catch(() => undefined) });
    this.current = undefined;
    await complete;
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
