import type { CommonTransaction, User } from '#generated/dhanman/common/producers.gen.js';

/** Stores a new user and tells everybody. False, and nothing done, when the e-mail address is taken, in whatever case it is written. */
export async function addUser(tx: CommonTransaction, user: User): Promise<boolean> {
  const inserted = await tx.query(
    `insert into users (id, email, full_name, company_id, created_at) values ($1, $2, $3, $4, $5)
     on conflict (lower(email)) do nothing returning id`,
    [user.userId, user.email, user.fullName, user.companyId ?? null, user.createdAt],
  );
  if (inserted.length === 0) return false;
  await tx.User.created(user);
  return true;
}
