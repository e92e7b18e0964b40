import { expect } from 'vitest';
import type { WaitRule } from '../../../runtime/definition.js';
import { type EmployeeMessage, employeeCopy, type Hired, onHired, threeTries } from '../world/contracts.js';
import { companyWire, deadLetters, deliver, employeeWire, hiredWire, metric } from '../world/messages.js';
import type { World, WorldOptions } from '../world/world.js';
import { count } from './effects.js';
import { expectName, scenario, tally } from './scenario.js';

const minute = 60_000;

/** Surveys whose copy of Employee waits by these terms. */
function waiting(wait: Partial<WaitRule<EmployeeMessage>> = {}): WorldOptions {
  return { employee: employeeCopy(wait, { retry: threeTries }) };
}

const companyFirst: WaitRule<Hired> = {
  ...{ entity: 'Company', by: (m) => m.employeeId, timeoutMs: 5 * minute, forceTimeoutMs: minute / 2 },
  ...{ onTimeout: 'park', optional: false, maxAgeMs: 7 * 24 * 60 * minute },
};

async function employeeAlone(world: World): Promise<void> {
  await deliver(world, employeeWire({ at: 1 }));
  await world.settle();
  await expectName(world, null);
}

async function companyArrives(world: World, sequence = 1): Promise<void> {
  await deliver(world, companyWire({ sequence }));
  await world.settle();
}

/** Settled in one place or another: nothing may vanish. */
async function expectDead(world: World, reason: string): Promise<void> {
  expect(deadLetters(world).map(({ headers }) => headers['sw-reason'])).toEqual([reason]);
  expect(deadLetters(world)[0]?.headers).toMatchObject({ 'sw-consumer': 'surveys.SyncedEmployee', 'ce-id': 'm000001' });
  await companyArrives(world);
  await expectName(world, null);
}

/** Messages that come before what they refer to. */
export const waitScenarios = [
  scenario('a late dependency is waited for, then applied at once', waiting, async (world) => {
    await employeeAlone(world);
    expect(world.lines.find(({ message }) => message === 'Waiting for Company c1')?.facts).toMatchObject({
      waiting_for: 'Company',
      waiting_for_id: 'c1',
      entityId: 'e1',
    });
    await companyArrives(world);
    await expectName(world, 'name 1');
    expect(metric(world, 'seamwright.parked.released', { by: 'event' })).toBe(1);
  }),
  scenario(
    'the dependency is behind in the same queue',
    () => ({ ...waiting(), surveys: { prefetch: 10 } }),
    async (world) => {
      const startedAt = world.now();
      const employees = Array.from({ length: 10 }, (_, index) =>
        employeeWire({ id: `e${index}`, at: 1, messageId: `m${index}` }),
      );
      await deliver(
        world,
        ...employees,
        employeeWire({ id: 'free', at: 1, companyId: '' }),
        companyWire({ sequence: 1 }),
      );
      await world.settle();
      for (let index = 0; index < 10; index++) await expectName(world, 'name 1', `e${index}`);
      await expectName(world, 'name 1', 'free');
      expect(world.now() - startedAt).toBeLessThan(1_000);
    },
  ),
  scenario('a dependency that arrives at the same moment is not missed', waiting, async (world) => {
    const ids = Array.from({ length: 50 }, (_, index) => String(index));
    const pairs = ids.flatMap((id) => [
      employeeWire({ id, at: 1, messageId: `m${id}`, companyId: `c${id}` }),
      companyWire({ id: `c${id}`, sequence: 1 }),
    ]);
    await deliver(world, ...pairs);
    await world.settle();
    for (const id of ids) await expectName(world, 'name 1', id);
    // The sweep would have found them; nobody had to wait for it.
    expect(metric(world, 'seamwright.parked.released', { by: 'sweep' })).toBe(0);
  }),
  scenario('an applied message waits no longer', waiting, async (world) => {
    await employeeAlone(world);
    await companyArrives(world);
    await world.settle();
    expect(metric(world, 'seamwright.parked.waiting')).toBe(0);
    expect(metric(world, 'seamwright.parked.messages')).toBe(1);
  }),
  scenario('a stale message does not wait, a deletion neither', waiting, async (world) => {
    await companyArrives(world);
    await deliver(world, employeeWire({ at: 5 }));
    await world.settle();
    await deliver(world, employeeWire({ at: 4, companyId: 'never' }));
    await world.settle();
    expect(metric(world, 'seamwright.parked.messages')).toBe(0);
    await deliver(world, employeeWire({ at: 6, companyId: 'never', op: 'deleted' }));
    await world.settle();
    await expectName(world, null);
    expect(metric(world, 'seamwright.parked.messages')).toBe(0);
  }),
  scenario('what was parked meets the guard again', waiting, async (world) => {
    await deliver(world, employeeWire({ at: 3, companyId: 'late' }));
    await world.settle();
    await companyArrives(world);
    await deliver(world, employeeWire({ at: 4 }));
    await world.settle();
    await expectName(world, 'name 4');
    await deliver(world, companyWire({ id: 'late', sequence: 1 }));
    await world.settle();
    await expectName(world, 'name 4');
    expect(metric(world, 'seamwright.guard.decisions', { outcome: 'stale' })).toBe(1);
  }),
  scenario('of two that wait the newest wins', waiting, async (world) => {
    await deliver(world, employeeWire({ at: 3 }), employeeWire({ at: 2 }));
    await world.settle();
    await companyArrives(world);
    await expectName(world, 'name 3');
  }),
  scenario(
    'park: overdue is told, and waited out until the maximum age',
    () => waiting({ onTimeout: 'park', maxAgeMs: 60 * minute }),
    async (world) => {
      await employeeAlone(world);
      await world.advance(6 * minute);
      expect(world.lines.filter(({ message }) => message === 'Waiting for Company c1: overdue')).toHaveLength(1);
      expect(deadLetters(world)).toHaveLength(0);
      await companyArrives(world);
      await expectName(world, 'name 1');
    },
    'timed',
  ),
  scenario(
    'park: after the maximum age comes the dead letter',
    () => waiting({ onTimeout: 'park', maxAgeMs: 60 * minute }),
    async (world) => {
      await employeeAlone(world);
      await world.advance(59 * minute);
      expect(deadLetters(world)).toHaveLength(0);
      await world.advance(2 * minute);
      await expectDead(world, 'dependency-expired');
    },
    'timed',
  ),
  scenario(
    'dead-letter: at the timeout',
    () => waiting({ onTimeout: 'dead-letter' }),
    async (world) => {
      await employeeAlone(world);
      await world.advance(4 * minute);
      expect(deadLetters(world)).toHaveLength(0);
      await world.advance(2 * minute);
      await expectDead(world, 'dependency-timeout');
    },
    'timed',
  ),
  scenario(
    'retry: as often as the policy says, then the dead letters',
    () => waiting({ onTimeout: 'retry' }),
    async (world) => {
      await employeeAlone(world);
      await world.advance(5 * minute + 1_000);
      expect(deadLetters(world)).toHaveLength(0);
      await world.advance(minute);
      await expectDead(world, 'dependency-timeout');
    },
    'timed',
  ),
  scenario(
    'skip: dropped at the timeout, and told',
    () => waiting({ onTimeout: 'skip' }),
    async (world) => {
      await employeeAlone(world);
      await world.advance(6 * minute);
      expect(world.lines.some(({ message }) => message === 'dropped a message whose dependency did not come')).toBe(
        true,
      );
      await companyArrives(world);
      await expectName(world, null);
    },
    'timed',
  ),
  scenario(
    'optional: applied without it at the timeout; an empty reference at once',
    () => waiting({ optional: true }),
    async (world) => {
      await deliver(world, employeeWire({ id: 'e0', at: 1, companyId: '' }));
      await employeeAlone(world);
      await expectName(world, 'name 1', 'e0');
      await world.advance(4 * minute);
      await expectName(world, null);
      await world.advance(2 * minute);
      await expectName(world, 'name 1');
    },
    'timed',
  ),
  scenario(
    'pull: the owner is asked, and its answer ends the wait',
    () => waiting({ onTimeout: 'pull' }),
    async (world) => {
      // Told, but the event never reached surveys.
      await world.run(
        world.accounts.transaction((tx) => tx.Company.created({ id: 'c1', name: 'Acme' }, { dismissEvents: true })),
      );
      await employeeAlone(world);
      await world.advance(6 * minute);
      await world.settle();
      await expectName(world, 'name 1');
      expect((await world.run(world.surveys.copies.Company.get('c1')))?.name).toBe('Acme');
    },
    'timed',
  ),
  scenario(
    'pull: an owner that answers "deleted" is not asked again at once',
    () => waiting({ onTimeout: 'pull' }),
    async (world) => {
      await world.run(world.accounts.transaction((tx) => tx.Company.created({ id: 'c1', name: 'Acme' })));
      await world.run(world.accounts.transaction((tx) => tx.Company.deleted('c1')));
      await world.settle();
      await employeeAlone(world);
      await world.advance(11 * minute);
      const asked = world.accounts.metrics().find(({ name }) => name === 'seamwright.sync.requests');
      // At once, and after each of two timeouts.
      expect(asked?.value).toBe(3);
      await world.run(world.accounts.transaction((tx) => tx.Company.created({ id: 'c1', name: 'Acme' })));
      await world.settle();
      await expectName(world, 'name 1');
    },
    'timed',
  ),
  scenario(
    'a forced message waits for its own, shorter time',
    () => waiting({ onTimeout: 'dead-letter' }),
    async (world) => {
      await deliver(world, employeeWire({ at: 1, force: true }));
      await world.settle();
      await world.advance(minute);
      await expectDead(world, 'dependency-timeout');
    },
    'timed',
  ),
  scenario(
    'a deleted dependency is its timeout',
    () => waiting({ onTimeout: 'dead-letter' }),
    async (world) => {
      await employeeAlone(world);
      await deliver(world, companyWire({ sequence: 1, op: 'deleted' }));
      await world.settle();
      expect(deadLetters(world).map(({ headers }) => headers['sw-reason'])).toEqual(['dependency-deleted']);
      await deliver(world, employeeWire({ id: 'e2', at: 2 }));
      await world.settle();
      expect(deadLetters(world)).toHaveLength(2);
    },
  ),
  scenario('a deleted dependency that is created again ends the wait', waiting, async (world) => {
    await deliver(world, companyWire({ sequence: 1, op: 'deleted' }));
    await employeeAlone(world);
    await companyArrives(world, 2);
    await expectName(world, 'name 1');
  }),
  scenario(
    'a handler waits too, and happens once',
    () => ({ effects: [onHired({ awaits: [companyFirst] })], handlers: { onHired: count } }),
    async (world) => {
      await deliver(world, hiredWire('m1', 'c1'), hiredWire('m1', 'c1'));
      await world.settle();
      expect(await tally(world, 'c1')).toBe(0);
      await companyArrives(world);
      expect(await tally(world, 'c1')).toBe(1);
      await deliver(world, hiredWire('m1', 'c1'));
      await world.settle();
      expect(await tally(world, 'c1')).toBe(1);
    },
  ),
  scenario(
    'a handler that fails after its wait is retried by the queue',
    () => ({
      effects: [onHired({ awaits: [companyFirst] })],
      handlers: {
        onHired: async () => {
          throw new Error('always');
        },
      },
    }),
    async (world) => {
      await deliver(world, hiredWire('m1', 'c1'));
      await world.settle();
      await companyArrives(world);
      await world.advance(10_000);
      await world.settle();
      expect(deadLetters(world).map(({ headers }) => headers['sw-reason'])).toEqual(['attempts-exhausted']);
    },
    'timed',
  ),
  scenario(
    'the sweep finds what came past the runtime',
    waiting,
    async (world) => {
      await employeeAlone(world);
      // As a person with psql would: the copy is there, and nobody was told.
      const company = world.surveys.copies.Company;
      expect(await world.run(company.get('c1'))).toBeNull();
      await world.putCompanySilently('c1');
      await world.advance(6_000);
      await world.settle();
      await expectName(world, 'name 1');
    },
    'timed',
  ),
  scenario(
    'too many that wait slow the intake down, and none is lost',
    () => ({ ...waiting(), surveys: { prefetch: 1, maxParked: 3 } }),
    async (world) => {
      const employees = Array.from({ length: 20 }, (_, index) =>
        employeeWire({ id: `e${index}`, at: 1, messageId: `m${index}` }),
      );
      await deliver(world, ...employees, companyWire({ sequence: 1 }));
      await world.advance(1_000);
      expect(world.broker.depth('surveys.events').ready).toBeGreaterThanOrEqual(17);
      await world.settle();
      for (let index = 0; index < 20; index++) await expectName(world, 'name 1', `e${index}`);
    },
    'timed',
  ),
];
