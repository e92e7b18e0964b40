import { expect, it } from 'vitest';
import { fakeBus, fakeClient } from '../../../harness/index.js';
import type { MessageDefinition } from '../../../runtime/definition.js';

interface Users {
  getUser(request: { readonly userId: string }): Promise<{ readonly name: string } | null>;
  removeUser(request: { readonly userId: string }): Promise<void>;
}

it('answers as told, remembers what it was asked, and refuses what nobody told it', async () => {
  const users = fakeClient<Users>({ getUser: async () => ({ name: 'Ann' }) });
  expect(await users.getUser({ userId: 'u1' })).toEqual({ name: 'Ann' });
  expect(() => users.removeUser({ userId: 'u1' })).toThrow('the fake has no answer for "removeUser"');
  expect(users.calls).toEqual([
    { method: 'getUser', args: [{ userId: 'u1' }] },
    { method: 'removeUser', args: [{ userId: 'u1' }] },
  ]);
});

it('shows what goes over a bus, and refuses a payload that breaks its contract', async () => {
  const message: MessageDefinition<{ id: string }> = {
    name: 'Told',
    version: '1',
    validate: Object.assign((data: unknown): data is { id: string } => Reflect.has(Object(data), 'id'), {
      errors: null,
    }),
  };
  const bus = await fakeBus({ exchanges: [{ name: 'events', kind: 'topic' }] });
  await bus.publish(message, { exchange: 'events', key: 'a.told' }, { data: { id: '1' }, correlationid: 'c1' });
  expect(bus.published()).toMatchObject([{ type: 'Told', correlationid: 'c1', data: { id: '1' } }]);
  await expect(bus.publish(message, { exchange: 'events', key: 'a.told' }, { data: {} as never })).rejects.toThrow(
    'no valid Told',
  );
});
