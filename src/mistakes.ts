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
    const shown = mistakes.map((mistake) => ({ ...mistake, value: withoutCredentials(mistake.value) }));
    super(shown.map(sentence).join('\n'));
    this.mistakes = shown;
  }
}

function sentence({ setting, value, reason, mend }: Mistake): string {
  // No full stop: a mend may end in a value to copy.
  return `${setting}=${JSON.stringify(value)}: ${reason}. ${mend}`;
}

/** What stands before an @ may be a password. */
function withoutCredentials(value: string): string {
  return value.replace(/^([\w+.-]+:\/\/)?.*@/s, '$1…@');
}
