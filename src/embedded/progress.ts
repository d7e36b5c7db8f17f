/** Shows the progress on standard error while large files load: a bar on a terminal, otherwise lines. */
import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from './start';

/** A load that takes less time shows no bar. */
const BAR_DELAY_MS = 1000;

/** The time between two lines if standard error is not a terminal, for example in a container. */
const LINE_INTERVAL_MS = 3000;

export interface ProgressDisplay {
  update: (progress: Progress) => void;
  stop: () => void;
}

export function showProgress(): ProgressDisplay {
  return process.stderr.isTTY ? progressBar() : progressLines();
}

/** The number of items is known when all are read, so the bar is about writing them. */
function progressBar(): ProgressDisplay {
  const bar = new SingleBar(
    { format: '{action} {bar} {value} items{rest}', clearOnComplete: true },
    Presets.shades_classic,
  );
  const start = Date.now();
  return {
    update(progress) {
      const { itemCount } = progress;
      const isRead = progress.kind === 'read';
      const total = isRead ? 0 : progress.total;
      const texts = { action: isRead ? 'Reading' : 'Loading', rest: isRead ? '' : ` of ${total}` };
      if (!bar.isActive && Date.now() - start > BAR_DELAY_MS) bar.start(total, itemCount, texts);
      bar.setTotal(total);
      bar.update(itemCount, texts);
    },
    stop() {
      bar.stop();
    },
  };
}

function progressLines(): ProgressDisplay {
  let printedAt = Date.now();
  return {
    update(progress) {
      if (Date.now() - printedAt < LINE_INTERVAL_MS) return;
      printedAt = Date.now();
      const line =
        progress.kind === 'read'
          ? `Reading: ${progress.itemCount} items`
          : `Loading: ${progress.itemCount} of ${progress.total} items`;
      process.stderr.write(`${line}\n`);
    },
    stop: () => undefined,
  };
}
