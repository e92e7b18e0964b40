import { randomUUID } from 'node:crypto';
import type { ServiceCaller } from 'seamwright/runtime';
import type { BackPostgresOperations, CreateUserReply } from '#generated/tools-dashboard/back-postgres/server.gen.js';
import type { BackPostgresService } from '#generated/tools-dashboard/back-postgres/service.gen.js';
import { insertProfile, profileOf, updateProfile } from './profiles.js';
import * as users from './users.js';

type StoredUser = Extract<CreateUserReply, { readonly status: 201 }>['body'];

const none = { status: 404, body: { title: 'Not found', status: 404 } } as const;

/** Users and profiles as they are stored; what may be done with them, others decide. */
export function backPostgresOperations(postgres: BackPostgresService): BackPostgresOperations<ServiceCaller> {
  return {
    // The row itself keeps the key: what is taken back takes its key along, so that the request may come again.
    async createUser({ headers, body }) {
      const key = headers.idempotencyKey ?? randomUUID();
      return { status: 201, body: stored(await postgres.transaction((tx) => users.createUser(tx, key, body))) };
    },

    async deleteUser({ path }) {
      await postgres.transaction((tx) => users.deletePending(tx, path.id));
      return { status: 204 };
    },

    async putCredentials({ path, body }) {
      const hash = await postgres.transaction((tx) => users.putHash(tx, path.id, body.hashed_password));
      return hash === null ? none : { status: 200, body: { hashed_password: hash } };
    },

    async activateUser({ path }) {
      const user = await postgres.transaction((tx) => users.activate(tx, path.id));
      return user === null ? none : { status: 200, body: stored(user) };
    },

    async getStoredUser({ path }) {
      const user = await postgres.transaction((tx) => users.userById(tx, path.id));
      return user === null ? none : { status: 200, body: stored(user) };
    },

    async getUserByEmail({ path }) {
      const user = await postgres.transaction((tx) => users.userByEmail(tx, path.email));
      if (user === null) return none;
      const { id, role, status, hashedPassword } = user;
      return {
        status: 200,
        body: { id, role, status, ...(hashedPassword !== null && { hashed_password: hashedPassword }) },
      };
    },

    async upsertGithubUser({ path, body }) {
      const user = await postgres.transaction((tx) => users.upsertGithubUser(tx, path.githubId, body));
      return { status: 200, body: stored(user) };
    },

    async getStoredRole({ path }) {
      const user = await postgres.transaction((tx) => users.userById(tx, path.id));
      return user === null ? none : { status: 200, body: { role: user.role } };
    },

    async putRole({ path, body }) {
      const role = await postgres.transaction((tx) => users.putRole(tx, path.id, body));
      return role === null ? none : { status: 200, body: { role } };
    },

    async insertProfile({ body, once }) {
      return once(async (tx) => ({ status: 201, body: await insertProfile(tx, body) }));
    },

    async getStoredProfile({ path }) {
      const profile = await postgres.transaction((tx) => profileOf(tx, path.userId));
      return profile === null ? none : { status: 200, body: profile };
    },

    async updateProfile({ path, body }) {
      const profile = await postgres.transaction((tx) => updateProfile(tx, path.userId, body));
      return profile === null ? none : { status: 200, body: profile };
    },
  };
}

/** Without the hash: only a sign-in gets that. */
function stored({ id, email, name, role, status, githubId }: users.UserRow): StoredUser {
  return { id, email, name, role, status, ...(githubId !== null && { githubId }) };
}
