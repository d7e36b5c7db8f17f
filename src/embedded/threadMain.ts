/** The thread of the embedded tables: loads them and posts the endpoint of the engine. */
import { parentPort, workerData } from 'node:worker_threads';
import { ItemFileError } from './files/itemFileError';
import { startEmbedded, type EmbeddedSource } from './start';
import type { ThreadMessage } from './thread';

async function load(source: EmbeddedSource): Promise<void> {
  try {
    const { endpoint, tables, warnings } = await startEmbedded(source, (progress) =>
      post({ kind: 'progress', progress }),
    );
    post({ kind: 'loaded', tables: { endpoint, tables, warnings } });
  } catch (error) {
    if (!(error instanceof ItemFileError)) throw error;
    post({ kind: 'invalid', message: error.message });
  }
}

function post(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

void load(workerData as EmbeddedSource);
