/** Draws the benchmark's ratios as a horizontal bar chart in SVG. No I/O. */
import type { Measurement } from './report';

const WIDTH = 760;
const LABEL_WIDTH = 290;
const VALUE_WIDTH = 60;
const ROW_HEIGHT = 26;
const BAR_HEIGHT = 16;
const TOP = 72;
const BOTTOM = 24;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; }
  .note { fill: #59636e; }
  .bar { fill: #0969da; }
  .value { stroke: #fff; stroke-width: 4; paint-order: stroke; }
  .reference { stroke: #59636e; stroke-dasharray: 4 3; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .note { fill: #9198a1; }
    .bar { fill: #4493f8; }
    .value { stroke: #0d1117; }
    .reference { stroke: #9198a1; }
  }`;

/**
 * Returns an SVG with one bar per measurement on a linear scale that starts at 0. A dashed line marks the
 * ratio 1, the time of the pass-through server.
 *
 * @param environment Node.js version and processor of the run.
 */
export function barChart(measurements: readonly Measurement[], environment: string): string {
  const max = Math.max(1, ...measurements.map(({ ratio }) => ratio));
  const scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / max;
  const height = TOP + measurements.length * ROW_HEIGHT + BOTTOM;
  const referenceX = (LABEL_WIDTH + scale).toFixed(1);
  const title = 'Time of a scan, relative to a pass-through server';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title description">
<title id="title">${title}</title>
<desc id="description">${escapeXml(measurements.map(({ label, ratio }) => `${label}: ${ratio.toFixed(2)}`).join('; '))}</desc>
<style>${STYLE}
</style>
<text class="title" x="0" y="18">${title}</text>
<text class="note" x="0" y="38">Shorter is better. ${escapeXml(environment)}</text>
<line class="reference" x1="${referenceX}" x2="${referenceX}" y1="${TOP - 8}" y2="${height - BOTTOM}"/>
${measurements.map((measurement, index) => bar(measurement, TOP + index * ROW_HEIGHT, scale)).join('\n')}
<text class="note" x="${referenceX}" y="${TOP - 13}" text-anchor="middle">1 = pass-through</text>
</svg>
`;
}

function bar({ label, ratio }: Measurement, y: number, scale: number): string {
  const width = ratio * scale;
  const baseline = y + BAR_HEIGHT - 3;
  return [
    `<text x="${LABEL_WIDTH - 10}" y="${baseline}" text-anchor="end">${escapeXml(label)}</text>`,
    `<rect class="bar" x="${LABEL_WIDTH}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" rx="2"/>`,
    `<text class="value" x="${(LABEL_WIDTH + width + 8).toFixed(1)}" y="${baseline}">${ratio.toFixed(2)}</text>`,
  ].join('\n');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
