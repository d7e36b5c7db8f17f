/**
 * Creates sample/earthquakes.ndjson.gz, one DynamoDB item per line, from a GeoJSON feed of the US
 * Geological Survey (`all_week.geojson`, public domain):
 *
 *   npx ts-node scripts/make-sample.ts all_week.geojson
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

type AttributeValue = Record<string, unknown>;

interface Earthquake {
  id: string;
  properties: Record<string, string | number | null>;
  geometry: { type: string; coordinates: number[] };
}

/** Properties with a comma-separated list, which become string sets. */
const LIST_PROPERTIES = ['ids', 'sources', 'types'];
/** Earthquakes of at least this significance also have attributes of the less common DynamoDB types. */
const MIN_SIGNIFICANCE = 500;

function item({ id, properties, geometry }: Earthquake): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = { id: { S: id } };
  for (const [name, value] of Object.entries(properties)) attributes[name] = attribute(name, value);
  attributes.coordinates = list(geometry.coordinates);
  attributes.wkb = { B: wellKnownBinary(geometry.coordinates).toString('base64') };
  Object.assign(attributes, readableAttributes(properties, geometry));
  if (Number(properties.sig) >= MIN_SIGNIFICANCE)
    Object.assign(attributes, lessCommonTypes(properties, geometry));
  return attributes;
}

function attribute(name: string, value: string | number | null): AttributeValue {
  if (value === null) return { NULL: true };
  if (name === 'tsunami') return { BOOL: value === 1 };
  if (typeof value === 'number') return { N: String(value) };
  return LIST_PROPERTIES.includes(name)
    ? { SS: value.split(',').filter((part) => part !== '') }
    : { S: value };
}

/** Returns attributes that a front end can display and search, and that an index can have as its key. */
function readableAttributes(
  { mag, place, time, updated, type }: Earthquake['properties'],
  geometry: Earthquake['geometry'],
) {
  const timeIso = new Date(Number(time)).toISOString();
  const [day = '', clock = ''] = timeIso.split(/[T.]/);
  const magnitude = mag === null ? 'unknown magnitude' : `magnitude ${mag}`;
  const depth = `${geometry.coordinates[2] ?? 0} km deep`;
  return {
    day: { S: day },
    timeIso: { S: timeIso },
    updatedIso: { S: new Date(Number(updated)).toISOString() },
    description: {
      S: `${String(type)} of ${magnitude}, ${String(place)}, on ${day} at ${clock} UTC, ${depth}.`,
    },
  };
}

function lessCommonTypes(
  properties: Earthquake['properties'],
  { type, coordinates }: Earthquake['geometry'],
) {
  const { ids, cdi, mmi } = properties;
  const intensities = [cdi, mmi].filter((value) => value !== null).map(String);
  const events = String(ids)
    .split(',')
    .filter((part) => part !== '');
  return {
    geometry: { M: { type: { S: type }, coordinates: list(coordinates) } },
    eventHashes: { BS: events.map((event) => createHash('sha256').update(event).digest('base64')) },
    ...(intensities.length > 0 && { intensities: { NS: [...new Set(intensities)] } }),
  };
}

function list(numbers: number[]): AttributeValue {
  return { L: numbers.map((number) => ({ N: String(number) })) };
}

/** Encodes a point with longitude, latitude and depth as well-known binary (ISO 19125). */
function wellKnownBinary(coordinates: number[]): Buffer {
  const POINT_Z = 1001;
  const wkb = Buffer.alloc(5 + 8 * coordinates.length);
  wkb.writeUInt8(1, 0);
  wkb.writeUInt32LE(POINT_Z, 1);
  coordinates.forEach((number, index) => wkb.writeDoubleLE(number, 5 + 8 * index));
  return wkb;
}

const [file = ''] = process.argv.slice(2);
const { features } = JSON.parse(readFileSync(file, 'utf8')) as { features: Earthquake[] };
const lines = features.map((feature) => JSON.stringify(item(feature)));
const target = join(__dirname, '../sample/earthquakes.ndjson.gz');
writeFileSync(target, gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
