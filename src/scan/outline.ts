/** What an answer says besides its records, found without reading them. No I/O, and no AWS SDK. */

/** The answer's last bytes, in which the records' end is looked for. */
const TAIL = 4096;

/**
 * Cuts an answer out around its first `[` and its last `]`, which are those of `Items`.
 *
 * Were one of them in a string, the text around would hold half of that string, and be no JSON. Were one
 * of another array, which Scan's answer has not, the outline would lack what lies between: whoever has
 * read the whole answer is to compare.
 *
 * @returns JSON with an empty array for the records; undefined where that is not to be had cheaply: the
 *   answer came in one piece, or is not written as DynamoDB does.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html#API_Scan_ResponseSyntax
 */
export function outlineOf(answer: readonly Buffer[]): string | undefined {
  const [head] = answer;
  if (head === undefined || answer.length === 1) return undefined;
  const tail = lastBytes(answer);
  const open = head.indexOf('[');
  const close = tail.lastIndexOf(']');
  if (open === -1 || close === -1) return undefined;
  const outline = `${head.toString('utf8', 0, open)}[]${tail.toString('utf8', close + 1)}`;
  return isOutline(outline) ? outline : undefined;
}

/** Of all pieces but the first. */
function lastBytes(answer: readonly Buffer[]): Buffer {
  let first = answer.length - 1;
  let size = answer[first]?.byteLength ?? 0;
  while (first > 1 && size < TAIL) size += answer[--first]?.byteLength ?? 0;
  return Buffer.concat(answer.slice(first));
}

function isOutline(json: string): boolean {
  try {
    const { Items } = JSON.parse(json) as { Items?: unknown };
    return Array.isArray(Items);
  } catch {
    return false;
  }
}
