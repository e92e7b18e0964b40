import { generateKeyPairSync } from 'node:crypto';
import type { FlowDriver } from 'seamwright/harness';
import { systemClock } from 'seamwright/runtime';
import { register } from '../shared/people.js';
import { hashPassword } from './passwords.js';
import { tokensOf } from './tokens.js';

const tokenPrivateKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

/** Nothing is to be kept from an attacker here, and thousands of passwords are hashed. */
const passwordCost = { N: 16, r: 8, p: 1 };

/** What the service needs to start, for the time of a test. */
export const options = {
  tokenPrivateKey,
  passwordCost,
  github: {
    ...{ clientId: 'client', clientSecret: 'secret' },
    authorizeUrl: 'https://github.example/login/oauth/authorize',
    redirectUrl: 'https://dashboard.example/auth/github/callback',
  },
};

const ada = {
  ...{ id: '2d4b6f80-1a3c-4e5f-9a7b-8c9d0e1f2a31', email: 'ada@mail.example', name: 'Ada' },
  ...({ role: 'user', status: 'active' } as const),
};

/** States that depend on what others answer, by the names of the Pact files; see docs/guides/pact.md. */
export const states = {
  async 'login can be done'({ params, answer }: State) {
    answer('back-redis', 'count', { count: 1, ttlSeconds: 900 });
    answer('back-postgres', 'getUserByEmail', {
      ...ada,
      hashed_password: await hashPassword(params.password ?? '', passwordCost),
    });
  },

  async 'refreshTokens can be done'({ answer }: State) {
    answer('back-redis', 'takeEntry', { value: ada.id });
    answer('back-postgres', 'getStoredUser', ada);
    return { refresh_token: (await issued()).refresh };
  },

  'verifyToken can be done': async () => ({ token: (await issued()).access }),

  /** The one that is shown is nobody's. */
  'verifyToken meets 401': () => ({}),

  async 'storeCredentials can be done'({ params, answer }: State) {
    answer('back-postgres', 'putCredentials', {
      hashed_password: await hashPassword(params.password ?? '', passwordCost),
    });
  },

  'finishGithubSignIn finds something'({ params, answer }: State) {
    answer('back-redis', 'takeEntry', { value: 'started' });
    answer('github', 'exchangeCode', { access_token: 'token', token_type: 'bearer', scope: 'read:user' });
    answer('github', 'getGithubUser', { id: 42, login: 'ada', email: ada.email });
    answer('back-postgres', 'upsertGithubUser', ada);
    return { githubState: params.state };
  },
};

function issued() {
  const startedAt = systemClock.now();
  return tokensOf(tokenPrivateKey, systemClock).issue({ userId: ada.id, role: ada.role, startedAt });
}

interface State {
  readonly params: Readonly<Record<string, string>>;
  answer(provider: string, operation: string, body: unknown): void;
}

/** How the flows begin; see docs/guides/flows.md. */
export const flows: Readonly<Record<string, FlowDriver>> = {
  async 'sign-in'(hands) {
    const { credentials } = await register(hands, 'ada');
    const signedIn = await hands.call('back-auth.login', { body: credentials });
    hands.expect('who has a password signs in', signedIn.status === 200);
    const wrong = await hands.call('back-auth.login', { body: { ...credentials, password: 'not this one' } });
    hands.expect('who has another one does not', wrong.status === 401);
  },

  async 'sign-in-with-github'(hands) {
    const state = 'given-to-this-browser';
    await hands.call('back-redis.putEntry', {
      caller: 'back-auth',
      ...{ set: { 'path.key': `oauth-state:${state}` }, body: { value: 'started', ttlSeconds: 600 } },
    });
    const set = { 'query.state': state, 'query.code': 'a code of GitHub', 'cookies.githubState': state };
    const signedIn = await hands.call('back-auth.finishGithubSignIn', { set });
    hands.expect('who comes back from GitHub is signed in', signedIn.status === 200);
    const again = await hands.call('back-auth.finishGithubSignIn', { set });
    hands.expect('the link is of no use a second time', again.status === 400);
  },
};
