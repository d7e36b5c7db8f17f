/** A value that only CloudFormation knows, at deployment. No I/O. */

/** The text in place of a value that is known only at deployment, in reports and in headers. */
export const KNOWN_AT_DEPLOYMENT = 'known at deployment';

/** Takes the place of a value of a template that cannot be resolved before the deployment. */
export class Unknown {
  /** One clause that says why the value is not known. */
  readonly reason: string;
  /** The template parameters whose values would resolve it. */
  readonly parameters: readonly string[];

  /** Whether it can be a map. Only transforms and loops create maps; parameters and imports are text. */
  readonly canBeMap: boolean;

  constructor(reason: string, parameters: readonly string[] = [], canBeMap = false) {
    this.reason = reason;
    this.parameters = parameters;
    this.canBeMap = canBeMap;
  }
}

/** A definition in another file with functions that CloudFormation does not evaluate. */
export class UnevaluatedFunctions extends Unknown {
  /** Whether one of them is the URI of an integration. */
  readonly isInUri: boolean;

  /** @param path the file, as the template names it. */
  constructor(path: string, names: readonly string[], isInUri: boolean) {
    super(
      `CloudFormation does not evaluate ${names.join(', ')} in ${path}, which API Gateway reads as it is`,
    );
    this.isInUri = isInUri;
  }
}

/** A value that is not evaluated, because CloudFormation does not see it. */
export class Literal {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** Returns one unknown value for a function whose arguments include unknown values; undefined if all are known. */
export function unknownAmong(values: readonly unknown[]): Unknown | undefined {
  const unknown = values.filter((value) => value instanceof Unknown);
  const [first] = unknown;
  return first && new Unknown(first.reason, [...new Set(unknown.flatMap(({ parameters }) => parameters))]);
}
