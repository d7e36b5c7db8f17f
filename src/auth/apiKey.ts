/** API keys: creation, and verification of `X-Api-Key`. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Config } from '../config/config';
import { HttpProblem } from '../http/problem';
import type { Verify } from './verify';

type ApiKeys = Extract<Config['auth'], { kind: 'key' }>['keys'];

const KEY_BYTES = 32;

const CHALLENGE = { 'WWW-Authenticate': 'ApiKey header="X-Api-Key"' };

/** Returns a new key, and its SHA-256 digest in hexadecimal. A key is random, so its digest needs no salt. */
export function createApiKey(): { key: string; digest: string } {
  const key = randomBytes(KEY_BYTES).toString('base64url');
  return { key, digest: digestOf(key).toString('hex') };
}

/** Returns a function that verifies the API key of a request. */
export function apiKeyVerifier(keys: ApiKeys): Verify {
  const known = keys.map(({ name, digest }) => ({ name, digest: Buffer.from(digest, 'hex') }));
  return ({ 'x-api-key': key }) => {
    if (typeof key !== 'string' || key === '') {
      throw new HttpProblem('MissingCredentials', 'Send an API key in the header X-Api-Key.', CHALLENGE);
    }
    const given = digestOf(key);
    // Compares with every key in constant time, so that the time does not depend on the keys.
    const [found] = known.filter(({ digest }) => timingSafeEqual(digest, given));
    if (found === undefined) {
      throw new HttpProblem('InvalidCredentials', 'The API key in X-Api-Key is not valid.', CHALLENGE);
    }
    return { name: found.name, claims: { sub: found.name } };
  };
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
