import { type Clock, ProblemError, type ServiceCaller } from 'seamwright/runtime';
import type { BackAuthOperations } from '#generated/tools-dashboard/back-auth/server.gen.js';
import type { BackAuthService } from '#generated/tools-dashboard/back-auth/service.gen.js';
import { relayed } from '../shared/relayed.js';
import { permissionsOf } from '../shared/roles.js';
import { finishGithub, type GithubApplication, startGithub } from './github.js';
import { hashPassword, isPassword, type PasswordCost } from './passwords.js';
import { isOpen } from './sessions.js';
import { signInOf } from './sign-in.js';
import type { Tokens } from './tokens.js';

export interface BackAuthParts {
  readonly tokens: Tokens;
  readonly clock: Clock;
  /** Undefined where nobody has set one up. */
  readonly github: GithubApplication | undefined;
  /** Of new hashes. */
  readonly passwordCost?: PasswordCost;
}

/** What back-auth answers over HTTP. */
export function backAuthOperations(auth: BackAuthService, parts: BackAuthParts): BackAuthOperations<ServiceCaller> {
  const { backPostgres } = auth.clients;
  const signIn = signInOf(auth, parts.tokens, parts.clock, parts.passwordCost);
  const application = (): GithubApplication => {
    if (parts.github !== undefined) return parts.github;
    throw new ProblemError(503, { detail: 'the sign-in with GitHub is not set up' });
  };
  return {
    async login({ body, log }) {
      return { status: 200, body: await signIn.withPassword(body, log) };
    },

    async refreshTokens({ body }) {
      return { status: 200, body: await signIn.withRefreshToken(body.refresh_token) };
    },

    async verifyToken({ body }) {
      const claims = await parts.tokens.read(body.token, 'access');
      if (claims === null || !(await auth.transaction((tx) => isOpen(tx, claims)))) {
        throw new ProblemError(401, { detail: 'the token does not count' });
      }
      const { userId, role, exp } = claims;
      return { status: 200, body: { userId, role, exp } };
    },

    async storeCredentials({ body }) {
      const hash = await hashPassword(body.password, parts.passwordCost);
      const credentials = { id: body.userId, body: { hashed_password: hash } };
      const { hashed_password: standing } = await backPostgres.putCredentials(credentials).catch(relayed);
      if (standing !== hash && !(await isPassword(body.password, standing))) {
        throw new ProblemError(409, { detail: 'the user has another password' });
      }
      return { status: 204 };
    },

    async checkPermission({ body }) {
      const user = await backPostgres.getStoredUser({ id: body.userId }).catch(relayed);
      const allowed = user?.status === 'active' && permissionsOf(user.role).includes(body.permission);
      return { status: 200, body: { allowed } };
    },

    startGithubSignIn: () => startGithub(auth, application()),
    finishGithubSignIn: (call) => finishGithub(auth, application(), signIn, call),
  };
}
