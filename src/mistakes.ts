/** A setting that cannot be used: what was given, why not, and how to mend it. */
export interface Mistake {
  setting: string;
  value: string;
  reason: string;
  mend: string;
}

/** The configuration cannot be used; it lists every mistake, not the first one alone. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map(sentence).join('\n'));
    this.mistakes = mistakes;
  }
}

function sentence({ setting, value, reason, mend }: Mistake): string {
  return `${setting}=${JSON.stringify(value)}: ${reason}. ${mend}.`;
}
