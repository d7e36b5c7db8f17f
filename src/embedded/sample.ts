/** The sample table: a week of real earthquakes (US Geological Survey, public domain). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Records } from './records';

/** The earthquakes of a day, in their order. */
const BY_DAY = {
  name: 'byDay',
  key: [
    { name: 'day', type: 'S' },
    { name: 'time', type: 'N' },
  ],
} satisfies NonNullable<Records['indexes']>[number];

const SAMPLE = join(__dirname, '../../sample/earthquakes.ndjson.gz');

/** Reads the sample's records, which are typed and known to be well-formed. */
export async function readSample(): Promise<Records> {
  const text = (await promisify(gunzip)(await readFile(SAMPLE))).toString('utf8');
  const items = text
    .trimEnd()
    .split('\n')
    .map((json, index) => ({ json, where: `line ${index + 1}` }));
  return { items, key: [{ name: 'id', type: 'S' }], indexes: [BY_DAY], partial: false };
}
