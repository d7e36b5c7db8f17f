/** The file name of a response that is saved. No I/O. */

/** Characters that no file system accepts, that separate directories, or that hide the end of a name. */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}<>:"/\\|?*]/gu;

/** Names of devices on Windows, with any extension. */
const DEVICE = /^(?:aux|com\d|con|lpt\d|nul|prn)(?=\.|$)/i;

/**
 * Returns a safe file name. It always has the extension of the format, so that no item can become a program.
 *
 * @param requested the name that the client asks for; empty means the default.
 * @param tableName the default: the name of the table, or its ARN.
 */
export function safeFileName(requested: string, tableName: string, extension: string): string {
  const safe = requested
    .replace(UNSAFE, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .replace(DEVICE, '_$&');
  const name = safe === '' ? tableName.replace(/^.*\//, '') : safe;
  return name.toLowerCase().endsWith(`.${extension}`) ? name : `${name}.${extension}`;
}

/**
 * Returns the value of Content-Disposition that makes a browser save a response under this name.
 *
 * The first name is for old clients, and has only characters that all clients understand.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6266#section-4.3
 * @see https://www.rfc-editor.org/rfc/rfc8187#section-3.2
 */
export function attachment(fileName: string): string {
  const ascii = fileName.replace(/[^ -~]|%/gu, '_');
  if (ascii === fileName) return `attachment; filename="${fileName}"`;
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, percentEncode);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
