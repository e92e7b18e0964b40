import type { FlowDriver } from 'seamwright/harness';
import { personOf } from '../shared/people.js';
import type { Role } from '../shared/roles.js';

/** How the flows begin; see docs/guides/flows.md. */
export const flows: Readonly<Record<string, FlowDriver>> = {
  async 'look-up'(hands) {
    const { id, token } = await personOf(hands, 'user');
    const found = await hands.call('back-api.getUser', { token, set: { 'path.id': id } });
    hands.expect('a person finds the user', found.status === 200);
    const unknown = await hands.call('back-api.getUser', { as: 'nobody', set: { 'path.id': id } });
    hands.expect('nobody else does', unknown.status === 401);
  },

  async 'create-profile'(hands) {
    const { token } = await personOf(hands, 'user');
    const made = await hands.call('back-api.createProfile', { token, body: { name: 'Ada Byron', bio: 'Counts.' } });
    hands.expect('a complete profile is taken', made.status === 201);
    const read = await hands.call('back-api.getProfile', { token });
    hands.expect('it can be read at once', read.status === 200);
    const incomplete = await hands.call('back-api.createProfile', { token, body: { name: ' ' } });
    hands.expect('one without a name is not', incomplete.status === 422);
  },

  async 'change-role'(hands) {
    const statuses: { [role in Role]?: number | undefined } = {};
    const subject = await personOf(hands, 'user');
    const manager = await personOf(hands, 'manager');
    const admin = await personOf(hands, 'admin');
    for (const [role, { token }] of [
      ['user', subject],
      ['manager', manager],
      ['admin', admin],
    ] as const) {
      const changed = await hands.call('back-api.changeRole', {
        ...{ token, caller: 'front-admin' },
        ...{ set: { 'path.id': subject.id }, body: { role: 'manager' } },
      });
      statuses[role] = changed.status;
    }
    hands.expect('neither a user nor a manager changes roles', statuses.user === 403 && statuses.manager === 403);
    hands.expect('an administrator does', statuses.admin === 200);
  },
};

/** States that depend on what others answer, by the names of the Pact files; see docs/guides/pact.md. */
export const states = {
  'getRole answers 200': permitted,
  'getRole answers 404': permitted,
  'changeRole answers 200': permitted,
  'changeRole answers 404': permitted,
};

/** Whoever asks may do so. */
async function permitted({ answer, derive }: RoleState) {
  const values = await derive();
  answer('back-auth', 'checkPermission', { allowed: true });
  return values;
}

interface RoleState {
  answer(provider: string, operation: string, body: unknown): void;
  derive(): Promise<object>;
}
