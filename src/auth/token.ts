/** Verifies JSON Web Tokens in `Authorization: Bearer`, with the public keys of their issuer. */
import type { JWTPayload, JWTVerifyOptions } from 'jose';
import type { Config } from '../config/config';
import { HttpProblem } from '../http/problem';
import type { Verify } from './verify';

type TokenSettings = Extract<Config['auth'], { kind: 'jwt' }>;

/** How much the clocks of issuer and server may differ. */
const CLOCK_TOLERANCE_SECONDS = 30;

/** Loaded on demand, because most servers do not verify tokens. */
const loadJose = () => import('jose');

type Jose = Awaited<ReturnType<typeof loadJose>>;
type KeySet = ReturnType<Jose['createRemoteJWKSet']>;

/** Returns a function that verifies the token of a request. The keys are requested when the first token arrives. */
export function tokenVerifier(settings: TokenSettings): Verify {
  let keySet: KeySet | undefined;
  const { issuer, scope } = settings;
  const options = {
    issuer,
    audience: [...settings.audience],
    algorithms: [...settings.algorithms],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['exp', 'sub'],
  };
  return async ({ authorization }) => {
    const token = /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) {
      const detail = 'Send a token in the header Authorization: Bearer TOKEN.';
      throw new HttpProblem('MissingCredentials', detail, challenge());
    }
    const jose = await loadJose();
    keySet ??= jose.createRemoteJWKSet(new URL(settings.jwksUrl));
    const claims = await verify(jose, token, keySet, options);
    // The issuer may put anything there, but only text can name a client.
    const { sub } = claims as { sub: unknown };
    if (typeof sub !== 'string' || sub === '') throw invalidToken('the claim "sub" is not text');
    if (scope !== undefined && !scopesOf(claims).includes(scope)) {
      const headers = challenge(`error="insufficient_scope", scope="${scope}"`);
      throw new HttpProblem('InsufficientScope', `The token does not have the scope ${scope}.`, headers);
    }
    return { name: sub, claims };
  };
}

async function verify(
  jose: Jose,
  token: string,
  keySet: KeySet,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    return (await jose.jwtVerify(token, keySet, options)).payload;
  } catch (error) {
    throw toProblem(jose, error);
  }
}

function toProblem(jose: Jose, error: unknown): unknown {
  const { errors } = jose;
  const isOfToken =
    error instanceof errors.JWTClaimValidationFailed ||
    error instanceof errors.JWTExpired ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys;
  if (isOfToken) return invalidToken(error.message);
  const detail = 'The keys of the token issuer cannot be read. Try again later.';
  const problem = new HttpProblem('KeysUnavailable', detail, { 'Retry-After': '1' });
  problem.cause = error;
  return problem;
}

function invalidToken(reason: string): HttpProblem {
  const detail = `The token is not valid: ${reason}.`;
  return new HttpProblem('InvalidCredentials', detail, challenge('error="invalid_token"'));
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-3 */
function challenge(parameters?: string): Readonly<Record<string, string>> {
  return { 'WWW-Authenticate': parameters === undefined ? 'Bearer' : `Bearer ${parameters}` };
}

/** `scope` is a list in one string (RFC 8693); Entra ID and Okta use `scp`, a string or an array. */
function scopesOf({ scope, scp }: JWTPayload): string[] {
  return [scope, scp].flat().flatMap((value) => (typeof value === 'string' ? value.split(' ') : []));
}
