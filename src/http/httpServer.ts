/** The HTTP server under the app, and what it answers before the app is asked. */
import { createServer, STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Express } from 'express';
import type { Logger } from 'pino';

/** Browsers send the cookies of all ports of localhost to each: more than Node's 16 KB. */
const MAX_HEADER_SIZE = 65_536;

/** Status codes for what Node cannot parse, as it would choose them. */
const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Serves the app; what never becomes a request is logged, and answered without a body. */
export function httpServer(app: Express, logger: Logger): Server {
  const server = createServer({ maxHeaderSize: MAX_HEADER_SIZE }, app);
  // An unknown Expect may be ignored, and a preflight is never refused. RFC 9110, section 10.1.1.
  server.on('checkExpectation', app);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const status = STATUS[error.code ?? ''] ?? 400;
    logger.warn({ status, code: error.code }, `a request that cannot be read: ${error.message}`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n\r\n`);
  });
  return server;
}
