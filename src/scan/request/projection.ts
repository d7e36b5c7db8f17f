/** Finds the attributes in a ProjectionExpression. No I/O. */

/**
 * Returns the top-level attributes of an expression, each once, in order, with placeholders resolved:
 * `id, #at.zone, tags[0]` names id, what #at stands for, and tags.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html
 */
export function projectedAttributes(expression: string, names: Readonly<Record<string, string>>): string[] {
  const attributes = expression.split(',').map((path) => {
    const [name = ''] = path.trim().split(/[.[\s]/, 1);
    return (Object.hasOwn(names, name) ? names[name] : undefined) ?? name;
  });
  return [...new Set(attributes)];
}
