/**
 * Converts Scan responses from DynamoDB JSON to the JSON that clients read: the TypeScript side of the WebAssembly in
 * `assembly/`. See docs/adr/0001-webassembly-transcoder.md. No I/O, and no AWS SDK.
 */
import { isUtf8 } from 'node:buffer';
import { TRANSCODER } from './wasmModule';

/** The form in which items are written. */
export interface ItemForm {
  /** `plain`: as plain JSON. `typed`: as DynamoDB sent them, `{"S":"…"}`. */
  values: 'plain' | 'typed';
  /** `string`: plain numbers are written in quotes, for readers whose JSON parser rounds. */
  numbers: 'number' | 'string';
  /** The character between two items. */
  separator: ',' | '\n';
}

/** How the response was requested, and how many items to write. */
export interface ItemOptions extends ItemForm {
  /** The response is to `Select: COUNT`, so `Count` is not the number of its `Items`. */
  countOnly?: boolean;
  /** Maximum number of items to write. All items are validated. */
  atMost?: number;
}

/** Plain JSON items with commas between them. */
export const PLAIN_JSON: ItemForm = { values: 'plain', numbers: 'number', separator: ',' };

/** The items of a Scan response, and the rest of the response. */
export interface TranscodedScan {
  /** The items as JSON objects with separators between them; empty if there are none. */
  items: Buffer;
  /** The response in DynamoDB JSON, with an empty array as its `Items`. */
  rest: string;
}

/** DynamoDB's response is not the JSON that the Scan API describes. */
export class MalformedResponseError extends Error {
  override name = 'MalformedResponseError';
}

/**
 * Transcodes the body of a successful Scan response.
 *
 * In plain JSON, S, B, SS and BS stay strings (binary in base64). N and NS become JSON numbers with the same digits.
 * BOOL and NULL become literals, M becomes an object, and L an array. Any valid JSON is accepted: with white space,
 * fields in any order, and escaped names.
 *
 * @throws MalformedResponseError if the body is not a Scan response, or if `Count` differs from the number of items.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 */
export function transcodeScan(response: Uint8Array, options: ItemOptions = PLAIN_JSON): TranscodedScan {
  // All callers share one transcoder, because its result is copied at once.
  shared.place(response.byteLength).set(response);
  const { items, rest } = shared.transcode(response.byteLength, options);
  return { items: Buffer.from(items), rest };
}

/** A WebAssembly instance. Responses are received into its memory, and items are sent from there. */
export class Transcoder {
  private readonly instance = instantiate();
  private readonly start = this.instance.inputStart.value;
  private capacityBytes = 0;

  /** Size in bytes of the largest response that fits without growing the memory. */
  get capacity(): number {
    return this.capacityBytes;
  }

  /**
   * Grows the memory for a response of `size` bytes.
   *
   * @returns a view of the memory for the response, with the bytes that are already there. A later call invalidates it.
   */
  place(size: number): Buffer {
    this.instance.reserve(size);
    this.capacityBytes = Math.max(size, this.capacityBytes);
    return Buffer.from(this.instance.memory.buffer, this.start, size);
  }

  /**
   * Transcodes the first `size` bytes of `place`, as `transcodeScan` does.
   *
   * @returns items that are valid until the next call of `place` or `transcode`.
   */
  transcode(
    size: number,
    { values, numbers, separator, countOnly, atMost = NO_LIMIT }: ItemOptions,
  ): TranscodedScan {
    const { instance, start } = this;
    const end = start + size;
    const memory = Buffer.from(instance.memory.buffer);
    if (!isUtf8(memory.subarray(start, end))) throw new MalformedResponseError('the response is not UTF-8');
    instance.transcode(size, values === 'typed', numbers === 'string', separator.charCodeAt(0), atMost);

    const { itemCount, itemsAt, itemsEnd, outputStart, outputEnd } = instance;
    const hasItems = itemCount.value >= 0;
    const rest = hasItems
      ? `${memory.toString('utf8', start, itemsAt.value)}[]${memory.toString('utf8', itemsEnd.value, end)}`
      : memory.toString('utf8', start, end);
    const count = countOf(rest);
    const counted = Math.max(0, itemCount.value);
    // A truncated response must not look complete.
    if (count !== counted && (hasItems || countOnly !== true)) {
      throw new MalformedResponseError(`the response's Count does not match its ${counted} Items`);
    }
    return { items: memory.subarray(outputStart.value, outputEnd.value), rest };
  }
}

/** The largest number of items that WebAssembly can count. */
const NO_LIMIT = 2 ** 31 - 1;

/** The part of WebAssembly that is used here. TypeScript declares it only for browsers. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
};

/** The exports of `assembly/index.ts`. Each position is an address in its memory. */
interface Instance {
  memory: { buffer: ArrayBuffer };
  inputStart: Exported;
  errorAt: Exported;
  itemCount: Exported;
  itemsAt: Exported;
  itemsEnd: Exported;
  outputStart: Exported;
  outputEnd: Exported;
  reserve(length: number): void;
  transcode(length: number, isTyped: boolean, quotes: boolean, separator: number, atMost: number): void;
}

interface Exported {
  value: number;
}

const compiled = new WebAssembly.Module(Buffer.from(TRANSCODER, 'base64'));

function instantiate(): Instance {
  /** AssemblyScript calls this for `throw`. */
  const abort = (message: number): never => {
    const at = instance.errorAt.value - instance.inputStart.value;
    throw new MalformedResponseError(`malformed response at byte ${at}: ${textAt(instance, message)}`);
  };
  const instance = new WebAssembly.Instance(compiled, { env: { abort } }).exports as Instance;
  return instance;
}

/** Strings of AssemblyScript are UTF-16, preceded by four bytes with their length. */
function textAt(instance: Instance, address: number): string {
  const memory = Buffer.from(instance.memory.buffer);
  return memory.toString('utf16le', address, address + memory.readUInt32LE(address - 4));
}

function countOf(rest: string): unknown {
  try {
    return (JSON.parse(rest) as { Count?: unknown }).Count;
  } catch (cause) {
    throw new MalformedResponseError('the response is not JSON', { cause });
  }
}

const shared = new Transcoder();
