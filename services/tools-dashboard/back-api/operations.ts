import { ProblemError } from 'seamwright/runtime';
import type { BackApiClients } from '#generated/tools-dashboard/back-api/clients.gen.js';
import type { BackApiOperations } from '#generated/tools-dashboard/back-api/server.gen.js';
import { relayed } from '../shared/relayed.js';
import type { Permission } from '../shared/roles.js';
import { type ApiCaller, type Person, personOf } from './callers.js';
import { register } from './registration.js';

/** The rules, and who is asked in which order. Rows and tokens are those of others. */
export function backApiOperations(clients: BackApiClients): BackApiOperations<ApiCaller> {
  const { backAuth, backPostgres } = clients;

  /** By the role that is stored now: that of the token may be old. */
  async function demand(permission: Permission, { id }: Person): Promise<void> {
    const { allowed } = await backAuth.checkPermission({ body: { userId: id, permission } }).catch(relayed);
    if (!allowed) throw new ProblemError(403, { detail: `this needs the permission ${permission}` });
  }

  return {
    async registerUser(call) {
      return { status: 201, body: await register(clients, call) };
    },

    async getUser({ path }) {
      const user = await backPostgres.getStoredUser(path).catch(relayed);
      if (user === null || user.status !== 'active') throw new ProblemError(404, { detail: 'User not found' });
      return { status: 200, body: { id: user.id, name: user.name } };
    },

    async createProfile({ body, caller }) {
      const name = completeName(body.name);
      const profile = { ...chosen(body), name, userId: personOf(caller).id };
      return { status: 201, body: await backPostgres.insertProfile({ body: profile }).catch(relayed) };
    },

    async getProfile({ caller }) {
      const profile = await backPostgres.getStoredProfile({ userId: personOf(caller).id }).catch(relayed);
      if (profile === null) throw new ProblemError(404, { detail: 'there is no profile yet' });
      return { status: 200, body: profile };
    },

    async changeProfile({ body, caller }) {
      const change = { ...chosen(body), ...(body.name !== undefined && { name: completeName(body.name) }) };
      const profile = await backPostgres.updateProfile({ userId: personOf(caller).id, body: change }).catch(relayed);
      if (profile === null) throw new ProblemError(404, { detail: 'there is no profile yet' });
      return { status: 200, body: profile };
    },

    async getRole({ path, caller }) {
      const person = personOf(caller);
      if (person.id !== path.id) await demand('roles:read', person);
      const role = await backPostgres.getStoredRole(path).catch(relayed);
      if (role === null) throw new ProblemError(404, { detail: 'User not found' });
      return { status: 200, body: role };
    },

    async changeRole({ path, body, caller }) {
      const person = personOf(caller);
      await demand('roles:write', person);
      const role = await backPostgres
        .putRole({ ...path, body: { role: body.role, changedBy: person.id } })
        .catch(relayed);
      if (role === null) throw new ProblemError(404, { detail: 'User not found' });
      return { status: 200, body: role };
    },
  };
}

/** A profile is complete when it has a name that somebody can read. */
function completeName(name: string | undefined): string {
  const trimmed = name?.trim() ?? '';
  if (trimmed === '') throw new ProblemError(422, { detail: 'Profile incomplete' });
  return trimmed;
}

/** Field by field: the contract lets a body hold more than it names, and none of that may travel on. */
function chosen<Preferences>({
  bio,
  avatarUrl,
  preferences,
}: {
  readonly bio?: string;
  readonly avatarUrl?: string;
  readonly preferences?: Preferences;
}) {
  return {
    ...(bio !== undefined && { bio }),
    ...(avatarUrl !== undefined && { avatarUrl }),
    ...(preferences !== undefined && { preferences }),
  };
}
