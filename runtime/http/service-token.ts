import process from 'node:process';
import { type Clock, systemClock } from '../clock.js';
import { UsageError } from '../errors.js';
import { type SecurityOptions, signingKey, trustedKeys } from '../security/security.js';
import type { Authenticate } from './authenticate.js';
import type { ClientOptions } from './client.js';
import { speaksFor } from './credentials.js';
import { bearerToken, forbidden, jose, provenClaims, refused, unproven } from './jwt.js';

export interface ServiceTokenOptions extends Pick<SecurityOptions, 'signingKey'> {
  /** The service that calls. */
  readonly service: string;
  /** How long a token is good, in ms. Default 5 minutes, at most an hour. */
  readonly lifetimeMs?: number;
  readonly clock?: Clock;
}

/** Longest life of a token that is taken: one that is lost must not be good for long. */
const lifetimeMaxMs = 3_600_000;
/** Clocks of two machines may differ by so much, in s. */
const toleranceS = 5;

/**
 * `authorize` for generated clients: a short-lived token (JWT, EdDSA) for each provider, used again until half its life is over. It names the caller as `iss` and
 * `sub` and the provider as `aud`, so that no provider can use it elsewhere. Throws `UsageError` without a key.
 */
export function serviceTokens(options: ServiceTokenOptions): NonNullable<ClientOptions['authorize']> {
  const { service, lifetimeMs = 300_000, clock = systemClock } = options;
  const own = signingKey(options, process.env);
  if (own === undefined) throw new UsageError(`${service} proves who it is with a key: set SEAMWRIGHT_SIGNING_KEY`);
  if (lifetimeMs > lifetimeMaxMs) throw new UsageError('lifetimeMs is at most an hour');
  const made = new Map<string, { readonly token: Promise<string>; readonly freshUntilMs: number }>();

  async function make(provider: string): Promise<string> {
    const { SignJWT } = await jose();
    const nowS = Math.floor(clock.now() / 1000);
    return new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: own?.id ?? '' })
      .setIssuer(service)
      .setSubject(service)
      .setAudience(provider)
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + Math.ceil(lifetimeMs / 1000))
      .sign(own?.key as NonNullable<typeof own>['key']);
  }

  return async ({ provider }) => {
    const nowMs = clock.now();
    let kept = made.get(provider);
    if (kept === undefined || kept.freshUntilMs <= nowMs) {
      kept = { token: make(provider), freshUntilMs: nowMs + lifetimeMs / 2 };
      made.set(provider, kept);
    }
    // Inherited, since `fetch` takes no symbols among headers: the credentials may be given to it as they are.
    const identity = { [speaksFor]: `service:${service}` };
    return Object.assign(Object.create(identity), { authorization: `Bearer ${await kept.token}` });
  };
}

/** A service that has proven its name. */
export interface ServiceCaller {
  /** `service:` and its name, so that no person's id can be taken for a service's. */
  readonly id: string;
  readonly service: string;
}

export interface VerifyServiceTokenOptions extends Pick<SecurityOptions, 'trustedKeys'> {
  /** The service that is called: tokens for another one are refused. */
  readonly service: string;
  readonly clock?: Clock;
}

/**
 * `authenticate` for calls of services. The token has to be signed with a trusted key of the service that it names, to be for this service, and to be good now; the
 * contract's edges say which services may call the operation. No token: null, so that the answer is 401, or another way is tried. Another service: 403.
 */
export function verifyServiceToken(options: VerifyServiceTokenOptions): Authenticate<ServiceCaller> {
  const { service, clock = systemClock } = options;
  const trusted = trustedKeys(options, process.env);
  if (trusted.size === 0) {
    throw new UsageError(`${service} knows no keys of services that call it: set SEAMWRIGHT_TRUSTED_KEYS`);
  }
  return async (request) => {
    const token = bearerToken(request);
    const claimed = token === null ? null : await unproven(token);
    if (token === null || claimed === null) return null;
    const caller = claimed.payload.iss ?? '';
    const key = trusted.get(caller)?.get(claimed.header.kid ?? '');
    if (key === undefined) throw refused('the token is signed with a key that is not known as its own');
    const { iat, exp } = await provenClaims(token, key, {
      ...{ algorithms: ['EdDSA'], issuer: caller, subject: caller, audience: service },
      ...{ requiredClaims: ['iat', 'exp'], clockTolerance: toleranceS, currentDate: new Date(clock.now()) },
    });
    if (iat === undefined || exp === undefined || exp - iat > lifetimeMaxMs / 1000)
      throw refused('the token lives too long');
    if (request.callers?.includes(caller) === false) throw forbidden(`"${caller}" may not call ${request.operation}`);
    return { id: `service:${caller}`, service: caller };
  };
}
