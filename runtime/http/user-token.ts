import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey } from 'jose';
import { type Clock, systemClock } from '../clock.js';
import { UsageError } from '../errors.js';
import type { Authenticate } from './authenticate.js';
import { bearerToken, jose, provenClaims } from './jwt.js';

export interface VerifyJwtOptions {
  /** Who makes the tokens: their `iss`. */
  readonly issuer: string;
  /** Whom they are for: their `aud`. */
  readonly audience: string;
  /** The issuer's public keys: where they are published, or the set itself. Either this or `key`. */
  readonly jwks?: URL | JSONWebKeySet;
  /** The issuer's public key, PEM. */
  readonly key?: string;
  /** Default `RS256`. Only algorithms with a public key. */
  readonly algorithms?: readonly string[];
  readonly clock?: Clock;
}

/** A person, or whomever an issuer speaks for. */
export interface TokenCaller {
  /** `sub` of the token. */
  readonly id: string;
  readonly claims: JWTPayload;
}

const asymmetric = /^(RS|PS|ES)(256|384|512)$|^EdDSA$/;

/**
 * `authenticate` for tokens of an issuer, such as those of persons. Signature, issuer, audience and times have to hold, and `sub` has to be there. No token: null,
 * so that the answer is 401, or another way is tried; a wrong one: 401 with the reason; keys that cannot be had: 503.
 */
export function verifyJwt(options: VerifyJwtOptions): Authenticate<TokenCaller> {
  const { issuer, audience, algorithms = ['RS256'], clock = systemClock } = options;
  const symmetric = algorithms.find((name) => !asymmetric.test(name));
  if (symmetric !== undefined) {
    throw new UsageError(`verifyJwt takes algorithms with a public key, such as RS256; "${symmetric}" is none`);
  }
  const keyOf = keySource(options);
  return async (request) => {
    const token = bearerToken(request);
    if (token === null) return null;
    const claims = await provenClaims(token, await keyOf(), {
      ...{ algorithms: [...algorithms], issuer, audience, requiredClaims: ['sub', 'exp'] },
      ...{ clockTolerance: 5, currentDate: new Date(clock.now()) },
    });
    return { id: claims.sub ?? '', claims };
  };
}

function keySource({ jwks, key }: VerifyJwtOptions): () => Promise<KeyObject | JWTVerifyGetKey> {
  if ((jwks === undefined) === (key === undefined)) throw new UsageError('verifyJwt needs either "jwks" or "key"');
  if (key !== undefined) {
    const read = publicKey(key);
    return async () => read;
  }
  let made: Promise<JWTVerifyGetKey> | undefined;
  return () => {
    made ??= jose().then(({ createLocalJWKSet, createRemoteJWKSet }) =>
      jwks instanceof URL ? createRemoteJWKSet(jwks) : createLocalJWKSet(jwks as JSONWebKeySet),
    );
    return made;
  };
}

function publicKey(pem: string): KeyObject {
  if (/PRIVATE KEY/.test(pem)) throw new UsageError('verifyJwt: this is a private key; give its public half');
  try {
    return createPublicKey(pem);
  } catch {
    throw new UsageError('verifyJwt: "key" holds no public key in PEM form');
  }
}
