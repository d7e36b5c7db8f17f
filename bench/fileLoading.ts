/** Measures how long a large FILE takes to load, and how much memory it needs. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { heading, row } from './report';
import { IS_QUICK } from './rounds';
import { NODE_OPTIONS, PROJECT_SERVER, serve } from './serverProcess';

/** 204 MB of NDJSON, as in docs/benchmarks.md. */
const ITEM_COUNT = IS_QUICK ? 20_000 : 460_000;

const MEGABYTE_BYTES = 1_000_000;

export async function measureFileLoading(): Promise<void> {
  heading('A large FILE', 'this project', 'JSON.parse of each line');
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'items.ndjson');
  try {
    writeFileSync(file, Array.from({ length: ITEM_COUNT }, (_, index) => item(index)).join(''));
    const size = statSync(file).size;
    const ours = await load(PROJECT_SERVER, file);
    const theirs = await load('baselines/parsedLines.js', file);
    row({
      label: `it listens, NDJSON of ${inMegabytes(size)}`,
      ours: `${ours.seconds.toFixed(1)} s`,
      theirs: `${theirs.seconds.toFixed(1)} s`,
      ratio: ours.seconds / theirs.seconds,
    });
    row({
      label: 'largest memory (ratio column: to the file)',
      ours: inMegabytes(ours.peak),
      theirs: inMegabytes(theirs.peak),
      ratio: ours.peak / size,
      // Of a small file, the program itself is the larger part.
      ...(!IS_QUICK && { goal: ['<=', 6] }),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function load(server: string, file: string): Promise<{ seconds: number; peak: number }> {
  const process = await serve(server, { PORT: '0', DYNAMODB: 'embedded' }, NODE_OPTIONS, [file]);
  const { peak } = await process.memory();
  await process.stop();
  return { seconds: process.start.listening, peak };
}

/** An item of about 440 bytes, with values of each type of JSON. */
function item(index: number): string {
  return `${JSON.stringify({
    id: `item-${index}`,
    mag: (index % 70) / 10,
    place: `${index % 200} km NNE of a town with a long name, in a state`,
    time: 1_517_966_000_000 + index,
    status: 'automatic',
    tsunami: index % 9 === 0,
    felt: null,
    sources: ['ci', 'us', 'nc'],
    coordinates: [-118.6671667, 34.4945, 26.49],
    title: `M ${(index % 70) / 10} - ${index % 200} km NNE of a town with a long name, in a state`,
    url: `https://earthquake.example/earthquakes/eventpage/item-${index}`,
    types: ['nearby-cities', 'origin', 'phase-data'],
  })}\n`;
}

function inMegabytes(bytes: number): string {
  return `${(bytes / MEGABYTE_BYTES).toFixed(0)} MB`;
}
