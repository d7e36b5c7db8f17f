/** Invalid arguments. The message says what is wrong, the value, and what is accepted. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The exit code for invalid arguments. */
export const USAGE_EXIT_CODE = 2;
