/** The user's API key or token: kept until the tab is closed, and sent only in headers. */
import type { ConsoleConfig, Credentials } from '../api/api';

const KEY = 'scan-records-credentials';

/** @param auth the kind of credentials that the server requires. */
export function storeCredentials(auth: ConsoleConfig['auth'], credentials: string): void {
  sessionStorage.setItem(KEY, JSON.stringify({ auth, credentials }));
}

/** Returns the stored credentials, empty if there are none. */
export function storedCredentials(): Credentials {
  const stored = JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as { auth?: string; credentials?: string };
  const { auth, credentials = '' } = stored;
  if (credentials === '') return {};
  return auth === 'jwt' ? { token: credentials } : { apiKey: credentials };
}
