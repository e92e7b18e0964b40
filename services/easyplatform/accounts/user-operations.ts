import { randomUUID } from 'node:crypto';
import { ProblemError } from 'seamwright/runtime';
import type { AccountsTransaction, User } from '#generated/easyplatform/accounts/producers.gen.js';
import type { AccountsOperations, ListUsersReply } from '#generated/easyplatform/accounts/server.gen.js';
import type { AccountsService } from '#generated/easyplatform/accounts/service.gen.js';
import { pageRequest } from '../../shared/paging.js';
import { companiesIn } from './companies.js';
import { usersIn } from './users.js';

type UserPage = Extract<ListUsersReply, { readonly status: 200 }>['body'];
type Operations = Pick<AccountsOperations, 'getUser' | 'createUser' | 'updateUser' | 'deleteUser' | 'listUsers'>;

/** What accounts answers about users. */
export function userOperations(accounts: AccountsService): Operations {
  return {
    async getUser({ path }) {
      const user = await accounts.transaction((tx) => liveUser(tx, path.userId));
      return { status: 200, body: dtoOf(user), headers: { 'cache-control': 'private, max-age=60' } };
    },

    async createUser({ body, once }) {
      return once(async (tx) => {
        const { email, fullName, companyId, roles = [] } = body;
        const user = { id: randomUUID(), email, fullName, companyId, roles, isActive: true, isDeleted: false };
        await requireCompany(tx, user.companyId);
        const users = usersIn(tx);
        if (await users.isTaken(user.email)) throw new ProblemError(409, { detail: 'the e-mail address is taken' });
        await users.insert(user);
        return { status: 201, body: dtoOf(user), headers: { location: `/api/User/${user.id}` } };
      });
    },

    async updateUser({ path, body: { email, fullName, companyId, roles, isActive } }) {
      return accounts.transaction(async (tx) => {
        const user = { ...(await liveUser(tx, path.userId)), email, fullName, companyId, roles, isActive };
        await requireCompany(tx, user.companyId);
        const users = usersIn(tx);
        if (await users.isTaken(user.email, user.id))
          throw new ProblemError(422, { detail: 'the e-mail address is taken' });
        await users.update(user);
        return { status: 200, body: dtoOf(user) };
      });
    },

    async deleteUser({ path }) {
      return accounts.transaction(async (tx) => {
        const users = usersIn(tx);
        const user = await users.find(path.userId);
        if (user === null) throw new ProblemError(404, { detail: 'no such user' });
        if (!user.isDeleted) await users.delete(user.id);
        return { status: 204 };
      });
    },

    async listUsers({ query }) {
      const page = await accounts.sync.snapshot('User', pageRequest(query));
      // An item carries what the event carried, which the contract gives the same shape.
      const items = page.items.map(({ data }) => data as UserPage['items'][number]);
      return { status: 200, body: { ...page, items } };
    },
  };
}

async function liveUser(tx: AccountsTransaction, id: string): Promise<User> {
  const user = await usersIn(tx).find(id);
  if (user === null || user.isDeleted) throw new ProblemError(404, { detail: 'no such user' });
  return user;
}

async function requireCompany(tx: AccountsTransaction, id: string): Promise<void> {
  const company = await companiesIn(tx).find(id);
  if (company === null || company.isDeleted) throw new ProblemError(422, { detail: 'no such company' });
}

/** Roles stay inside: the contract tells them to copies, not to callers. */
function dtoOf({ id, email, fullName, companyId, isActive }: User): Omit<User, 'roles' | 'isDeleted'> {
  return { id, email, fullName, companyId, isActive };
}
