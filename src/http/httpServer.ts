/** The HTTP server that runs the app, and its responses to requests that Node.js cannot parse. */
import { createServer, STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Express } from 'express';
import type { Logger } from 'pino';

/** More than Node's 16 KB, because a browser sends the cookies of all servers on localhost to each of them. */
const MAX_HEADER_BYTES = 65_536;

/** The status codes that Node.js would choose for its parser errors; 400 for all others. */
const PARSER_ERROR_STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Creates the server. Requests that cannot be parsed are logged and rejected without a body. */
export function httpServer(app: Express, logger: Logger): Server {
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, app);
  // RFC 9110, section 10.1.1: an unknown Expect may be ignored. A preflight must get 200 in any case.
  server.on('checkExpectation', app);
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
