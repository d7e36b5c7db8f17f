/** Reads a file as text in UTF-8, plain or compressed with gzip. */
import { isUtf8, transcode } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ItemFileError } from './itemFileError';

/** Node.js reads at most this many bytes of a file at once. */
const MAX_FILE_BYTES = 2 ** 31 - 1;

const GZIP = Buffer.from([0x1f, 0x8b]);
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_LE_MARK = Buffer.from([0xff, 0xfe]);
const UTF16_BE_MARK = Buffer.from([0xfe, 0xff]);

/** Files that are not text, by their first bytes, and how to get the items out of them. */
const OTHER_KINDS: readonly [magic: Buffer, fix: string][] = [
  [Buffer.from('PK\u0003\u0004'), 'the file is a ZIP archive or a spreadsheet. Unpack it, or save it as CSV'],
  [
    Buffer.from('PAR1'),
    'the file is in the format Parquet. Convert it to CSV or NDJSON, for example with DuckDB',
  ],
  [Buffer.from('Obj\u0001'), 'the file is in the format Avro. Convert it to NDJSON'],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 'the file is compressed with Zstandard. Unpack it with unzstd'],
  [Buffer.from('BZh'), 'the file is compressed with bzip2. Unpack it with bunzip2'],
  [Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a]), 'the file is compressed with xz. Unpack it with unxz'],
  [
    Buffer.from([0xe0, 0x01, 0x00, 0xea]),
    'the file is in the format Amazon Ion. Export the table as DynamoDB JSON',
  ],
];

/**
 * Reads the whole file. Encoding and compression are recognized by the content: UTF-8, or UTF-16 with a byte order
 * mark, which PowerShell writes for `aws dynamodb scan > FILE`.
 *
 * @returns text in UTF-8 without byte order mark.
 * @throws ItemFileError if the file is too large, damaged, or not text.
 */
export async function readText(path: string): Promise<Buffer> {
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES) throw tooLarge(`the file has ${inGigabytes(size)}`);
  const bytes = await readFile(path);
  return toUtf8(startsWith(bytes, GZIP) ? await unpack(bytes) : bytes);
}

async function unpack(bytes: Buffer): Promise<Buffer> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MAX_FILE_BYTES });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLarge(`the unpacked file has more than ${inGigabytes(MAX_FILE_BYTES)}`);
    }
    throw new ItemFileError(
      `the gzip data is damaged or truncated (${message}). Copy or download the file again`,
      { cause },
    );
  }
}

function toUtf8(bytes: Buffer): Buffer {
  const [, otherKind] = OTHER_KINDS.find(([magic]) => startsWith(bytes, magic)) ?? [];
  if (otherKind !== undefined) throw new ItemFileError(otherKind);
  const isBigEndian = startsWith(bytes, UTF16_BE_MARK);
  if (isBigEndian || startsWith(bytes, UTF16_LE_MARK)) {
    const text = bytes.subarray(UTF16_LE_MARK.length);
    if (text.length % 2 !== 0) throw new ItemFileError('the UTF-16 text ends in the middle of a character');
    return transcode(isBigEndian ? Buffer.from(text).swap16() : text, 'utf16le', 'utf8');
  }
  const text = startsWith(bytes, UTF8_MARK) ? bytes.subarray(UTF8_MARK.length) : bytes;
  if (isUtf8(text)) return text;
  throw new ItemFileError(
    `line ${invalidLine(text)} is not valid UTF-8 text. Save the file as UTF-8, or as UTF-16 with a byte order mark`,
  );
}

/** Returns the number of the first line that is not UTF-8. */
function invalidLine(text: Buffer): number {
  let start = 0;
  for (let line = 1; ; line++) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    if (found < 0 || !isUtf8(text.subarray(start, end))) return line;
    start = end + 1;
  }
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start);
}

function tooLarge(fact: string): ItemFileError {
  return new ItemFileError(
    `${fact}. At most ${inGigabytes(MAX_FILE_BYTES)} can be loaded. Split the file into several, or import it into a table in AWS or in DynamoDB Local`,
  );
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
