import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { resetConnection } from '../../src/http/resetConnection';

/** More than the buffers of both sides take. */
const LARGE = Buffer.alloc(50_000_000);

describe('resetConnection', () => {
  let server: Server;
  let client: Socket;
  let socket: Socket;
  let errors: unknown[];

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    [socket] = (await once(server, 'connection')) as [Socket];
    errors = [];
    socket.on('error', (error) => errors.push(error));
  });

  afterEach(async () => {
    client.destroy();
    server.close();
    await once(server, 'close');
  });

  it.each([
    ['that is open', () => undefined],
    ['whose end is being sent', () => socket.end()],
    ['whose last bytes are being sent', () => socket.end('x')],
    ['whose last bytes its client does not read', () => socket.end(LARGE)],
    ['whose bytes its client does not read', () => socket.write(LARGE)],
  ])('closes a connection %s', async (_state, prepare) => {
    prepare();
    const closed = once(socket, 'close');
    resetConnection(socket);
    await closed;
    expect(errors).toEqual([]);
  });

  it('closes a connection whose client has just ended its side', async () => {
    const closed = once(socket, 'close');
    socket.on('end', () => resetConnection(socket)).resume();
    client.end();
    await closed;
    expect(errors).toEqual([]);
  });
});
