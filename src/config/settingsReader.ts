/** Reads environment variables one after the other and collects the issues. No I/O. */
import type { ConfigIssue } from './configError';

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** After an issue, each method returns a valid value, so that the following settings are read too. */
export class SettingsReader {
  readonly issues: ConfigIssue[] = [];
  readonly environment: Environment;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  addIssue(setting: string, value: string, reason: string, fix: string): void {
    this.issues.push({ setting, value, reason, fix });
  }

  text(setting: string, fallback: string): string {
    const value = this.environment[setting]?.trim();
    return value === undefined || value === '' ? fallback : value;
  }

  /** Returns the entries of a comma-separated list, without empty ones. */
  list(setting: string, fallback: readonly string[]): string[] {
    return this.text(setting, fallback.join(','))
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
  }

  integer(setting: string, fallback: number, min: number, max: number): number {
    const value = this.text(setting, String(fallback));
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    if (number >= min && number <= max) return number;
    this.addIssue(setting, value, 'not a number in the range', `Use a whole number from ${min} to ${max}`);
    return fallback;
  }

  optionalInteger(setting: string, min: number, max: number): number | undefined {
    return this.text(setting, '') === '' ? undefined : this.integer(setting, min, min, max);
  }

  choice<Choice extends string>(setting: string, choices: readonly Choice[], fallback: Choice): Choice {
    const value = this.text(setting, fallback);
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) {
      this.addIssue(setting, value, 'not a valid choice', `Use one of ${choices.join(', ')}`);
    }
    return choice ?? fallback;
  }
}
