/** Shows a progress bar on standard error while a large file loads. */
import { Presets, SingleBar } from 'cli-progress';

/** A load that takes less time shows no bar. */
const DELAY_MS = 1000;

interface ProgressBar {
  update: (itemCount: number) => void;
  stop: () => void;
}

/** Creates a bar that appears after a second, and only on a terminal. */
export function progressBar(total: number): ProgressBar {
  const bar = new SingleBar(
    { format: 'Loading {bar} {value} of {total} items, {eta_formatted} left', clearOnComplete: true },
    Presets.shades_classic,
  );
  const start = Date.now();
  return {
    update(itemCount) {
      if (!bar.isActive && Date.now() - start > DELAY_MS) bar.start(total, itemCount);
      bar.update(itemCount);
    },
    stop() {
      bar.stop();
    },
  };
}
