/** Shows the progress on standard error while a large file loads: a bar on a terminal, otherwise lines. */
import { Presets, SingleBar } from 'cli-progress';

/** A load that takes less time shows no bar. */
const BAR_DELAY_MS = 1000;

/** The time between two lines if standard error is not a terminal, for example in a container. */
const LINE_INTERVAL_MS = 3000;

export interface Progress {
  update: (itemCount: number) => void;
  stop: () => void;
}

/** @param total the number of items to load. */
export function showProgress(total: number): Progress {
  return process.stderr.isTTY ? progressBar(total) : progressLines(total);
}

function progressBar(total: number): Progress {
  const bar = new SingleBar(
    { format: 'Loading {bar} {value} of {total} items, {eta_formatted} left', clearOnComplete: true },
    Presets.shades_classic,
  );
  const start = Date.now();
  return {
    update(itemCount) {
      if (!bar.isActive && Date.now() - start > BAR_DELAY_MS) bar.start(total, itemCount);
      bar.update(itemCount);
    },
    stop() {
      bar.stop();
    },
  };
}

function progressLines(total: number): Progress {
  let printedAt = Date.now();
  return {
    update(itemCount) {
      if (Date.now() - printedAt < LINE_INTERVAL_MS) return;
      printedAt = Date.now();
      process.stderr.write(`Loading: ${itemCount} of ${total} items\n`);
    },
    stop: () => undefined,
  };
}
