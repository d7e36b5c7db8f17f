/** The output of `scan-records key NAME`. */
import { createApiKey } from '../auth/apiKey';

/** Creates a key. Only the client gets the key itself; the server needs its digest. */
export function newKeyMessage(name: string): string {
  const { key, digest } = createApiKey();
  return `Key for ${name}, which is not shown again. The client sends it as X-Api-Key:
  ${key}

Settings of the server. Separate several keys with commas:
  AUTH=key
  API_KEYS=${name}:${digest}
`;
}
