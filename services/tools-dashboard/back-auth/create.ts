import process from 'node:process';
import { type Flags, systemClock } from 'seamwright/runtime';
import { createBackAuthServer } from '#generated/tools-dashboard/back-auth/server.gen.js';
import { type BackAuthService, createBackAuth } from '#generated/tools-dashboard/back-auth/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { knownServices, provingItself } from '../shared/identity.js';
import type { GithubApplication } from './github.js';
import { endSessionsOnRoleChange } from './on-user-role-changed.js';
import { backAuthOperations } from './operations.js';
import type { PasswordCost } from './passwords.js';
import { prepare } from './schema.js';
import { tokensOf } from './tokens.js';

export interface BackAuthAppOptions extends AppOptions {
  /** RSA private key that signs the tokens of persons, PEM. Default: `TOKEN_PRIVATE_KEY`. */
  readonly tokenPrivateKey?: string;
  /** Default: `GITHUB_CLIENT_ID`, `GITHUB_CLIENT_SECRET` and `GITHUB_REDIRECT_URL`; without them nobody signs in with GitHub. */
  readonly github?: GithubApplication;
  /** How much work the hash of a new password takes. Default: as much as an attacker should have. */
  readonly passwordCost?: PasswordCost;
  /** Which features are on. Default: `SEAMWRIGHT_FLAG_GITHUB_AUTH`, else what the contract says. */
  readonly flags?: Flags;
}

/** Passwords, tokens and sessions. */
export function createBackAuthApp(options: BackAuthAppOptions = {}): App<BackAuthService> {
  const clock = options.clock ?? systemClock;
  const tokens = tokensOf(options.tokenPrivateKey ?? process.env.TOKEN_PRIVATE_KEY ?? '', clock);
  const authorize = provingItself('back-auth', options);
  const auth = createBackAuth({
    // GitHub gets the token of the person from its own call, and nothing of ours.
    authorize: (call) => (call.provider === 'github' ? {} : authorize(call)),
    ...options,
    handlers: { onUserRoleChanged: endSessionsOnRoleChange(clock) },
    prepare,
  });
  const { passwordCost } = options;
  const github = options.github ?? githubOfEnvironment();
  const parts = { tokens, clock, github, ...(passwordCost && { passwordCost }) };
  const server = createBackAuthServer(backAuthOperations(auth, parts), {
    ready: auth.health,
    ...options,
    authenticate: knownServices('back-auth', options),
  });
  return appOf(auth, server, options.listen);
}

function githubOfEnvironment(): GithubApplication | undefined {
  const {
    GITHUB_CLIENT_ID: clientId,
    GITHUB_CLIENT_SECRET: clientSecret,
    GITHUB_REDIRECT_URL: redirectUrl,
  } = process.env;
  if (clientId === undefined || clientSecret === undefined || redirectUrl === undefined) return undefined;
  return { clientId, clientSecret, redirectUrl, authorizeUrl: 'https://github.com/login/oauth/authorize' };
}
