import { createHash, randomUUID } from 'node:crypto';
import { type Clock, type Logger, ProblemError } from 'seamwright/runtime';
import type { LoginReply } from '#generated/tools-dashboard/back-auth/server.gen.js';
import type { BackAuthService } from '#generated/tools-dashboard/back-auth/service.gen.js';
import { JWT_EXPIRATION, REFRESH_TOKEN_EXPIRATION } from '#generated/tools-dashboard/constants.gen.js';
import { relayed } from '../shared/relayed.js';
import type { Role } from '../shared/roles.js';
import { hashPassword, isPassword, type PasswordCost } from './passwords.js';
import { isOpen } from './sessions.js';
import type { Session, Tokens } from './tokens.js';

type TokenBody = Extract<LoginReply, { readonly status: 200 }>['body'];

/** What the ways to sign in have in common. */
export interface SignIn {
  /** Throws `ProblemError` 401 when address and password do not belong together, 429 after too many tries. */
  withPassword(credentials: { readonly email: string; readonly password: string }, log: Logger): Promise<TokenBody>;
  /** Throws `ProblemError` 401 for a refresh token that is spent, expired or of a session that has ended. */
  withRefreshToken(token: string): Promise<TokenBody>;
  /** For somebody who has proven who they are. */
  as(
    person: { readonly id: string; readonly role: Role },
    method: 'password' | 'github',
    log: Logger,
  ): Promise<TokenBody>;
}

/** Tries for one address, and the time in seconds after which they are forgotten. */
const TRIES_MAX = 5;
const TRIES_TTL_S = 900;

const wrong = () => new ProblemError(401, { detail: 'address and password do not belong together' });

export function signInOf(auth: BackAuthService, tokens: Tokens, clock: Clock, cost?: PasswordCost): SignIn {
  const { backPostgres, backRedis } = auth.clients;
  // Somebody unknown has to take as long as a wrong password: otherwise the time tells who has an account.
  let nobody: Promise<string> | undefined;

  async function issue(session: Session): Promise<TokenBody> {
    const { access, refresh, refreshId } = await tokens.issue(session);
    const entry = { value: session.userId, ttlSeconds: REFRESH_TOKEN_EXPIRATION };
    await backRedis.putEntry({ key: refreshKey(refreshId), body: entry }).catch(relayed);
    return { access_token: access, refresh_token: refresh, token_type: 'Bearer', expires_in: JWT_EXPIRATION };
  }

  /** Best effort: who signed in is worth knowing, but not worth keeping somebody out. */
  async function record(userId: string, method: 'password' | 'github', log: Logger): Promise<void> {
    const at = new Date(clock.now()).toISOString();
    await auth
      .transaction((tx) => tx.publish.LoginRecorded({ loginId: randomUUID(), userId, method, at }))
      .catch((error: unknown) => log.warn({ error, userId }, 'a sign-in could not be recorded'));
  }

  const as: SignIn['as'] = async ({ id, role }, method, log) => {
    const body = await issue({ userId: id, role, startedAt: clock.now() });
    await record(id, method, log);
    return body;
  };

  return {
    as,

    async withPassword({ email, password }, log) {
      const key = triesKey(email);
      // Counted before the password is looked at, so that a thousand guesses at the same time are counted, too.
      const tries = await backRedis.count({ key, body: { ttlSeconds: TRIES_TTL_S } }).catch(relayed);
      if (tries.count > TRIES_MAX) {
        throw new ProblemError(429, { detail: 'too many tries' }, { 'retry-after': String(tries.ttlSeconds) });
      }
      const user = await backPostgres.getUserByEmail({ email }).catch(relayed);
      nobody ??= hashPassword(randomUUID(), cost);
      const right = await isPassword(password, user?.hashed_password ?? (await nobody));
      if (!right || user === null || user.status !== 'active') throw wrong();
      await backRedis.resetCount({ key }).catch(relayed);
      return as(user, 'password', log);
    },

    async withRefreshToken(token) {
      const spent = () => new ProblemError(401, { detail: 'the refresh token does not count' });
      const claims = await tokens.read(token, 'refresh');
      if (claims === null || !(await auth.transaction((tx) => isOpen(tx, claims)))) throw spent();
      const entry = await backRedis.takeEntry({ key: refreshKey(claims.id) }).catch(relayed);
      if (entry === null) throw spent();
      const user = await backPostgres.getStoredUser({ id: claims.userId }).catch(relayed);
      if (user === null || user.status !== 'active') throw spent();
      return issue({ userId: user.id, role: user.role, startedAt: claims.startedAt });
    },
  };
}

const refreshKey = (id: string) => `refresh:${id}`;

/** Keys end up in logs of the cache; an address must not. */
const triesKey = (email: string) => `login-tries:${createHash('sha256').update(email.toLowerCase()).digest('hex')}`;
