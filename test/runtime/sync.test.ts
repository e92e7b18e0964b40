import { afterEach, describe, expect, it } from 'vitest';
import { startWorld, type World } from './world/world.js';

let world: World;
afterEach(() => world.stop());

describe('a copy follows its owner', () => {
  it('create, update, delete', async () => {
    world = await startWorld();
    await world.accounts.transaction((tx) => tx.Company.created({ id: 'c1', name: 'Acme' }));
    await world.people.transaction((tx) =>
      tx.Employee.created({ id: 'e1', fullName: 'Ann', companyId: 'c1', isActive: true }),
    );
    await world.settle();
    expect(await world.surveys.copies.SyncedEmployee.get('e1')).toEqual({ id: 'e1', fullName: 'Ann', companyId: 'c1' });
    await world.people.transaction((tx) =>
      tx.Employee.updated({ id: 'e1', fullName: 'Bea', companyId: 'c1', isActive: true }),
    );
    await world.settle();
    expect(await world.surveys.copies.SyncedEmployee.list()).toEqual([{ id: 'e1', fullName: 'Bea', companyId: 'c1' }]);
    await world.people.transaction((tx) => tx.Employee.deleted('e1'));
    await world.settle();
    expect(await world.surveys.copies.SyncedEmployee.get('e1')).toBeNull();
  });
});
