/** Converts items in any form to DynamoDB JSON, and checks their values. No I/O. */
import { parse, stringify } from 'lossless-json';
import { describeInvalidValue, isObject, marshallMap, type Attributes } from '../../dynamodb/attributeValue';
import { checkItem } from '../engine';
import { fromDataPipeline, isDataPipelineKey } from './dataPipeline';
import { ItemFileError } from './itemFileError';
import type { JsonRange, JsonScanner } from './jsonScanner';
import { isKeyValue } from './keys';
import { PlainItemEncoder, type EncodedItem } from './plainItems';

/** How the values of items are written: as plain JSON, as `{"S":"text"}`, or as `{"s":"text"}` of AWS Data Pipeline. */
export type ItemForm = 'plain' | 'typed' | 'data-pipeline';

/** Changes attributes in DynamoDB JSON. */
export type Mask = (attributes: Attributes) => Attributes;

/** An item has at most 400 KB. With less text, its size needs no check. */
const MAX_UNCHECKED_CHARS = 100 * 1024;

/** A number that DynamoDB returns with the same digits. */
const COMMON_NUMBER = /^-?(?!0$)(?:0|[1-9]\d{0,36})(?:\.\d{0,36}[1-9])?$|^0$/;
const MAX_NUMBER_CHARS = 38;

const LIMITS =
  'An item has at most 400 KB, a number at most 38 digits and 125 places, and a set at least one element, each only once';

/** Returns how an item is written. Its key decides, because in plain JSON a key is never an object. */
export function itemForm(text: string, hashKey: string): ItemForm {
  const item = text.startsWith('{') ? parseExactly(text) : undefined;
  const key = isObject(item) && Object.hasOwn(item, hashKey) ? item[hashKey] : undefined;
  if (isKeyValue(key)) return 'typed';
  return isDataPipelineKey(key) ? 'data-pipeline' : 'plain';
}

/** Encodes the items of one JSON document. */
export class ItemEncoder {
  private readonly plain: PlainItemEncoder;

  private readonly scanner: JsonScanner;
  private readonly names: readonly string[];
  private readonly mask: Mask | undefined;

  /** @param names the attributes that are needed for keys and indexes. */
  constructor(scanner: JsonScanner, names: readonly string[], mask: Mask | undefined) {
    this.scanner = scanner;
    this.names = names;
    this.mask = mask;
    this.plain = new PlainItemEncoder(scanner.bytes, names);
  }

  /**
   * Encodes the item that the scanner found last.
   *
   * @throws ItemFileError without the place if DynamoDB does not accept the item.
   */
  encode(range: JsonRange, form: ItemForm): EncodedItem {
    if (!this.scanner.isObject(range)) {
      throw new ItemFileError(
        `an item must be a JSON object such as {"id":"1"}, not ${kindOf(this.scanner.text(range))}`,
      );
    }
    const common = form === 'plain' ? this.plain.encode(range) : undefined;
    if (common !== undefined && this.mask === undefined) return common;
    const attributes = common === undefined ? this.parseItem(range, form) : parseEncoded(common.json);
    return encodeAttributes(attributes, this.names, this.mask);
  }

  private parseItem(range: JsonRange, form: ItemForm): Attributes {
    const { memberCount } = this.scanner;
    const text = this.scanner.text(range);
    if (form === 'plain') return marshallMap(parseExactly(text));
    // DynamoDB JSON has its numbers in strings, so JSON.parse is exact. But it does not report names that occur twice.
    const item = JSON.parse(text) as Attributes;
    const checked = countMembers(item) === memberCount ? item : parseExactly(text);
    return form === 'typed' ? checked : fromDataPipeline(checked);
  }
}

/**
 * Encodes attributes in DynamoDB JSON.
 *
 * @throws ItemFileError without the place if DynamoDB does not accept the item.
 */
export function encodeAttributes(
  attributes: Attributes,
  names: readonly string[],
  mask: Mask | undefined,
): EncodedItem {
  const invalid = describeInvalidValue(attributes);
  if (invalid !== undefined) throw new ItemFileError(invalid);
  const masked = mask === undefined ? attributes : mask(attributes);
  const text = stringify(masked) ?? '';
  // dynalite silently drops such attributes. The text of a JSON string cannot contain this sequence.
  if (text.includes('"__proto__":')) {
    throw new ItemFileError('the embedded engine does not support an attribute named __proto__. Rename it');
  }
  if (text.length <= MAX_UNCHECKED_CHARS && isCommonMap(masked)) return encoded(masked, text, names);
  const { item, error } = checkItem(masked);
  if (item === undefined) throw new ItemFileError(`DynamoDB rejects the item: ${error}. ${LIMITS}`);
  return encoded(item, JSON.stringify(item), names);
}

function encoded(attributes: Attributes, text: string, names: readonly string[]): EncodedItem {
  const requested = names.filter((name) => Object.hasOwn(attributes, name));
  return {
    json: Buffer.from(text),
    attributes: Object.fromEntries(requested.map((name) => [name, attributes[name]])),
  };
}

function parseEncoded(json: Buffer): Attributes {
  return JSON.parse(json.toString()) as Attributes;
}

/** Keeps the digits of numbers, and rejects names that occur twice. */
function parseExactly(text: string): Attributes {
  try {
    return parse(text) as Attributes;
  } catch (cause) {
    const { message } = cause as Error;
    // The scanner has found the syntax valid, so the only error is a name that occurs twice.
    const name = /'(.*)'/s.exec(message)?.[1] ?? '';
    throw new ItemFileError(
      `the name ${JSON.stringify(name)} occurs twice in one object. Remove one of them`,
      { cause },
    );
  }
}

function countMembers(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, element) => sum + countMembers(element), 0);
  if (!isObject(value)) return 0;
  return Object.values(value).reduce<number>((sum, content) => sum + 1 + countMembers(content), 0);
}

/** Whether a valid map only has values that DynamoDB accepts and returns unchanged. Others get a closer look. */
function isCommonMap(attributes: Attributes): boolean {
  return Object.values(attributes).every(isCommonValue);
}

function isCommonValue(value: unknown): boolean {
  const [[type, content] = ['', undefined]] = Object.entries(value as Attributes);
  switch (type) {
    case 'S':
    case 'BOOL':
      return true;
    case 'NULL':
      return content === true;
    case 'N':
      return (content as string).length <= MAX_NUMBER_CHARS && COMMON_NUMBER.test(content as string);
    case 'L':
      return (content as unknown[]).every(isCommonValue);
    case 'M':
      return isCommonMap(content as Attributes);
    default:
      return false;
  }
}

/** Names the kind of a JSON value that is not an object. */
function kindOf(text: string): string {
  if (text.startsWith('[')) return 'an array';
  if (text.startsWith('"')) return 'a string';
  if (text === 'null') return 'null';
  return text === 'true' || text === 'false' ? 'a boolean' : 'a number';
}
