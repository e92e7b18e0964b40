import { randomUUID } from 'node:crypto';
import { ProblemError, type ServiceTransaction } from 'seamwright/runtime';
import type {
  InsertProfileCall,
  InsertProfileReply,
  UpdateProfileCall,
} from '#generated/tools-dashboard/back-postgres/server.gen.js';
import { userById } from './users.js';

/** A profile as the contract has it. */
export type Profile = Extract<InsertProfileReply, { readonly status: 201 }>['body'];

interface ProfileRow {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly bio: string | null;
  readonly avatarUrl: string | null;
  readonly preferences: Profile['preferences'] | null;
  readonly createdAt: Date | string;
}

const columns = `id, user_id as "userId", name, bio, avatar_url as "avatarUrl", preferences, created_at as "createdAt"`;

/** Null when there is none. */
export async function profileOf(tx: ServiceTransaction, userId: string): Promise<Profile | null> {
  const [row] = await tx.query<ProfileRow>(`select ${columns} from profiles where user_id = $1`, [userId]);
  return row === undefined ? null : profile(row);
}

/** Throws `ProblemError` 404 when there is no such user, 409 when the user has a profile. */
export async function insertProfile(tx: ServiceTransaction, body: InsertProfileCall['body']): Promise<Profile> {
  if ((await userById(tx, body.userId)) === null) throw new ProblemError(404, { detail: 'no such user' });
  const [row] = await tx.query<ProfileRow>(
    `insert into profiles (id, user_id, name, bio, avatar_url, preferences, created_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (user_id) do nothing returning ${columns}`,
    [randomUUID(), body.userId, body.name, ...optional(body), new Date().toISOString()],
  );
  if (row === undefined) throw new ProblemError(409, { detail: 'the user has a profile already' });
  return profile(row);
}

/** What `change` leaves out stays, down to single preferences. Null when there is no profile. */
export async function updateProfile(
  tx: ServiceTransaction,
  userId: string,
  change: UpdateProfileCall['body'],
): Promise<Profile | null> {
  const [row] = await tx.query<ProfileRow>(
    `update profiles set name = coalesce($2, name), bio = coalesce($3, bio), avatar_url = coalesce($4, avatar_url),
       preferences = case when $5::jsonb is null then preferences else coalesce(preferences, '{}'::jsonb) || $5::jsonb end
     where user_id = $1 returning ${columns}`,
    [userId, change.name ?? null, ...optional(change)],
  );
  return row === undefined ? null : profile(row);
}

function optional({ bio, avatarUrl, preferences }: UpdateProfileCall['body']): readonly (string | null)[] {
  return [bio ?? null, avatarUrl ?? null, preferences === undefined ? null : JSON.stringify(preferences)];
}

function profile({ id, userId, name, bio, avatarUrl, preferences, createdAt }: ProfileRow): Profile {
  return {
    ...{ id, userId, name, created_at: new Date(createdAt).toISOString() },
    ...(bio !== null && { bio }),
    ...(avatarUrl !== null && { avatarUrl }),
    ...(preferences !== null && preferences !== undefined && { preferences }),
  };
}
