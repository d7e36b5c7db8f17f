/**
 * DynamoDB JSON to the JSON that clients read: the TypeScript side of the transcoder in `assembly/`,
 * which is WebAssembly. No I/O, and no AWS SDK.
 */
import { isUtf8 } from 'node:buffer';
import type { RecordBuffer } from './recordBuffer';
import { TRANSCODER } from './transcoderModule';

/** How records are to be written. */
export interface ItemForm {
  /** `plain`: as plain JSON. `typed`: as DynamoDB sent them, `{"S":"…"}`. */
  values: 'plain' | 'typed';
  /** `string`: plain numbers are written in quotes, for readers whose JSON parser rounds. */
  numbers: 'number' | 'string';
  /** What stands between two records. */
  separator: ',' | '\n';
}

/** As DynamoDB was asked, so that its answer can be checked, and read in part. */
export interface ItemOptions extends ItemForm {
  /** The answer is to a scan with `Select: COUNT`, which counts what it does not send. */
  countOnly?: boolean;
  /** Write so many of the records; all are checked. */
  atMost?: number;
  /** Takes the records; of its own for each answer where there is none. */
  buffer?: RecordBuffer | undefined;
}

/** Plain JSON records with commas between them. */
export const PLAIN_JSON: ItemForm = { values: 'plain', numbers: 'number', separator: ',' };

/** A Scan answer taken apart: the records, and what else the answer said. */
export interface TranscodedScan {
  /** The records as JSON objects with separators between them; empty where there are none. */
  items: Buffer;
  /** The answer, still in DynamoDB JSON, with an empty array for its `Items`. */
  rest: string;
}

/** DynamoDB's answer is not the JSON that the Scan API describes. */
export class MalformedAnswerError extends Error {
  override name = 'MalformedAnswerError';
}

/**
 * Rewrites the body of a successful Scan answer from DynamoDB JSON.
 *
 * In plain JSON S, B and the members of SS and BS stay strings (binary in base64), N and the members
 * of NS become JSON numbers with the same digits, BOOL and NULL literals, M objects, L arrays. Any
 * legal JSON is taken: white space, members in any order, escaped names.
 *
 * @throws MalformedAnswerError where the body is anything else, or holds another number of records
 *   than its own `Count`.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 */
export function transcodeScan(answer: Uint8Array, options: ItemOptions = PLAIN_JSON): TranscodedScan {
  const { values, numbers, separator, countOnly, atMost = MOST, buffer } = options;
  const memory = load(answer);
  const end = start + answer.byteLength;
  if (!isUtf8(memory.subarray(start, end))) throw new MalformedAnswerError('the answer is not UTF-8');

  const isTyped = values === 'typed';
  transcoder.transcode(end - start, isTyped, numbers === 'string', separator.charCodeAt(0), atMost);

  const { itemCount, itemsAt, itemsEnd, recordsAt, recordsEnd } = transcoder;
  const hasItems = itemCount.value >= 0;
  const rest = hasItems
    ? `${memory.toString('utf8', start, itemsAt.value)}[]${memory.toString('utf8', itemsEnd.value, end)}`
    : memory.toString('utf8', start, end);
  const count = countOf(rest);
  const counted = Math.max(0, itemCount.value);
  // An answer with fewer records than it says must not pass for a whole one.
  if (count !== counted && (hasItems || countOnly !== true)) {
    throw new MalformedAnswerError(`the answer's Count does not match its ${counted} Items`);
  }
  const records = memory.subarray(recordsAt.value, recordsEnd.value);
  return { items: buffer?.copy(records) ?? Buffer.from(records), rest };
}

/** As many records as can be counted. */
const MOST = 2 ** 31 - 1;

/** What is used of it here; TypeScript has its types in those of browsers alone. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
};

/** What `assembly/index.ts` exports; each position is the address of a byte in its memory. */
interface Transcoder {
  memory: { buffer: ArrayBuffer };
  answerAt: Exported;
  errorAt: Exported;
  itemCount: Exported;
  itemsAt: Exported;
  itemsEnd: Exported;
  recordsAt: Exported;
  recordsEnd: Exported;
  reserve(length: number): void;
  transcode(length: number, isTyped: boolean, quotes: boolean, separator: number, atMost: number): void;
}

interface Exported {
  value: number;
}

/** One does for all scans: it has nothing left to remember when `transcodeScan` returns. */
const transcoder = instantiate();
const start = transcoder.answerAt.value;

function instantiate(): Transcoder {
  const module = new WebAssembly.Module(Buffer.from(TRANSCODER, 'base64'));
  return new WebAssembly.Instance(module, { env: { abort } }).exports as Transcoder;
}

/** What a `throw` in AssemblyScript calls. */
function abort(message: number): never {
  const at = transcoder.errorAt.value - start;
  throw new MalformedAnswerError(`the answer has ${textAt(message)} at byte ${at}`);
}

/** Strings of AssemblyScript are UTF-16, after four bytes with their length. */
function textAt(address: number): string {
  const memory = Buffer.from(transcoder.memory.buffer);
  return memory.toString('utf16le', address, address + memory.readUInt32LE(address - 4));
}

/** Puts an answer where the transcoder takes it from. */
function load(answer: Uint8Array): Buffer {
  transcoder.reserve(answer.byteLength);
  const memory = Buffer.from(transcoder.memory.buffer);
  memory.set(answer, start);
  return memory;
}

function countOf(rest: string): unknown {
  try {
    return (JSON.parse(rest) as { Count?: unknown }).Count;
  } catch (cause) {
    throw new MalformedAnswerError('the answer is not JSON', { cause });
  }
}
