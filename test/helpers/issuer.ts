/** An issuer of JSON Web Tokens on a free port, with keys that can change. */
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { listen } from './listen';

const AUDIENCE = 'scan-records';

export interface SigningKey {
  algorithm: string;
  kid: string;
  privateKey: CryptoKey;
  publicJwk: JWK;
}

/** Creates a key pair. */
export async function createSigningKey(algorithm: string, kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' };
  return { algorithm, kid, privateKey, publicJwk };
}

export interface Issuer {
  url: string;
  /** The environment variables of a server that accepts tokens of this issuer. */
  environment: Record<string, string>;
  /** Publishes only these keys from now on. */
  publish(...keys: SigningKey[]): void;
  /** Number of times that the keys were requested. */
  requests(): number;
  close(): Promise<void>;
}

/** Starts an issuer that publishes the given keys. */
export async function startIssuer(...keys: SigningKey[]): Promise<Issuer> {
  let published = keys;
  let requests = 0;
  const server = createServer((_request, response) => {
    requests++;
    const body = JSON.stringify({ keys: published.map(({ publicJwk }) => publicJwk) });
    response.setHeader('Content-Type', 'application/json').end(body);
  });
  const { port, close } = await listen(server);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    environment: {
      AUTH: 'jwt',
      JWT_JWKS_URL: `${url}/jwks.json`,
      JWT_ISSUER: url,
      JWT_AUDIENCE: AUDIENCE,
    },
    publish: (...next) => {
      published = next;
    },
    requests: () => requests,
    close,
  };
}

/** Claims of a token; undefined removes one. */
export type Claims = Record<string, unknown>;

/** Signs a token that is valid for five minutes, with changed claims. */
export function signToken(issuer: Issuer, key: SigningKey, changes: Claims = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer.url, aud: AUDIENCE, sub: 'ann', iat: now, exp: now + 300, ...changes };
  return new SignJWT(claims).setProtectedHeader({ alg: key.algorithm, kid: key.kid }).sign(key.privateKey);
}
