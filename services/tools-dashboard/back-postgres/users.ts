import { randomUUID } from 'node:crypto';
import { ProblemError, type ServiceTransaction } from 'seamwright/runtime';
import type { BackPostgresTransaction } from '#generated/tools-dashboard/back-postgres/producers.gen.js';
import type { Role } from '../shared/roles.js';

/** A user as stored. */
export interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly status: 'pending' | 'active';
  /** Number of the GitHub account. */
  readonly githubId: string | null;
  /** Salted; null for somebody who signs in elsewhere or is still registering. */
  readonly hashedPassword: string | null;
}

export interface NewUser {
  readonly email: string;
  readonly name: string;
}

const columns = `id, email, name, role, status, github_id as "githubId", hashed_password as "hashedPassword"`;

/** How long a registration that was broken off keeps its address from others, as SQL knows it. */
const ABANDONED_AFTER = `interval '1 minute'`;

/** Null when there is none. `lock` keeps others from changing it until the transaction ends. */
export async function userById(
  tx: ServiceTransaction,
  id: string,
  lock: 'for update' | '' = '',
): Promise<UserRow | null> {
  const [row] = await tx.query<UserRow>(`select ${columns} from users where id = $1 ${lock}`, [id]);
  return row ?? null;
}

/** Null when there is none. */
export async function userByEmail(tx: ServiceTransaction, email: string): Promise<UserRow | null> {
  const [row] = await tx.query<UserRow>(`select ${columns} from users where lower(email) = lower($1)`, [email]);
  return row ?? null;
}

/**
 * A pending user, who cannot sign in. With the key of an earlier request the user of then. Throws `ProblemError` 409 for an address that is taken and for a key
 * that came with another request.
 */
export async function createUser(tx: ServiceTransaction, key: string, { email, name }: NewUser): Promise<UserRow> {
  await tx.query(
    `delete from users where lower(email) = lower($1) and status = 'pending' and registration_key <> $2
     and created_at < now() - ${ABANDONED_AFTER}`,
    [email, key],
  );
  // The indexes decide between two at the same time: the second waits here for the first, and then finds its row below.
  const [created] = await tx.query<UserRow>(
    `insert into users (id, email, name, status, registration_key) values ($1, $2, $3, 'pending', $4)
     on conflict do nothing returning ${columns}`,
    [randomUUID(), email, name, key],
  );
  if (created !== undefined) return created;
  const [earlier] = await tx.query<UserRow>(`select ${columns} from users where registration_key = $1`, [key]);
  if (earlier === undefined) throw new ProblemError(409, { detail: 'a user has this e-mail address already' });
  if (earlier.email === email && earlier.name === name) return earlier;
  throw new ProblemError(409, { detail: 'the idempotency key was used for another request' });
}

/** Takes back a registration. That there is nobody is fine; an active user stays, with `ProblemError` 409. */
export async function deletePending(tx: ServiceTransaction, id: string): Promise<void> {
  const user = await userById(tx, id, 'for update');
  if (user?.status === 'active') throw new ProblemError(409, { detail: 'the user is active' });
  await tx.query('delete from users where id = $1', [id]);
}

/** Stores the hash unless there is one, and gives the one that stands; null when there is no user. */
export async function putHash(tx: ServiceTransaction, id: string, hash: string): Promise<string | null> {
  const [row] = await tx.query<{ readonly hash: string }>(
    'update users set hashed_password = coalesce(hashed_password, $2) where id = $1 returning hashed_password as hash',
    [id, hash],
  );
  return row?.hash ?? null;
}

/** From here the user can sign in, and everybody is told. Null when there is none; `ProblemError` 409 for one without a password. */
export async function activate(tx: BackPostgresTransaction, id: string): Promise<UserRow | null> {
  const user = await userById(tx, id, 'for update');
  if (user === null || user.status === 'active') return user;
  if (user.hashedPassword === null) throw new ProblemError(409, { detail: 'the user has no password yet' });
  await tx.query(`update users set status = 'active' where id = $1`, [id]);
  await tell(tx, user);
  return { ...user, status: 'active' };
}

/**
 * The user with this GitHub account, made if need be and then told of. Throws `ProblemError` 409 when the address belongs to somebody who has not signed in with
 * this account before: an address at GitHub proves nothing about a user of ours.
 */
export async function upsertGithubUser(
  tx: BackPostgresTransaction,
  githubId: string,
  { email, name }: NewUser,
): Promise<UserRow> {
  const [created] = await tx.query<UserRow>(
    `insert into users (id, email, name, status, github_id) values ($1, $2, $3, 'active', $4)
     on conflict do nothing returning ${columns}`,
    [randomUUID(), email, name, githubId],
  );
  if (created !== undefined) {
    await tell(tx, created);
    return created;
  }
  const [known] = await tx.query<UserRow>(`select ${columns} from users where github_id = $1`, [githubId]);
  if (known === undefined) throw new ProblemError(409, { detail: 'a user has this e-mail address already' });
  return known;
}

/** Stores a role; null when there is no user. A change is told, the same role again is none. */
export async function putRole(
  tx: BackPostgresTransaction,
  id: string,
  { role, changedBy }: { readonly role: Role; readonly changedBy: string },
): Promise<Role | null> {
  const user = await userById(tx, id, 'for update');
  if (user === null || user.role === role) return user?.role ?? null;
  await tx.query('update users set role = $2 where id = $1', [id, role]);
  const changedAt = new Date().toISOString();
  await tx.publish.UserRoleChanged({
    ...{ changeId: randomUUID(), userId: id, role, previousRole: user.role, changedBy, changedAt },
  });
  return role;
}

async function tell(tx: BackPostgresTransaction, { id, email }: UserRow): Promise<void> {
  await tx.publish.UserCreated({ userId: id, email, createdAt: new Date().toISOString() });
}
