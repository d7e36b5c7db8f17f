/** Methods of Java's String that velocityjs lacks, because API Gateway's mapping templates can call them. No I/O. */

interface MethodCall {
  property: string;
  context: unknown;
  params: unknown[];
}

/** For velocityjs' `customMethodHandlers`. */
export const JAVA_STRING_METHODS = Object.entries({
  matches: (text: string, pattern: string) => new RegExp(`^(?:${pattern})$`).test(text),
  equals: (text: string, other: string) => text === other,
  equalsIgnoreCase: (text: string, other: string) => text.toLowerCase() === other.toLowerCase(),
  contains: (text: string, part: string) => text.includes(part),
  isEmpty: (text: string) => text === '',
  length: (text: string) => text.length,
}).map(([name, method]) => ({
  uid: name,
  match: ({ property, context }: MethodCall) => property === name && typeof context === 'string',
  resolve: ({ context, params }: MethodCall) => method(String(context), String(params[0])),
}));
