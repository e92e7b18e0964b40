import { createPrivateKey, createPublicKey, randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { type Clock, UsageError } from 'seamwright/runtime';
import { JWT_ALGORITHM, JWT_EXPIRATION, REFRESH_TOKEN_EXPIRATION } from '#generated/tools-dashboard/constants.gen.js';
import type { Role } from '../shared/roles.js';

/** What a token says. */
export interface Claims {
  readonly userId: string;
  readonly role: Role;
  /** When the person signed in, in ms since 1970; refreshed tokens keep it. */
  readonly startedAt: number;
  /** Id of the token. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly exp: number;
}

/** A person and the sign-in that the tokens are for. */
export type Session = Pick<Claims, 'userId' | 'role' | 'startedAt'>;

export interface Tokens {
  /** An access token and a refresh token, with the id of the latter. */
  issue(session: Session): Promise<{ readonly access: string; readonly refresh: string; readonly refreshId: string }>;
  /** Null for a token that is not ours, is for something else, or has expired. */
  read(token: string, use: 'access' | 'refresh'): Promise<Claims | null>;
}

const issuer = 'back-auth';
/** Who a token is for: an access token must not be taken for a refresh token, nor the other way round. */
const audience = { access: 'tools-dashboard', refresh: 'back-auth' };

/** Makes and reads the tokens of persons; no other service does. `privateKey` is an RSA key, PEM. Throws `UsageError` for anything else. */
export function tokensOf(privateKey: string, clock: Clock): Tokens {
  const key = rsaKey(privateKey);
  const publicKey = createPublicKey(key);

  const sign = (session: Session, use: keyof typeof audience, id: string, lifetimeS: number) => {
    const nowS = Math.floor(clock.now() / 1000);
    return new SignJWT({ role: session.role, startedAt: session.startedAt })
      .setProtectedHeader({ alg: JWT_ALGORITHM, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience[use])
      .setSubject(session.userId)
      .setJti(id)
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + lifetimeS)
      .sign(key);
  };

  return {
    async issue(session) {
      const refreshId = randomUUID();
      const [access, refresh] = await Promise.all([
        sign(session, 'access', randomUUID(), JWT_EXPIRATION),
        sign(session, 'refresh', refreshId, REFRESH_TOKEN_EXPIRATION),
      ]);
      return { access, refresh, refreshId };
    },

    async read(token, use) {
      try {
        const { payload } = await jwtVerify<{ readonly role: Role; readonly startedAt: number }>(token, publicKey, {
          ...{ algorithms: [JWT_ALGORITHM], issuer, audience: audience[use], currentDate: new Date(clock.now()) },
          requiredClaims: ['sub', 'jti', 'exp', 'role', 'startedAt'],
        });
        const { sub = '', jti = '', exp = 0, role, startedAt } = payload;
        return { userId: sub, id: jti, exp, role, startedAt };
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
    },
  };
}

function rsaKey(pem: string) {
  let key: ReturnType<typeof createPrivateKey> | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // Nothing of the text is told: it may be a key after all.
  }
  if (key?.asymmetricKeyType === 'rsa') return key;
  throw new UsageError('back-auth signs tokens with an RSA private key in PEM form: set TOKEN_PRIVATE_KEY');
}
