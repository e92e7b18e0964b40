import type { ServiceTransaction } from 'seamwright/runtime';

/** Creates the tables of this service where they are missing. */
export async function prepare(tx: ServiceTransaction): Promise<void> {
  await tx.query(`
    create table if not exists users (
      id text primary key,
      email text not null,
      name text not null,
      role text not null default 'user' check (role in ('user', 'manager', 'admin')),
      status text not null check (status in ('pending', 'active')),
      registration_key text unique,
      hashed_password text,
      github_id text unique,
      created_at timestamptz not null default now()
    )`);
  // Addresses differ in case only by accident.
  await tx.query('create unique index if not exists users_email on users (lower(email))');
  await tx.query(`
    create table if not exists profiles (
      id text primary key,
      user_id text not null unique references users on delete cascade,
      name text not null,
      bio text,
      avatar_url text,
      preferences jsonb,
      created_at timestamptz not null
    )`);
}
