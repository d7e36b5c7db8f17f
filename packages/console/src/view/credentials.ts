/** The user's API key or token: kept until the tab is closed, and sent only in headers. */
import type { ConsoleConfig } from '../api/api';

const KEY = 'scan-records-credentials';

/** @param auth the kind of credentials that the server requires. */
export function storeCredentials(auth: ConsoleConfig['auth'], credentials: string): void {
  sessionStorage.setItem(KEY, JSON.stringify({ auth, credentials }));
}

/** Returns the headers that carry the credentials, empty if there are none. */
export function credentialHeaders(): Record<string, string> {
  const stored = JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as { auth?: string; credentials?: string };
  const { auth, credentials = '' } = stored;
  if (credentials === '') return {};
  return auth === 'jwt' ? { Authorization: `Bearer ${credentials}` } : { 'X-Api-Key': credentials };
}
