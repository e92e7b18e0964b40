import { expect } from 'vitest';
import { encode } from '../../../runtime/wire.js';
import { employeeCopy, employeeMessage } from '../world/contracts.js';
import { companyWire, deliver, employeeWire, metric, published } from '../world/messages.js';
import type { World } from '../world/world.js';
import { expectName, scenario } from './scenario.js';

const alone = () => ({ employee: employeeCopy(null) });
const ann = { id: 'e1', fullName: 'Ann', companyId: 'c1', isActive: true };

/** A contract without a place for the entity: attributes and fields lie side by side. */
const flatMapping = {
  id: 'messageId',
  op: 'crudAction',
  force: 'isForceSync',
  ops: employeeMessage.envelope?.ops ?? {},
};
const flat = () => ({
  employee: {
    ...employeeCopy(null),
    message: { ...employeeMessage, envelope: flatMapping },
    version: { kind: 'sequence' as const },
    key: () => 'e1',
    data: (m: unknown) => m,
    fields: () => ({}),
    deleted: () => false,
  },
});

function flatEmployee(messageId: string, crudAction: string, isForceSync = false, fullName = 'Ann') {
  const data = { messageId, crudAction, isForceSync, createdUtcDate: '', entityData: 0, fullName };
  const type = employeeMessage.name;
  const facts = { id: messageId, source: 'people', time: '2026-01-01T00:00:00Z', correlationid: 'x', sequence: '1' };
  return encode({ ...facts, type, data });
}

/** People owns these, and surveys has never heard of them. */
async function untold(world: World, ...ids: readonly string[]): Promise<void> {
  await world.run(
    world.people.transaction(async (tx) => {
      for (const id of ids) await tx.Employee.created({ ...ann, id }, { dismissEvents: true });
    }),
  );
}

function full(world: World, options?: { readonly repair?: boolean }) {
  return world.run(
    world.surveys.sync.full('Employee', (request) => world.people.sync.snapshot('Employee', request), options),
  );
}

const beat = (world: World) => published(world, 'EmployeeEntityEventBusMessage').length;

/** Bringing copies up to date on demand. */
export const syncScenarios = [
  scenario('force: the owner tells an entity again, filter or not', alone, async (world) => {
    const inactive = { ...ann, isActive: false };
    await world.run(world.people.transaction((tx) => tx.Employee.created(inactive)));
    await world.settle();
    await expectName(world, null);
    expect(await world.run(world.people.sync.force('Employee', 'e1'))).toBe(true);
    expect(await world.run(world.people.sync.force('Employee', 'nobody'))).toBe(false);
    await world.settle();
    await expectName(world, 'Ann');
    expect(published(world, 'EmployeeEntityEventBusMessage')).toMatchObject([
      { force: true, sequence: '1', data: { isForceSync: true, crudAction: 'Updated' } },
    ]);
  }),
  scenario('force and full: a message that is its own envelope is no second writer', flat, async (world) => {
    const first = flatEmployee('m1', 'Created');
    await deliver(world, first);
    await world.settle();
    await deliver(world, flatEmployee('m2', 'Updated', true), flatEmployee('m3', 'Updated'));
    await world.settle();
    expect(world.broker.deadLetters('surveys.events')).toEqual([]);
    await deliver(world, flatEmployee('m4', 'Updated', false, 'somebody else'));
    await world.settle();
    expect(world.broker.deadLetters('surveys.events').map(({ headers }) => headers['sw-reason'])).toEqual(['conflict']);
  }),
  scenario('request: a follower asks, the owner tells', alone, async (world) => {
    await untold(world, 'e1');
    await world.run(world.surveys.sync.request('Employee', 'e1'));
    await world.settle();
    await world.settle();
    await expectName(world, 'Ann');
  }),
  scenario('full: every page, deletions included, and nothing is published', alone, async (world) => {
    const ids = Array.from({ length: 205 }, (_, index) => `e${String(index).padStart(3, '0')}`);
    await deliver(world, employeeWire({ id: 'e007', at: 1 }));
    await untold(world, ...ids);
    await world.run(world.people.transaction((tx) => tx.Employee.deleted('e007', { dismissEvents: true })));
    await world.settle();
    await expectName(world, 'name 1', 'e007');
    const before = beat(world);
    const report = await full(world);
    expect(report).toMatchObject({
      pages: 3,
      items: 205,
      applied: 205,
      stale: 0,
      duplicate: 0,
      parked: 0,
      rejected: 0,
    });
    expect(beat(world)).toBe(before);
    await expectName(world, null, 'e007');
    await expectName(world, 'Ann', 'e204');
    const again = await full(world);
    expect(again).toMatchObject({ applied: 0, duplicate: 205, checksum: report.checksum });
    const { checksum, items } = report;
    expect(await world.run(world.people.sync.checksum('Employee'))).toEqual({ checksum, items });
    await untold(world, 'one more');
    expect(await world.run(world.people.sync.checksum('Employee'))).not.toMatchObject({ checksum });
  }),
  scenario('full: what the filter has always held back is in no page either', alone, async (world) => {
    await world.run(world.people.transaction((tx) => tx.Employee.created({ ...ann, isActive: false })));
    expect(await full(world)).toMatchObject({ items: 0 });
    await expectName(world, null);
    await world.run(world.people.transaction((tx) => tx.Employee.updated({ ...ann, isActive: true })));
    await world.run(world.people.transaction((tx) => tx.Employee.updated({ ...ann, isActive: false })));
    // It was told once, so its end has to be told as well.
    expect(await full(world)).toMatchObject({ items: 1 });
  }),
  scenario('full, while events come in: the newer state stays', alone, async (world) => {
    await untold(world, 'e1', 'e2');
    const page = await world.run(world.people.sync.snapshot('Employee'));
    await world.run(world.people.transaction((tx) => tx.Employee.updated({ ...ann, fullName: 'Newer' })));
    await world.run(world.people.transaction((tx) => tx.Employee.deleted('e2')));
    await world.settle();
    const report = await world.run(world.surveys.sync.full('Employee', async () => page));
    expect(report).toMatchObject({ applied: 0, stale: 2 });
    await expectName(world, 'Newer');
    await expectName(world, null, 'e2');
  }),
  scenario(
    'full: items wait for what they refer to, like events',
    () => ({}),
    async (world) => {
      await untold(world, 'e1');
      expect(await full(world)).toMatchObject({ applied: 0, parked: 1 });
      await expectName(world, null);
      await deliver(world, companyWire({ sequence: 1 }));
      await world.settle();
      await expectName(world, 'Ann');
    },
  ),
  scenario('full: bare messages are items too, broken ones are counted and named', alone, async (world) => {
    await untold(world, 'e1');
    const { items } = await world.run(world.people.sync.snapshot('Employee'));
    // No text can be made of such a subject.
    const hostile = { ...items[0], subject: { toString: 1, valueOf: 1 } };
    const report = await world.run(
      world.surveys.sync.full('Employee', async () => ({ items: [items[0]?.data, { nonsense: true }, null, hostile] })),
    );
    expect(report).toMatchObject({ items: 4, applied: 1, rejected: 3 });
    expect(report.problems).toHaveLength(3);
    await expectName(world, 'Ann');
  }),
  scenario('full, repairing: equal versions are written again', alone, async (world) => {
    await untold(world, 'e1');
    expect(await full(world)).toMatchObject({ applied: 1 });
    const repaired = await full(world, { repair: true });
    expect(repaired).toMatchObject({ applied: 1, duplicate: 0 });
    expect(metric(world, 'seamwright.guard.decisions', { outcome: 'reapplied' })).toBe(1);
  }),
];
