import { randomUUID } from 'node:crypto';
import { HttpStatusError, type Logger, ProblemError } from 'seamwright/runtime';
import type { BackApiClients } from '#generated/tools-dashboard/back-api/clients.gen.js';
import type { RegisterUserCall, RegisterUserReply } from '#generated/tools-dashboard/back-api/server.gen.js';
import { relayed } from '../shared/relayed.js';
import { permissionsOf, type Role } from '../shared/roles.js';

type User = Extract<RegisterUserReply, { readonly status: 201 }>['body'];

interface StoredUser {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
}

const PASSWORD_LENGTH_MIN = 10;

/**
 * Registers a user in three steps: a pending user, the password, the activation, which is the point of no return. Every step may come again, so the same request
 * with its key gets the same user, in whatever state an earlier try left it. When a step fails the user is taken back; when even that fails, the pending user
 * keeps nobody out for more than a minute.
 */
export async function register(
  { backPostgres, backAuth }: BackApiClients,
  { headers, body, log }: Pick<RegisterUserCall, 'headers' | 'body' | 'log'>,
): Promise<User> {
  const { email, password, name } = body;
  refuseEasyPassword(email, password);
  const idempotencyKey = headers.idempotencyKey ?? randomUUID();
  const user = await backPostgres.createUser({ idempotencyKey, body: { email, name } }).catch(relayed);
  try {
    await backAuth.storeCredentials({ body: { userId: user.id, password } });
    return userOf(await backPostgres.activateUser({ id: user.id }));
  } catch (error) {
    // Another password came with this key: the user is that of the earlier request.
    if (error instanceof HttpStatusError && error.provider === 'back-auth' && error.status === 409)
      throw keyUsed(error);
    if (await takeBack(backPostgres, user.id, log)) throw failed(error);
    // It is active: the step that seemed to fail has succeeded, or the same request beside this one.
    return userOf(user);
  }
}

/** Whether there is no active user. An outcome that nobody knows counts as none. */
async function takeBack(postgres: BackApiClients['backPostgres'], id: string, log: Logger): Promise<boolean> {
  try {
    await postgres.deleteUser({ id });
  } catch (error) {
    if (error instanceof HttpStatusError && error.status === 409) return false;
    log.error({ error, userId: id }, 'a registration could not be taken back; it stays pending until it is abandoned');
  }
  return true;
}

function refuseEasyPassword(email: string, password: string): void {
  const easy = password.length < PASSWORD_LENGTH_MIN || password.toLowerCase() === email.toLowerCase();
  if (easy)
    throw new ProblemError(422, {
      detail: `the password needs ${PASSWORD_LENGTH_MIN} characters and must not be the address`,
    });
}

function keyUsed(cause: unknown): ProblemError {
  return new ProblemError(409, { detail: 'the idempotency key was used for another request' }, {}, cause);
}

function failed(cause: unknown): ProblemError {
  return new ProblemError(503, { detail: 'the registration failed and was taken back' }, { 'retry-after': '1' }, cause);
}

function userOf({ id, email, role }: StoredUser): User {
  return { id, email, role, permissions: [...permissionsOf(role)] };
}
