/** The HTTP server that runs the app, and its responses to requests that Node.js cannot parse. */
import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { resetConnection } from './resetConnection';

/** More than Node's 16 KB, because a browser sends the cookies of all servers on localhost to each of them. */
const MAX_HEADER_BYTES = 65_536;

/** Beyond it, Node.js by default drops the rest, for example the Origin or the Content-Type. */
const MAX_HEADER_LINES = 2000;

/** When the first probe of a silent connection is sent, which finds clients that have vanished. */
const TCP_KEEP_ALIVE_DELAY_MS = 30_000;

interface HttpServerOptions {
  /** How long an idle connection stays open. It must be longer than that of a load balancer in front. */
  keepAliveTimeoutMs: number;
}

/** The status codes that Node.js would choose for its parser errors; 400 for all others. */
const PARSER_ERROR_STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Creates the server. Requests that cannot be parsed are logged and rejected without a body. */
export function httpServer(app: Express, logger: Logger, { keepAliveTimeoutMs }: HttpServerOptions): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE_DELAY_MS,
    keepAliveTimeout: keepAliveTimeoutMs,
    // Node.js requires more than keepAliveTimeout.
    headersTimeout: keepAliveTimeoutMs + 1000,
  });
  // No limit, because Node.js would drop the excess silently.
  server.maxHeadersCount = 0;
  const resetIfHalfClosed = halfCloseWatcher();
  function handle(request: IncomingMessage, response: ServerResponse): void {
    resetIfHalfClosed(request.socket, response);
    const lines = request.rawHeaders.length / 2;
    if (lines <= MAX_HEADER_LINES) {
      app(request, response);
      return;
    }
    logger.warn(
      { status: 431 },
      `invalid HTTP request: ${lines} header lines, at most ${MAX_HEADER_LINES} are accepted`,
    );
    response.writeHead(431, { Connection: 'close' }).end();
  }
  server.on('request', handle);
  // RFC 9110, section 10.1.1: an unknown Expect may be ignored. A preflight must get 200 in any case.
  server.on('checkExpectation', handle);
  // The app sends 100 Continue itself, once it wants the body.
  server.on('checkContinue', handle);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const status = PARSER_ERROR_STATUS[error.code ?? ''] ?? 400;
    logger.warn({ status, code: error.code }, `invalid HTTP request: ${error.message}`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n\r\n`);
  });
  return server;
}

/** A function of its own, because a listener keeps all variables around it: here the first response. */
function resetAtEnd(socket: Socket, responses: ReadonlySet<ServerResponse>): void {
  // Before Node's own listener.
  socket.prependListener('end', () => {
    if (responses.size > 0) resetConnection(socket);
  });
}

/**
 * Returns a function that resets the connection if the client closes its side before the response is complete. Node.js
 * would close the other side in an orderly way, and an HTTP/1.0 client would take that for a complete response.
 */
function halfCloseWatcher(): (socket: Socket, response: ServerResponse) => void {
  const unfinished = new WeakMap<Socket, Set<ServerResponse>>();
  return (socket, response) => {
    const responses = unfinished.get(socket) ?? new Set();
    if (!unfinished.has(socket)) {
      unfinished.set(socket, responses);
      resetAtEnd(socket, responses);
    }
    responses.add(response);
    response.once('close', () => responses.delete(response));
  };
}
