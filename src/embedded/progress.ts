/** A progress bar on standard error for what takes over a second. */
import { Presets, SingleBar } from 'cli-progress';

const PATIENCE = 1000;

interface ProgressBar {
  update: (done: number) => void;
  stop: () => void;
}

/** A bar that shows itself after a second, on a terminal alone. */
export function progressBar(total: number): ProgressBar {
  const bar = new SingleBar(
    { format: 'Loading {bar} {value}/{total} records, {eta_formatted} left', clearOnComplete: true },
    Presets.shades_classic,
  );
  const start = Date.now();
  return {
    update(done) {
      if (!bar.isActive && Date.now() - start > PATIENCE) bar.start(total, done);
      bar.update(done);
    },
    stop() {
      bar.stop();
    },
  };
}
