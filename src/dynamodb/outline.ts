/** What an answer says besides its records, found without reading them. No I/O, and no AWS SDK. */

/**
 * Cuts an answer out around its first `[` and its last `]`, which are those of `Items`.
 *
 * Were one of them in a string, the text around would hold half of that string, and be no JSON. Were one
 * of another array, which Scan's answer has not, the outline would lack what lies between: whoever has
 * read the whole answer is to compare.
 *
 * @returns JSON with an empty array for the records; undefined where the answer is not written as
 *   DynamoDB does.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html#API_Scan_ResponseSyntax
 */
export function outlineOf(answer: Buffer): string | undefined {
  const open = answer.indexOf('[');
  const close = answer.lastIndexOf(']');
  if (open === -1 || close < open) return undefined;
  const outline = `${answer.toString('utf8', 0, open)}[]${answer.toString('utf8', close + 1)}`;
  return isOutline(outline) ? outline : undefined;
}

function isOutline(json: string): boolean {
  try {
    const { Items } = JSON.parse(json) as { Items?: unknown };
    return Array.isArray(Items);
  } catch {
    return false;
  }
}
