/** Checks that every item of a table has a valid, unique key. No I/O. */
import { excerpt, isObject, type Attributes } from '../../dynamodb/attributeValue';
import { normalizeNumber } from '../../dynamodb/number';
import { ItemFileError } from './itemFileError';
import { namesOf, type KeyNames } from './tableSchema';

/** The key attributes in order, with their types. */
export type KeySchema = { name: string; type: KeyType }[];

const KEY_TYPES = ['S', 'N', 'B'] as const;

export type KeyType = (typeof KEY_TYPES)[number];

const MAX_LISTED_NAMES = 10;

const SURROGATE = /[\ud800-\udfff]/;

/** Normalizes a key the way the engine compares keys: 1 equals 1.0, and a lone surrogate becomes U+FFFD. */
const NORMALIZE: Readonly<Record<KeyType, (value: string) => string>> = {
  S: (value) => (SURROGATE.test(value) ? Buffer.from(value).toString() : value),
  N: normalizeNumber,
  B: (value) => Buffer.from(value, 'base64').toString('base64'),
};

/** Two items have the same key. */
export class RepeatedKeyError extends ItemFileError {}

/** Checks the keys of the items of one table, one item after the other. */
export class KeyChecker<Place> {
  private readonly names: readonly string[];
  /** The types that a table description states. */
  private readonly described: ReadonlyMap<string, string>;
  private readonly types: (KeyType | undefined)[] = [];
  private readonly places = new Map<string, Place>();

  private readonly describe: (earlier: Place, place: Place) => string;

  /** @param describe returns the first place in words, as seen from the second one. */
  constructor(
    keyNames: KeyNames,
    types: ReadonlyMap<string, string>,
    describe: (earlier: Place, place: Place) => string,
  ) {
    this.described = types;
    this.describe = describe;
    this.names = namesOf(keyNames);
  }

  /**
   * Checks the key of the next item.
   *
   * @param attributes the key attributes, and no others.
   * @param allNames returns the names of all attributes, for the error message.
   * @throws ItemFileError without the place if the item has no key, has a key of another type than the first item, or
   *   has the same key as an earlier item.
   */
  check(attributes: Attributes, place: Place, allNames: () => string[]): void {
    const values = this.names.map((name, index) => {
      const { type, value } = keyValue(attributes, name, allNames);
      const described = this.described.get(name);
      if (described !== undefined && described !== type) {
        throw new ItemFileError(
          `the key attribute ${quote(name)} has type ${type}, but the table description says ${described}. Correct one of them. CSV has numbers only with --infer`,
        );
      }
      const expected = (this.types[index] ??= type);
      if (type === expected) return NORMALIZE[type](value);
      throw new ItemFileError(
        `the key attribute ${quote(name)} has type ${type}, but in the first item it has type ${expected}. Use one type for all items`,
      );
    });
    const id = values.length === 1 ? (values[0] ?? '') : JSON.stringify(values);
    const earlier = this.places.get(id);
    if (earlier !== undefined) {
      const key = this.names.map((name) => quote(keyValue(attributes, name, allNames).value)).join(', ');
      throw new RepeatedKeyError(
        `the key ${key} is already used at ${this.describe(earlier, place)}. Name the attributes that identify an item: --key HASH,RANGE`,
      );
    }
    this.places.set(id, place);
  }

  /** The key attributes with the types of the first item, or S if there is none. */
  schema(): KeySchema {
    const typeOf = (name: string) => KEY_TYPES.find((type) => type === this.described.get(name));
    return this.names.map((name, index) => ({ name, type: this.types[index] ?? typeOf(name) ?? 'S' }));
  }
}

/** Whether a value is a typed key value: `{"S":"…"}`, `{"N":"…"}` or `{"B":"…"}`. */
export function isKeyValue(value: unknown): value is Partial<Record<KeyType, string>> {
  if (!isObject(value)) return false;
  const [[type, content] = [], ...others] = Object.entries(value);
  return others.length === 0 && Object.hasOwn(NORMALIZE, type ?? '') && typeof content === 'string';
}

function keyValue(
  attributes: Attributes,
  name: string,
  allNames: () => string[],
): { type: KeyType; value: string } {
  if (!Object.hasOwn(attributes, name)) {
    const others = allNames().slice(0, MAX_LISTED_NAMES).map(quote).join(', ');
    const list = others === '' ? 'It has no attributes' : `It has ${others}`;
    throw new ItemFileError(
      `the item has no key attribute ${quote(name)}. ${list}. Name the key: --key NAME or --key HASH,RANGE`,
    );
  }
  const typed = attributes[name];
  if (!isKeyValue(typed)) {
    throw new ItemFileError(
      `the key attribute ${quote(name)} must be a string, a number or binary, not ${excerpt(typed)}`,
    );
  }
  const [type, value] = Object.entries(typed)[0] as [KeyType, string];
  return { type, value };
}

function quote(text: string): string {
  return JSON.stringify(text);
}
