/** Reads the sample table: one week of earthquakes (US Geological Survey, public domain). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Attributes } from '../dynamodb/attributeValue';
import type { StoredItem } from './engine';
import type { StoredTable } from './storedTable';

/** Sorts the earthquakes of each day by time. */
const BY_DAY_INDEX = {
  name: 'byDay',
  kind: 'Global',
  key: [
    { name: 'day', type: 'S' },
    { name: 'time', type: 'N' },
  ],
  projection: { ProjectionType: 'KEYS_ONLY' },
} satisfies StoredTable['indexes'][number];

const SAMPLE_PATH = join(__dirname, '../../sample/earthquakes.ndjson.gz');

/** Reads the sample items, which scripts/make-sample.ts wrote as valid DynamoDB JSON. */
export async function readSample(tableName: string): Promise<StoredTable> {
  const text = (await promisify(gunzip)(await readFile(SAMPLE_PATH))).toString('utf8');
  const items = text
    .trimEnd()
    .split('\n')
    .map((json): StoredItem => ({ json: Buffer.from(json), attributes: JSON.parse(json) as Attributes }));
  return { tableName, items, key: [{ name: 'id', type: 'S' }], indexes: [BY_DAY_INDEX] };
}
