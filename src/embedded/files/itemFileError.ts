/** The error for a file of the user. */

/** The user's file is invalid. The message states the place in the file, the error and how to fix it. */
export class ItemFileError extends Error {
  override name = 'ItemFileError';
}
