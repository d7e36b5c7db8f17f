/** The runtime API of one execution environment: hands its process events, and takes its answers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** What a handler hands back, whole or streamed. */
export interface Handed {
  /** Fails where the handler does. */
  body: Readable;
  /** Resolves when the function is done, which may be after its client has left. */
  done: Promise<void>;
}

/** The handler threw, its process ended, or its time was over. */
export class FunctionError extends Error {
  override name = 'FunctionError';
}

interface Invocation {
  id: string;
  event: string;
  deadline: number;
  resolve: (handed: Handed) => void;
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

  /** Listens on a free port of the loopback interface; resolves with what goes into AWS_LAMBDA_RUNTIME_API. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Hands over an event; one at a time. Rejects with a FunctionError. */
  invoke(id: string, event: object, deadline: number): Promise<Handed> {
    return new Promise((resolve, reject) => {
      this.queued = { id, event: JSON.stringify(event), deadline, resolve, reject };
      this.hand();
    });
  }

  /** Fails what is being done. */
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

  private hand(): void {
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
      this.hand();
      return;
    }
    if (url.endsWith('/response')) await this.take(request);
    else this.fail(errorMessage(await text(request)));
    response.writeHead(202).end();
  }

  private async take(request: IncomingMessage): Promise<void> {
    const body = new PassThrough();
    // Who reads the stream sees the error.
    body.on('error', () => undefined);
    const done = passOn(request, body);
    this.streaming = body;
    this.current?.resolve({ body, done });
    this.current = undefined;
    await done;
    this.streaming = undefined;
  }
}

/** To the end, whoever left: Lambda tells a function nothing of its client. */
async function passOn(request: IncomingMessage, body: PassThrough): Promise<void> {
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
