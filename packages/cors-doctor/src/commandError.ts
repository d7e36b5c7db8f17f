/** The command line cannot be used; the message says why, in a sentence. */
export class CommandError extends Error {
  override name = 'CommandError';
}
