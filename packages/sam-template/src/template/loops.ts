/** Expands the loops of AWS::LanguageExtensions, `Fn::ForEach`, whose values the template lists. No I/O. */

interface Loop {
  identifier: string;
  values: readonly string[];
  body: Readonly<Record<string, unknown>>;
}

/**
 * Replaces each loop in a value by the keys that it creates. A loop over a parameter stays, because only the deployment
 * knows its values.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
 */
export function expandLoops(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expandLoops);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => expandEntry(key, item)));
}

function expandEntry(key: string, item: unknown): [string, unknown][] {
  const loop = key.startsWith('Fn::ForEach::') ? loopOf(item) : undefined;
  if (loop === undefined) return [[key, expandLoops(item)]];
  return loop.values.flatMap((value) =>
    Object.entries(expandLoops(substitute(loop.body, loop.identifier, value)) as object),
  );
}

function loopOf(item: unknown): Loop | undefined {
  const [identifier, collection, body] = Array.isArray(item) ? (item as unknown[]) : [];
  if (typeof identifier !== 'string' || !Array.isArray(collection) || !isRecord(body)) return undefined;
  const values = collection.filter((value) => typeof value === 'string' || typeof value === 'number');
  return values.length === collection.length ? { identifier, values: values.map(String), body } : undefined;
}

/** Replaces `${Identifier}` and `{ Ref: Identifier }`. `&{Identifier}` is the value without special characters. */
function substitute(value: unknown, identifier: string, by: string): unknown {
  if (typeof value === 'string') {
    return value
      .replaceAll(`\${${identifier}}`, () => by)
      .replaceAll(`&{${identifier}}`, () => by.replace(/[^a-z0-9]/gi, ''));
  }
  if (Array.isArray(value)) return value.map((item) => substitute(item, identifier, by));
  if (!isRecord(value)) return value;
  if (value.Ref === identifier && Object.keys(value).length === 1) return by;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      String(substitute(key, identifier, by)),
      substitute(item, identifier, by),
    ]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
