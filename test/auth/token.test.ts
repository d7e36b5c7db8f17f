import { createHmac, createPublicKey } from 'node:crypto';
import request from 'supertest';
import type { Environment } from '../../src/config/config';
import {
  createSigningKey,
  signToken,
  startIssuer,
  type Claims,
  type Issuer,
  type SigningKey,
} from '../helpers/issuer';
import { pageOf, repositoryOf, testApp, type TestApp } from '../helpers/servedApp';

const REPOSITORY = repositoryOf(pageOf('{"id":"a"}'));
const ORIGIN = 'http://localhost:5173';

let rsa: SigningKey;
let ec: SigningKey;
let issuer: Issuer;

beforeAll(async () => {
  rsa = await createSigningKey('RS256', 'rsa-1');
  ec = await createSigningKey('ES256', 'ec-1');
});

beforeEach(async () => {
  issuer = await startIssuer(rsa, ec);
});

afterEach(() => issuer.close());

function appWith(environment: Environment = {}): TestApp {
  return testApp(REPOSITORY, { ...issuer.environment, ...environment });
}

function scanWith({ app }: TestApp, token?: string) {
  const scan = request(app).post('/scanRecords').set('Origin', ORIGIN);
  return token === undefined ? scan : scan.set('Authorization', `Bearer ${token}`);
}

function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

/** Builds a token without a private key. */
function forge(header: object, claims: object, signature: (input: string) => string): string {
  const input = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${input}.${signature(input)}`;
}

describe('AUTH=jwt', () => {
  it.each(['RSA', 'EC'])('accepts a token that is signed with an %s key', async (type) => {
    const token = await signToken(issuer, type === 'RSA' ? rsa : ec);
    const test = appWith();
    const response = await scanWith(test, token);
    expect(response.status).toBe(200);
    expect(test.log.at(-1)).toMatchObject({ status: 200, client: 'ann' });
    expect(JSON.stringify(test.log)).not.toContain(token);
  });

  it('rejects a request without a token, so that a web page can read why', async () => {
    const response = await scanWith(appWith());
    expect(response.status).toBe(401);
    expect(response.body).toMatchObject({ code: 'MissingCredentials' });
    expect(response.get('WWW-Authenticate')).toBe('Bearer');
    expect(response.get('Access-Control-Allow-Origin')).toBe('*');
    expect(response.get('Access-Control-Expose-Headers')).toContain('WWW-Authenticate');
  });

  it.each<[what: string, claims: () => Claims]>([
    ['an expired token', () => ({ exp: secondsFromNow(-40) })],
    ['a token that is not valid yet', () => ({ nbf: secondsFromNow(40) })],
    ['a token without an expiration', () => ({ exp: undefined })],
    ['a token without a subject', () => ({ sub: undefined })],
    ['a token whose subject is a number', () => ({ sub: 42 })],
    ['a token whose subject is an object', () => ({ sub: { a: 1 } })],
    ['a token whose subject is a list', () => ({ sub: ['ann'] })],
    ['a token whose subject is true', () => ({ sub: true })],
    ['a token whose subject is null', () => ({ sub: null })],
    ['a token whose subject is empty', () => ({ sub: '' })],
    ['a token of another issuer', () => ({ iss: 'https://evil.example' })],
    ['a token for another audience', () => ({ aud: 'another-api' })],
    ['a token without an audience', () => ({ aud: undefined })],
  ])('rejects %s', async (_what, claims) => {
    const response = await scanWith(appWith(), await signToken(issuer, rsa, claims()));
    expect(response.status).toBe(401);
    expect(response.body).toMatchObject({ code: 'InvalidCredentials' });
    expect(response.get('WWW-Authenticate')).toBe('Bearer error="invalid_token"');
  });

  it.each<[what: string, claims: () => Claims]>([
    ['expired 20 seconds ago', () => ({ exp: secondsFromNow(-20) })],
    ['becomes valid in 20 seconds', () => ({ nbf: secondsFromNow(20) })],
    ['is for several audiences', () => ({ aud: ['another-api', 'scan-records'] })],
  ])('accepts a token that %s', async (_what, claims) => {
    expect((await scanWith(appWith(), await signToken(issuer, rsa, claims()))).status).toBe(200);
  });

  it('rejects a token of a key that the issuer does not publish', async () => {
    const other = await createSigningKey('RS256', 'rsa-1');
    const response = await scanWith(appWith(), await signToken(issuer, other));
    expect(response.body).toMatchObject({ status: 401, code: 'InvalidCredentials' });
  });

  it('rejects alg none', async () => {
    const claims = { iss: issuer.url, aud: 'scan-records', sub: 'ann', exp: secondsFromNow(300) };
    const token = forge({ alg: 'none', kid: 'rsa-1' }, claims, () => '');
    // Without a signature it does not even look like a token; with one, the algorithm is not accepted.
    for (const text of [token, `${token}AAAA`]) {
      expect((await scanWith(appWith(), text)).status).toBe(401);
    }
  });

  it('rejects a token whose HMAC is made with the public key', async () => {
    const claims = { iss: issuer.url, aud: 'scan-records', sub: 'ann', exp: secondsFromNow(300) };
    const jwk = rsa.publicJwk as Parameters<typeof createPublicKey>[0] & object;
    const pem = createPublicKey({ key: jwk, format: 'jwk' } as Parameters<typeof createPublicKey>[0])
      .export({ type: 'spki', format: 'pem' })
      .toString();
    const token = forge({ alg: 'HS256', kid: 'rsa-1' }, claims, (input) =>
      createHmac('sha256', pem).update(input).digest('base64url'),
    );
    expect((await scanWith(appWith(), token)).body).toMatchObject({
      status: 401,
      code: 'InvalidCredentials',
    });
  });

  it('rejects an algorithm that is not in JWT_ALGORITHMS', async () => {
    const response = await scanWith(appWith({ JWT_ALGORITHMS: 'ES256' }), await signToken(issuer, rsa));
    expect(response.body).toMatchObject({ status: 401, code: 'InvalidCredentials' });
  });

  it.each(['', 'abc', 'a.b', 'a.b.c', 'Basic YTpi', '..', '{}.{}.{}'])(
    'rejects the token %j',
    async (token) => {
      expect((await scanWith(appWith(), token)).status).toBe(401);
    },
  );

  it('accepts a new key of the issuer without a restart', async () => {
    const test = appWith();
    issuer.publish(rsa);
    expect((await scanWith(test, await signToken(issuer, rsa))).status).toBe(200);
    // The cooldown of jose starts with the first request for keys, so the new key is published before the next server.
    const next = await createSigningKey('ES256', 'ec-2');
    issuer.publish(rsa, next);
    const fresh = appWith();
    expect((await scanWith(fresh, await signToken(issuer, next))).status).toBe(200);
    expect((await scanWith(fresh, await signToken(issuer, rsa))).status).toBe(200);
    expect(issuer.requests()).toBe(2);
  });

  it('rejects a token without the required scope with 403', async () => {
    const test = appWith({ JWT_REQUIRED_SCOPE: 'records:read' });
    const response = await scanWith(test, await signToken(issuer, rsa, { scope: 'openid records:write' }));
    expect(response.body).toMatchObject({ status: 403, code: 'InsufficientScope' });
    expect(response.get('WWW-Authenticate')).toBe('Bearer error="insufficient_scope", scope="records:read"');
    expect(response.get('Access-Control-Allow-Origin')).toBe('*');
  });

  it.each<[claim: string, claims: Claims]>([
    ['scope', { scope: 'openid records:read' }],
    ['scp as a list', { scp: ['records:read'] }],
    ['scp as text', { scp: 'records:read openid' }],
  ])('reads the scope from %s', async (_claim, claims) => {
    const test = appWith({ JWT_REQUIRED_SCOPE: 'records:read' });
    expect((await scanWith(test, await signToken(issuer, rsa, claims))).status).toBe(200);
  });

  it('returns 503 while the keys of the issuer cannot be read', async () => {
    const test = appWith();
    const token = await signToken(issuer, rsa);
    await issuer.close();
    const response = await scanWith(test, token);
    expect(response.body).toMatchObject({ status: 503, code: 'KeysUnavailable' });
    expect(response.get('Retry-After')).toBe('1');
    expect(test.log.at(-1)).toMatchObject({ error: { cause: { name: expect.any(String) as string } } });
    issuer = await startIssuer(rsa);
  });
});
