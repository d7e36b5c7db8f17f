/**
 * Agents whose connections all read into one buffer. By itself Node.js allocates 64 KiB for each read,
 * which V8 is to free again.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** Calls do not queue for a connection: the wait would count as DynamoDB's. */
const OPTIONS = { keepAlive: true, maxSockets: Infinity };

/** Whoever is told of bytes in it has to have taken them when the call returns, as HTTP's parser has. */
const BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * What is read goes to the listeners of `data`, as it would by itself.
 *
 * @see https://nodejs.org/docs/latest-v20.x/api/net.html#socketconnectoptions-connectlistener
 */
function readingIntoOne<Agent extends HttpAgent>(agent: Agent): Agent {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, done) => {
    const onread = {
      buffer: BUFFER,
      callback: (size: number) => {
        // Always there: nothing is read before the connection is made.
        socket?.emit('data', BUFFER.subarray(0, size));
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
    httpAgent: readingIntoOne(new HttpAgent(OPTIONS)),
    httpsAgent: readingIntoOne(new HttpsAgent(OPTIONS)),
  };
}
