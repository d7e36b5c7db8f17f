/**
 * Fakes values: the same number of other characters of the same kinds. No I/O.
 *
 * Each value is permuted among all values of its shape, by a Feistel network whose keys depend on a secret. So equal
 * values have equal fakes, and different values of the same shape have different fakes: sets and keys stay unique.
 * https://en.wikipedia.org/wiki/Format-preserving_encryption
 */
import { createHash, createHmac } from 'node:crypto';

/** Luby and Rackoff proved that a Feistel network needs four rounds to look random in both directions. */
const ROUNDS = 4;

/** Random bytes per character: with two of them, the remainders of a division are almost equally frequent. */
const RANDOM_BYTES = 2;

/** Characters that can replace each other: `size` characters from the code `first`. */
interface Alphabet {
  name: string;
  first: number;
  size: number;
}

const UPPER_CASE: Alphabet = { name: 'A', first: 0x41, size: 26 };
const LOWER_CASE: Alphabet = { name: 'a', first: 0x61, size: 26 };
const DIGITS: Alphabet = { name: '0', first: 0x30, size: 10 };
const DIGITS_EXCEPT_ZERO: Alphabet = { name: '1', first: 0x31, size: 9 };

/** A character, and the alphabet to replace it from. Without one it stays the same. */
interface Character {
  character: string;
  alphabet: Alphabet | undefined;
}

/** A character as a number below the size of its alphabet. */
interface Digit {
  value: number;
  size: number;
}

/** Sign, zeros and decimal point; the digits from the first to the last that is not zero; the rest. */
const NUMBER = /^([^1-9eE]*)([1-9](?:[\d.]*[1-9])?)(.*)$/;

/** Fakes values. The same secret gives the same fakes. */
export class Faker {
  readonly #key: Buffer;

  constructor(secret: Buffer) {
    this.#key = createHmac('sha256', secret).update('fake').digest();
  }

  /** Letters become ASCII letters of the same case, and digits ASCII digits. All other characters stay the same. */
  text(text: string): string {
    return this.#replace(
      'S',
      Array.from(text, (character) => ({ character, alphabet: alphabetOf(character) })),
    );
  }

  /** The digits from the first to the last that is not zero become others, and zero only between these two. */
  number(number: string): string {
    const [, start = '', digits = '', end = ''] = NUMBER.exec(number) ?? [];
    if (digits === '') return number;
    const characters = Array.from(digits, (character, index) => {
      const isOuter = index === 0 || index === digits.length - 1;
      const alphabet = isOuter ? DIGITS_EXCEPT_ZERO : DIGITS;
      return { character, alphabet: character === '.' ? undefined : alphabet };
    });
    return start + this.#replace('N', characters) + end;
  }

  /** @param base64 bytes, which become as many other bytes. */
  binary(base64: string): string {
    const digits = Array.from(Buffer.from(base64, 'base64'), (value) => ({ value, size: 256 }));
    return Buffer.from(this.#permute('B', digits)).toString('base64');
  }

  /** Returns a random boolean that depends on the seed. */
  boolean(seed: string): boolean {
    return this.#random(1, 'BOOL', seed).readUInt8() % 2 === 1;
  }

  #replace(type: string, characters: readonly Character[]): string {
    const shape = characters.map(({ character, alphabet }) => alphabet?.name ?? character).join('');
    const digits = characters.flatMap(({ character, alphabet }) =>
      alphabet === undefined ? [] : [digitOf(character, alphabet)],
    );
    const values = this.#permute(`${type}${shape}`, digits).values();
    return characters
      .map(({ character, alphabet }) => {
        return alphabet === undefined
          ? character
          : String.fromCharCode(alphabet.first + (values.next().value ?? 0));
      })
      .join('');
  }

  /** Permutes all values of one shape. A single digit always changes. */
  #permute(shape: string, digits: readonly Digit[]): number[] {
    const values = digits.map(({ value }) => value);
    const [only, ...others] = digits;
    if (only !== undefined && others.length === 0) {
      const random = this.#random(RANDOM_BYTES, shape, '').readUInt16LE();
      return [(only.value + 1 + (random % (only.size - 1))) % only.size];
    }
    const middle = values.length >> 1;
    for (let round = 0; round < ROUNDS; round++) {
      const [start, end] = round % 2 === 0 ? [0, middle] : [middle, values.length];
      const otherHalf = round % 2 === 0 ? values.slice(middle) : values.slice(0, middle);
      const random = this.#random(
        (end - start) * RANDOM_BYTES,
        `${round}${shape}`,
        Uint8Array.from(otherHalf),
      );
      for (let at = start; at < end; at++) {
        const shift = random.readUInt16LE((at - start) * RANDOM_BYTES);
        values[at] = ((values[at] ?? 0) + shift) % (digits[at]?.size ?? 1);
      }
    }
    return values;
  }

  #random(length: number, label: string, data: string | Uint8Array): Buffer {
    return createHash('shake256', { outputLength: length })
      .update(this.#key)
      .update(`${Buffer.byteLength(label)}:${label}`)
      .update(data)
      .digest();
  }
}

function alphabetOf(character: string): Alphabet | undefined {
  const code = character.charCodeAt(0);
  return code < ASCII_ALPHABETS.length ? ASCII_ALPHABETS[code] : classify(character);
}

function classify(character: string): Alphabet | undefined {
  if (/\p{Lu}|\p{Lt}/u.test(character)) return UPPER_CASE;
  if (/\p{L}/u.test(character)) return LOWER_CASE;
  return /\p{N}/u.test(character) ? DIGITS : undefined;
}

/** The alphabets of the ASCII characters, which are the most frequent ones. */
const ASCII_ALPHABETS = Array.from({ length: 128 }, (_, code) => classify(String.fromCharCode(code)));

/** Characters outside the range of the alphabet become one of it. */
function digitOf(character: string, { first, size }: Alphabet): Digit {
  const distance = ((character.codePointAt(0) ?? 0) - first) % size;
  return { value: (distance + size) % size, size };
}
