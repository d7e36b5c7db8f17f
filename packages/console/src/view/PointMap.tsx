/** Pairs of numbers as points, the first to the right and the second up, as longitude and latitude are written in GeoJSON. */
import { formatCount, formatShort } from './format';

interface Props {
  points: readonly [number, number][];
  /** How many items have such a value. */
  total: number;
}

const WIDTH = 320;
const HEIGHT = 160;
const MARGIN = 6;

export function PointMap({ points, total }: Props) {
  const [left, right] = rangeOf(points.map(([x]) => x));
  const [bottom, top] = rangeOf(points.map(([, y]) => y));
  const scale = Math.min((WIDTH - 2 * MARGIN) / (right - left), (HEIGHT - 2 * MARGIN) / (top - bottom));
  const offset = (WIDTH - scale * (right - left)) / 2;
  // One path of dots of length 0 is faster than thousands of circles.
  const dots = points.map(([x, y]) => {
    const [atX, atY] = [offset + (x - left) * scale, HEIGHT - MARGIN - (y - bottom) * scale];
    return `M${atX.toFixed(1)} ${atY.toFixed(1)}h0`;
  });
  const count =
    points.length < total ? `${formatCount(points.length)} of ${formatCount(total)}` : formatCount(total);
  return (
    <figure class="chart">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${count} points: first number from ${formatShort(left)} to ${formatShort(right)}, second from ${formatShort(bottom)} to ${formatShort(top)}`}
      >
        <path d={dots.join('')} class="dots" />
      </svg>
      <figcaption class="axis">
        <span>{`→ ${formatShort(left)} to ${formatShort(right)}`}</span>
        <span class="quiet">{`${count} points`}</span>
        <span>{`↑ ${formatShort(bottom)} to ${formatShort(top)}`}</span>
      </figcaption>
    </figure>
  );
}

function rangeOf(values: readonly number[]): [number, number] {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return min === max ? [min - 1, max + 1] : [min, max];
}
