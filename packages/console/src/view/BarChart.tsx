/** A histogram of numbers or of times, with its data as text for those who do not see it. */
import type { Histogram } from '../data/histogram';
import { formatCount, formatShort } from './format';

interface Props {
  histogram: Histogram;
  label: string;
  isTime?: boolean;
  isLarge?: boolean;
}

const WIDTH = 320;
const GAP = 0.12;

export function BarChart({ histogram, label, isTime = false, isLarge = false }: Props) {
  const { counts, from, step, min, max, median, total } = histogram;
  const height = isLarge ? 130 : 84;
  const highest = Math.max(...counts);
  const barWidth = WIDTH / counts.length;
  const limit = (bin: number) => from + bin * step;
  const format = isTime ? (time: number) => formatTime(time, step) : formatShort;
  const summary = `${label}: ${formatCount(total)} values from ${format(min)} to ${format(max)}, median ${format(median)}`;
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${WIDTH} ${height}`} preserveAspectRatio="none" role="img" aria-label={summary}>
        {counts.map((count, bin) => {
          const size = count === 0 ? 0 : Math.max(1.5, (count / highest) * (height - 4));
          return (
            <g key={bin}>
              <title>{`${format(limit(bin))} to ${format(limit(bin + 1))}: ${formatCount(count)}`}</title>
              <rect x={bin * barWidth} y={0} width={barWidth} height={height} class="hit" />
              <rect
                x={bin * barWidth + (barWidth * GAP) / 2}
                y={height - size}
                width={barWidth * (1 - GAP)}
                height={size}
                class="bar"
              />
            </g>
          );
        })}
      </svg>
      <figcaption class="axis">
        <span>{format(limit(0))}</span>
        <span class="quiet">
          {isTime && !isLarge ? '' : `median ${format(median)} · `}most {formatCount(highest)}
        </span>
        <span>{format(limit(counts.length))}</span>
      </figcaption>
    </figure>
  );
}

/** In UTC. Without the time of day if the bins are whole days. */
function formatTime(time: number, step: number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '';
  const text = date.toISOString();
  return step >= 86_400_000 ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ');
}
