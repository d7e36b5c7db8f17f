/**
 * DynamoDB JSON to the JSON that clients read: the TypeScript side of the transcoder in `assembly/`,
 * which is WebAssembly. No I/O, and no AWS SDK.
 */
import { isUtf8 } from 'node:buffer';
import { TRANSCODER } from './wasmModule';

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
  // One does for all: it has nothing left to remember when its records have been copied.
  shared.place(answer.byteLength).set(answer);
  const { items, rest } = shared.transcode(answer.byteLength, options);
  return { items: Buffer.from(items), rest };
}

/** The transcoder with a memory of its own, which answers can be received in and their records sent from. */
export class Transcoder {
  private readonly instance = instantiate();
  private readonly start = this.instance.answerAt.value;
  private room = 0;

  /** Bytes that an answer may have without more memory. */
  get capacity(): number {
    return this.room;
  }

  /**
   * Makes room for an answer.
   *
   * @returns its bytes: those that are there, and anything after them. Only the last that was returned
   *   is good for anything.
   */
  place(size: number): Buffer {
    this.instance.reserve(size);
    this.room = Math.max(size, this.room);
    return Buffer.from(this.instance.memory.buffer, this.start, size);
  }

  /**
   * Rewrites the answer of so many bytes that has been put in its place, as `transcodeScan` does.
   *
   * @returns records that last until another answer is put in its place.
   */
  transcode(
    size: number,
    { values, numbers, separator, countOnly, atMost = MOST }: ItemOptions,
  ): TranscodedScan {
    const { instance, start } = this;
    const end = start + size;
    const memory = Buffer.from(instance.memory.buffer);
    if (!isUtf8(memory.subarray(start, end))) throw new MalformedAnswerError('the answer is not UTF-8');
    instance.transcode(size, values === 'typed', numbers === 'string', separator.charCodeAt(0), atMost);

    const { itemCount, itemsAt, itemsEnd, recordsAt, recordsEnd } = instance;
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
    return { items: memory.subarray(recordsAt.value, recordsEnd.value), rest };
  }
}

/** As many records as can be counted. */
const MOST = 2 ** 31 - 1;

/** What is used of it here; TypeScript has its types in those of browsers alone. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
};

/** What `assembly/index.ts` exports; each position is the address of a byte in its memory. */
interface Instance {
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

const compiled = new WebAssembly.Module(Buffer.from(TRANSCODER, 'base64'));

function instantiate(): Instance {
  /** What a `throw` in AssemblyScript calls. */
  const abort = (message: number): never => {
    const at = instance.errorAt.value - instance.answerAt.value;
    throw new MalformedAnswerError(`the answer has ${textAt(instance, message)} at byte ${at}`);
  };
  const instance = new WebAssembly.Instance(compiled, { env: { abort } }).exports as Instance;
  return instance;
}

/** Strings of AssemblyScript are UTF-16, after four bytes with their length. */
function textAt(instance: Instance, address: number): string {
  const memory = Buffer.from(instance.memory.buffer);
  return memory.toString('utf16le', address, address + memory.readUInt32LE(address - 4));
}

function countOf(rest: string): unknown {
  try {
    return (JSON.parse(rest) as { Count?: unknown }).Count;
  } catch (cause) {
    throw new MalformedAnswerError('the answer is not JSON', { cause });
  }
}

const shared = new Transcoder();
