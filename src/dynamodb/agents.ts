/**
 * HTTP agents whose connections share one read buffer. By default Node.js allocates 64 KiB for each read,
 * and V8 has to free it again.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** Requests do not queue for a connection: the wait would count towards DynamoDB's timeout. */
const OPTIONS = { keepAlive: true, maxSockets: Infinity };

/** The buffer is shared: listeners must copy the bytes before returning. Node's HTTP parser does. */
const SHARED_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * Makes the agent's connections read into the shared buffer, and emits `data` as usual.
 *
 * @see https://nodejs.org/docs/latest-v20.x/api/net.html#socketconnectoptions-connectlistener
 */
function withSharedBuffer<Agent extends HttpAgent>(agent: Agent): Agent {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, done) => {
    const onread = {
      buffer: SHARED_BUFFER,
      callback: (size: number) => {
        // Never undefined here: nothing is read before the connection exists.
        socket?.emit('data', SHARED_BUFFER.subarray(0, size));
        return true;
      },
    };
    const socket = connect({ ...options, onread } as typeof options, done);
    return socket;
  };
  return agent;
}

export function createAgents() {
  return {
    httpAgent: withSharedBuffer(new HttpAgent(OPTIONS)),
    httpsAgent: withSharedBuffer(new HttpsAgent(OPTIONS)),
  };
}
