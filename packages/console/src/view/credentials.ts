/** The user's API key or token: kept until the tab is closed, and sent only in headers. */
import type { ConsoleConfig } from '../api/api';

const KEY = 'scan-records-credentials';

export function storedCredentials(): string {
  return sessionStorage.getItem(KEY) ?? '';
}

export function storeCredentials(credentials: string): void {
  sessionStorage.setItem(KEY, credentials);
}

/** Returns the headers that carry the credentials, empty if there are none. */
export function credentialHeaders(auth: ConsoleConfig['auth'], credentials: string): Record<string, string> {
  if (credentials === '' || auth === 'none') return {};
  return auth === 'key' ? { 'X-Api-Key': credentials } : { Authorization: `Bearer ${credentials}` };
}
