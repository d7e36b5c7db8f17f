/** Writes the command of the doctor that examines a request, for users to paste. No I/O. */
import { parseUrl } from 'cors-policy';

export interface CommandParts {
  url: string;
  origin?: string | undefined;
  method?: string | undefined;
  /** Names of request headers. Their values can be secret. */
  headers?: readonly string[];
  credentials?: boolean;
}

/**
 * Returns undefined if the URL is not http or https. The command has no query string and no values of headers, because
 * they can be secret.
 */
export function doctorCommand({
  url,
  origin,
  method,
  headers = [],
  credentials,
}: CommandParts): string | undefined {
  const parsed = parseUrl(url);
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) return undefined;
  const { origin: server, pathname } = parsed;
  return [
    'cors-doctor',
    quoted(`${server}${pathname}`),
    ...(origin === undefined ? [] : ['--origin', quoted(origin)]),
    ...(method === undefined ? [] : ['--method', quoted(method)]),
    ...headers.flatMap((name) => ['--header', quoted(name)]),
    ...(credentials === true ? ['--credentials'] : []),
  ].join(' ');
}

/** Quotes a word for a shell if it needs quotes. */
function quoted(word: string): string {
  return /^[\w:/.@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
