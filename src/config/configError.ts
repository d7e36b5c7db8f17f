/** Configuration issues, and the error that reports all of them at once. No I/O. */

/** A setting with an invalid value. */
export interface ConfigIssue {
  setting: string;
  value: string;
  reason: string;
  fix: string;
}

/** The configuration is invalid. The message has one line per issue. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[]) {
    const shown = issues.map((issue) => ({ ...issue, value: hideCredentials(issue.value) }));
    super(shown.map(formatIssue).join('\n'));
    this.issues = shown;
  }
}

function formatIssue({ setting, value, reason, fix }: ConfigIssue): string {
  // No period at the end: a fix may end with a value to copy.
  return `${setting}=${JSON.stringify(value)}: ${reason}. ${fix}`;
}

/** The part of a URL before the @ may contain a password. */
function hideCredentials(value: string): string {
  return value.replace(/^([\w+.-]+:\/\/)?.*@/s, '$1…@');
}
