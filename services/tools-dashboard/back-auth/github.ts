import { randomBytes } from 'node:crypto';
import { type Logger, ProblemError } from 'seamwright/runtime';
import type {
  FinishGithubSignInCall,
  FinishGithubSignInReply,
  StartGithubSignInReply,
} from '#generated/tools-dashboard/back-auth/server.gen.js';
import type { BackAuthService } from '#generated/tools-dashboard/back-auth/service.gen.js';
import type { ExchangedCode } from '#generated/tools-dashboard/http/github.types.gen.js';
import { relayed } from '../shared/relayed.js';
import type { SignIn } from './sign-in.js';

/** The OAuth application at GitHub. */
export interface GithubApplication {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where GitHub asks the person, such as `https://github.com/login/oauth/authorize`. */
  readonly authorizeUrl: string;
  /** Where GitHub sends the browser back to. */
  readonly redirectUrl: string;
}

const STATE_TTL_S = 600;

/** To GitHub, with a state that the browser has to bring back. */
export async function startGithub(
  auth: BackAuthService,
  application: GithubApplication,
): Promise<StartGithubSignInReply> {
  const state = randomBytes(24).toString('base64url');
  const entry = { value: 'started', ttlSeconds: STATE_TTL_S };
  await auth.clients.backRedis.putEntry({ key: stateKey(state), body: entry }).catch(relayed);
  const location = new URL(application.authorizeUrl);
  location.searchParams.set('client_id', application.clientId);
  location.searchParams.set('redirect_uri', application.redirectUrl);
  location.searchParams.set('scope', 'read:user user:email');
  location.searchParams.set('state', state);
  const cookie = `github_state=${state}; Max-Age=${STATE_TTL_S}; Path=/; HttpOnly; Secure; SameSite=Lax`;
  return { status: 302, headers: { Location: location.href, 'Set-Cookie': cookie } };
}

/** Back from GitHub. The state is spent first: whatever happens then, a link that was used is of no use to anybody. */
export async function finishGithub(
  auth: BackAuthService,
  application: GithubApplication,
  signIn: SignIn,
  { query, cookies, log }: FinishGithubSignInCall,
): Promise<FinishGithubSignInReply> {
  if (cookies.githubState !== query.state)
    throw new ProblemError(400, { detail: 'the state is not that of this browser' });
  const state = await auth.clients.backRedis.takeEntry({ key: stateKey(query.state) }).catch(relayed);
  if (state === null) throw new ProblemError(400, { detail: 'the state was used or has expired' });
  const { id, login, name, email } = await accountOf(auth, application, query.code, log);
  if (email === null || email === undefined)
    throw new ProblemError(409, { detail: 'the GitHub account shows no e-mail address' });
  const person = { email, name: (name?.trim() || login).slice(0, 100) };
  const user = await auth.clients.backPostgres.upsertGithubUser({ githubId: String(id), body: person }).catch(relayed);
  return { status: 200, body: await signIn.as(user, 'github', log) };
}

/** Throws `ProblemError` 400 for a code that GitHub does not take, 503 when GitHub does not answer as it should. */
async function accountOf(
  auth: BackAuthService,
  { clientId, clientSecret }: GithubApplication,
  code: string,
  log: Logger,
) {
  const { github } = auth.clients;
  // What GitHub answers is not told on, and the error may hold a token: the log gets its kind only.
  const away = (error: unknown): never => {
    log.warn({ error: error instanceof Error ? error.name : 'unknown' }, 'GitHub does not answer as it should');
    throw new ProblemError(503, { detail: 'GitHub does not answer' }, { 'retry-after': '5' });
  };
  const body = { client_id: clientId, client_secret: clientSecret, code };
  const exchanged: ExchangedCode = await github.exchangeCode({ body }).catch(away);
  if (exchanged.access_token === undefined) throw new ProblemError(400, { detail: 'GitHub does not take the code' });
  return github.getGithubUser({}, { headers: { authorization: `Bearer ${exchanged.access_token}` } }).catch(away);
}

const stateKey = (state: string) => `oauth-state:${state}`;
