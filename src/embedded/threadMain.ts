/** The thread of the embedded table: loads the table and posts its endpoint. */
import { parentPort, workerData } from 'node:worker_threads';
import { ItemFileError } from './splitItems';
import { startEmbedded } from './start';
import type { EmbeddedSource, ThreadMessage } from './thread';

async function load({ tableName, file, keyNames }: EmbeddedSource): Promise<void> {
  try {
    const { endpoint, itemCount, partial } = await startEmbedded(
      tableName,
      file,
      keyNames,
      (itemCount, total) => post({ kind: 'progress', itemCount, total }),
    );
    post({ kind: 'loaded', table: { endpoint, itemCount, partial } });
  } catch (error) {
    if (!(error instanceof ItemFileError)) throw error;
    post({ kind: 'invalid', message: error.message });
  }
}

function post(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

void load(workerData as EmbeddedSource);
