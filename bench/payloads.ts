/** Generates items of several shapes in DynamoDB JSON, about 1 MB of each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const PAGE_BYTES = 1_000_000;

/** Each function returns the item with a number. The same number always gives the same item. */
const PAYLOADS = {
  sample: sampleItem,
  small_attributes: smallAttributes,
  long_strings: longStrings,
  deep_nesting: (index: number) => ({ ...id(index), nested: nested(24) }),
  numbers: numberHeavy,
  unicode: unicodeHeavy,
};

export type PayloadName = keyof typeof PAYLOADS;

export const PAYLOAD_NAMES = Object.keys(PAYLOADS) as PayloadName[];

/** Returns the items of a page of about 1 MB, each as JSON. */
export function itemsOf(payload: PayloadName): string[] {
  const items: string[] = [];
  for (let bytes = 0; bytes < PAGE_BYTES; bytes += Buffer.byteLength(items.at(-1) ?? '') + 1) {
    const item = PAYLOADS[payload](items.length);
    items.push(typeof item === 'string' ? item : JSON.stringify(item));
  }
  return items;
}

let sample: string[] | undefined;

function sampleItem(index: number): string {
  const file = join(process.cwd(), 'sample/earthquakes.ndjson.gz');
  sample ??= gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  return sample[index % sample.length] ?? '';
}

function id(index: number) {
  return { id: { S: `record-${String(index).padStart(6, '0')}` } };
}

function smallAttributes(index: number) {
  const names = Array.from({ length: 40 }, (_, at) => `attr${at}`);
  const value = (at: number) =>
    [{ S: `v${index % 97}` }, { N: `${(index * at) % 1000}` }, { BOOL: at % 2 === 0 }, { NULL: true }][
      at % 4
    ];
  return { ...id(index), ...Object.fromEntries(names.map((name, at) => [name, value(at)])) };
}

function longStrings(index: number) {
  const line = `Record ${index} says "the quick brown fox jumps over the lazy dog", and goes on.\n`;
  return { ...id(index), text: { S: line.repeat(100) }, log: { S: line.replaceAll(' ', '_').repeat(60) } };
}

function nested(depth: number): object {
  if (depth === 0) return { S: 'leaf' };
  return depth % 2 === 0
    ? { M: { level: { N: `${depth}` }, inner: nested(depth - 1) } }
    : { L: [{ S: `level ${depth}` }, nested(depth - 1)] };
}

function numberHeavy(index: number) {
  const digits = (at: number) => ({ N: `${(index * 31 + at) / 8}` });
  return {
    ...id(index),
    precise: { N: '3.1415926535897932384626433832795028842' },
    tiny: { N: '-1.5E-120' },
    series: { L: Array.from({ length: 60 }, (_, at) => digits(at)) },
    set: { NS: Array.from({ length: 20 }, (_, at) => `${index + at}`) },
  };
}

function unicodeHeavy(index: number) {
  return {
    ...id(index),
    имя: { S: `Запись номер ${index}, съешь же ещё этих мягких французских булок` },
    名前: { S: '色は匂へど散りぬるを我が世誰ぞ常ならむ' },
    emoji: { SS: ['🌍🌎🌏', '👩‍👩‍👧‍👦 family', 'naïve café'] },
    escaped: { S: 'caf\u00e9 "quoted" \\ back\tslash' },
  };
}
