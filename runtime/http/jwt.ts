import type { KeyObject } from 'node:crypto';
import type { JWSHeaderParameters, JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import type { Credentialed } from './authenticate.js';
import { ProblemError } from './problem.js';

let loaded: Promise<typeof import('jose')> | undefined;

/** Loaded by the first token, once: who has none pays nothing, and looking a module up again is no matter of microseconds under every loader. */
export function jose(): Promise<typeof import('jose')> {
  loaded ??= import('jose');
  return loaded;
}

/** The token of `Authorization: Bearer …`; null when there is none. */
export function bearerToken({ headers }: Pick<Credentialed, 'headers'>): string | null {
  const [, token = null] = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(headers.get('authorization') ?? '') ?? [];
  return token;
}

/** What a header and a payload say before anybody has proven them; null for what is no JWT. */
export async function unproven(
  token: string,
): Promise<{ readonly header: JWSHeaderParameters; readonly payload: JWTPayload } | null> {
  const { decodeJwt, decodeProtectedHeader } = await jose();
  try {
    return { header: decodeProtectedHeader(token) as JWSHeaderParameters, payload: decodeJwt(token) };
  } catch {
    return null;
  }
}

/** The claims of a token that holds. Throws `ProblemError` 401 for one that does not, 503 when its keys cannot be had at the moment. */
export async function provenClaims(
  token: string,
  key: KeyObject | JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  const { errors, jwtVerify } = await jose();
  try {
    return (await (typeof key === 'function' ? jwtVerify(token, key, options) : jwtVerify(token, key, options)))
      .payload;
  } catch (error) {
    if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) {
      throw new ProblemError(503, { detail: 'the keys that prove tokens cannot be had at the moment' }, {}, error);
    }
    throw refused(error instanceof errors.JWTExpired ? 'the token has expired' : 'the token proves nothing', error);
  }
}

/** 401 for a token that was sent and does not hold (RFC 6750 section 3.1). */
export function refused(detail: string, cause?: unknown): ProblemError {
  const challenge = `Bearer error="invalid_token", error_description="${detail}"`;
  return new ProblemError(401, { detail }, { 'www-authenticate': challenge }, cause);
}

/** 403 for a caller that is known and may not do this. */
export function forbidden(detail: string): ProblemError {
  return new ProblemError(403, { detail }, { 'www-authenticate': 'Bearer error="insufficient_scope"' });
}
