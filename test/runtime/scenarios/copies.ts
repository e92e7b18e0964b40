import { expect } from 'vitest';
import { employeeCopy } from '../world/contracts.js';
import { companyWire, deadLetters, deliver, employeeWire, metric } from '../world/messages.js';
import { expectName, scenario } from './scenario.js';

/** A copy that waits for nothing. */
const alone = () => ({ employee: employeeCopy(null) });

/** What may happen to messages on their way to a copy. */
export const copyScenarios = [
  scenario(
    'create, update, delete',
    () => ({}),
    async (world) => {
      const { accounts, people } = world;
      const ann = { id: 'e1', fullName: 'Ann', companyId: 'c1', isActive: true };
      await world.run(accounts.transaction((tx) => tx.Company.created({ id: 'c1', name: 'Acme' })));
      await world.run(people.transaction((tx) => tx.Employee.created(ann)));
      await world.settle();
      await expectName(world, 'Ann');
      await world.run(people.transaction((tx) => tx.Employee.updated({ ...ann, fullName: 'Bea' })));
      await world.settle();
      await expectName(world, 'Bea');
      await world.run(people.transaction((tx) => tx.Employee.deleted('e1')));
      await world.run(accounts.transaction((tx) => tx.Company.deleted('c1')));
      await world.settle();
      await expectName(world, null);
      expect(await world.run(world.surveys.copies.Company.get('c1'))).toBeNull();
    },
  ),
  scenario('out of order', alone, async (world) => {
    await deliver(world, employeeWire({ at: 1 }), employeeWire({ at: 3 }), employeeWire({ at: 2 }));
    await world.settle();
    await expectName(world, 'name 3');
    expect(metric(world, 'seamwright.guard.decisions', { outcome: 'stale' })).toBe(1);
  }),
  scenario('stale after delete', alone, async (world) => {
    await deliver(world, employeeWire({ at: 1 }), employeeWire({ at: 3, op: 'deleted' }));
    await world.settle();
    await deliver(world, employeeWire({ at: 2 }));
    await world.settle();
    await expectName(world, null);
  }),
  scenario('created again after delete', alone, async (world) => {
    await deliver(world, employeeWire({ at: 1 }), employeeWire({ at: 3 }), employeeWire({ at: 2, op: 'deleted' }));
    await world.settle();
    await expectName(world, 'name 3');
  }),
  scenario('equal timestamps have one winner', alone, async (world) => {
    const low = { at: 5, messageId: 'a', name: 'low' };
    const high = { at: 5, messageId: 'b', name: 'high' };
    await deliver(world, employeeWire({ ...low }), employeeWire({ ...high }));
    await deliver(world, employeeWire({ ...high, id: 'e2' }), employeeWire({ ...low, id: 'e2' }));
    await world.settle();
    await expectName(world, 'high', 'e1');
    await expectName(world, 'high', 'e2');
  }),
  scenario('duplicate', alone, async (world) => {
    await deliver(world, employeeWire({ at: 1 }), employeeWire({ at: 1 }));
    await world.settle();
    await expectName(world, 'name 1');
    expect(metric(world, 'seamwright.guard.decisions', { outcome: 'duplicate' })).toBe(1);
  }),
  scenario('two writers of one version', alone, async (world) => {
    await deliver(world, companyWire({ sequence: 1, name: 'one' }), companyWire({ sequence: 1, name: 'other' }));
    await world.settle();
    expect(deadLetters(world).map(({ headers }) => headers['sw-reason'])).toEqual(['conflict']);
    expect(world.lines.some(({ level, message }) => level === 'error' && message.includes('two%20writers'))).toBe(
      false,
    );
    expect(world.lines.some(({ level, message }) => level === 'error' && message.includes('two writers'))).toBe(true);
  }),
  scenario(
    'a message left out by the filter removes the copy and keeps its place',
    () => ({ employee: employeeCopy(null, { when: (m) => m.entityData.fullName !== 'rejected' }) }),
    async (world) => {
      await deliver(world, employeeWire({ at: 1 }), employeeWire({ at: 3, name: 'rejected' }), employeeWire({ at: 2 }));
      await world.settle();
      await expectName(world, null);
      await deliver(world, employeeWire({ at: 4 }));
      await world.settle();
      await expectName(world, 'name 4');
    },
  ),
  scenario('a copy takes whole states, whatever a producer says that its message carries', alone, async (world) => {
    const ahead = companyWire({ sequence: 5 });
    const headers = { ...ahead.headers, 'ce-carries': 'delta', 'ce-previoussequence': '3' };
    await deliver(world, { ...ahead, headers });
    await world.settle();
    expect((await world.run(world.surveys.copies.Company.get('c1')))?.name).toBe('company 5');
  }),
  scenario('force repairs an equal version and never goes back', alone, async (world) => {
    await deliver(world, employeeWire({ at: 5, name: 'damaged' }));
    await world.settle();
    // As the owner's force: same instant, new message id, whichever way the ids sort.
    await deliver(world, employeeWire({ at: 5, messageId: 'a', name: 'true', force: true }));
    await world.settle();
    await expectName(world, 'true');
    await deliver(world, employeeWire({ at: 4, messageId: 'z', name: 'older', force: true }));
    await world.settle();
    await expectName(world, 'true');
  }),
];
