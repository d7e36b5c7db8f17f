/** The settings for authentication: API keys or JSON Web Tokens. No I/O. */
import { isLoopbackHost, parseUrl } from 'cors-policy';
import type { SettingsReader } from './settingsReader';

/** How clients prove who they are. */
export type AuthConfig =
  | { kind: 'none' }
  | { kind: 'key'; keys: readonly ApiKey[] }
  | {
      kind: 'jwt';
      jwksUrl: string;
      issuer: string;
      /** A token must be for at least one of these. */
      audience: readonly string[];
      algorithms: readonly string[];
      /** The scope that a token must have, if any. */
      scope: string | undefined;
    };

/** A key that the server accepts. Several keys can have the same name, so that a client can change its key. */
interface ApiKey {
  name: string;
  /** SHA-256 of the key, in hexadecimal. */
  digest: string;
}

/** The variables of each kind of authentication. */
const VARIABLES = {
  key: ['API_KEYS'],
  jwt: ['JWT_JWKS_URL', 'JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_ALGORITHMS', 'JWT_REQUIRED_SCOPE'],
} as const;

export const AUTH_VARIABLES: readonly string[] = ['AUTH', ...VARIABLES.key, ...VARIABLES.jwt];

/**
 * Signatures with a private key. A shared secret (HS256) is not possible with a public JWKS: anyone could sign with
 * the public key. https://www.rfc-editor.org/rfc/rfc8725#section-2.1
 */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const DEFAULT_ALGORITHMS = ['RS256', 'ES256'];

const KEY_NAME = /^[\w.-]{1,64}$/;
const DIGEST = /^[0-9a-f]{64}$/;

export function readAuth(reader: SettingsReader): AuthConfig {
  const kind = reader.choice('AUTH', ['none', 'key', 'jwt'], 'none');
  const others = (['key', 'jwt'] as const).filter((other) => other !== kind);
  for (const other of others) rejectUnused(reader, other);
  if (kind === 'key') return { kind, keys: readKeys(reader) };
  return kind === 'jwt' ? readJwt(reader) : { kind };
}

/** A setting without effect suggests that the operator believes in a protection that is off. */
function rejectUnused(reader: SettingsReader, kind: 'key' | 'jwt'): void {
  for (const setting of VARIABLES[kind]) {
    if (reader.text(setting, '') === '') continue;
    reader.addIssue(
      setting,
      '…',
      `has no effect without AUTH=${kind}`,
      `Set AUTH=${kind}, or remove ${setting}`,
    );
  }
}

function readKeys(reader: SettingsReader): ApiKey[] {
  const makeOne = 'Create one with: scan-records key NAME';
  const entries = reader.list('API_KEYS', []);
  if (entries.length === 0) reader.addIssue('API_KEYS', '', 'AUTH=key needs at least one key', makeOne);
  const keys = entries.map((entry) => {
    const [name = '', digest = '', ...extra] = entry.split(':');
    // The entry is not repeated, because it may be the key itself.
    if (!KEY_NAME.test(name) || !DIGEST.test(digest) || extra.length > 0) {
      reader.addIssue(
        'API_KEYS',
        '…',
        'an entry is not NAME:DIGEST, with the SHA-256 digest of the key',
        makeOne,
      );
    }
    return { name, digest };
  });
  for (const [at, { name, digest }] of keys.entries()) {
    const first = keys.findIndex((other) => other.digest === digest);
    if (digest === '' || first === at) continue;
    const reason = `${name} and ${keys[first]?.name ?? ''} have the same digest`;
    reader.addIssue('API_KEYS', '…', reason, 'Give each client its own key');
  }
  return keys;
}

function readJwt(reader: SettingsReader): AuthConfig {
  const required = (setting: string, example: string) => {
    const value = reader.text(setting, '');
    if (value === '') reader.addIssue(setting, '', 'AUTH=jwt needs it', `Use a value such as ${example}`);
    return value;
  };
  const jwksUrl = required('JWT_JWKS_URL', 'https://login.example.com/.well-known/jwks.json');
  if (jwksUrl !== '') checkJwksUrl(reader, jwksUrl);
  const issuer = required('JWT_ISSUER', 'https://login.example.com/');
  required('JWT_AUDIENCE', 'scan-records');
  const audience = reader.list('JWT_AUDIENCE', []);
  const algorithms = reader.list('JWT_ALGORITHMS', DEFAULT_ALGORITHMS);
  for (const [setting, list] of Object.entries({ JWT_AUDIENCE: audience, JWT_ALGORITHMS: algorithms })) {
    const value = reader.text(setting, '');
    if (value !== '' && list.length === 0)
      reader.addIssue(setting, value, 'the list is empty', 'List at least one');
  }
  for (const algorithm of algorithms.filter((name) => !ALGORITHMS.includes(name))) {
    reader.addIssue(
      'JWT_ALGORITHMS',
      algorithm,
      'not an accepted algorithm',
      `Use some of ${ALGORITHMS.join(', ')}`,
    );
  }
  const scope = reader.text('JWT_REQUIRED_SCOPE', '') || undefined;
  if (scope !== undefined && !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)) {
    reader.addIssue(
      'JWT_REQUIRED_SCOPE',
      scope,
      'not a single scope',
      'Use one scope, for example records:read',
    );
  }
  return { kind: 'jwt', jwksUrl, issuer, audience, algorithms, scope };
}

/** Over http, an attacker could replace the keys on their way, and then sign tokens. */
function checkJwksUrl(reader: SettingsReader, value: string): void {
  const url = parseUrl(value);
  if (url !== undefined && `${url.username}${url.password}` !== '') {
    reader.addIssue(
      'JWT_JWKS_URL',
      '…',
      'the URL must not contain credentials',
      'Public keys need none; remove them',
    );
    return;
  }
  const isLocal = url?.protocol === 'http:' && isLoopbackHost(url.hostname);
  if (url?.protocol === 'https:' || isLocal) return;
  const reason = 'not an https URL';
  reader.addIssue('JWT_JWKS_URL', value, reason, 'Use https; http is possible only on this machine');
}
