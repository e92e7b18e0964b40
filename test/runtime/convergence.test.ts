import { describe, expect, it } from 'vitest';
import { pgliteStore } from '../../runtime/stores/pglite.js';
import { employeeCopy, threeTries } from './world/contracts.js';
import { companyWire, deadLetters, deliver, type EmployeeFacts, employeeWire } from './world/messages.js';
import { realTime, startWorld, type WorldOptions } from './world/world.js';

/** A history of one entity: what its owner told, in order, and how every follower has to end. */
interface History {
  readonly told: readonly Omit<EmployeeFacts, 'id'>[];
  readonly end: string | null;
}

const histories: Readonly<Record<string, History>> = {
  'create, update, update, update': { told: [at(1), at(2), at(3), at(4)], end: 'name 4' },
  'create, update, delete': { told: [at(1), at(2), gone(3)], end: null },
  'create, delete, create': { told: [at(1), gone(2), at(3)], end: 'name 3' },
  'create, delete, create, delete': { told: [at(1), gone(2), at(3), gone(4)], end: null },
  'two updates at one instant': {
    told: [at(1), { ...at(2), messageId: 'a' }, { ...at(2), messageId: 'b', name: 'b' }],
    end: 'b',
  },
  'a force of the present state': { told: [at(1), at(2), { ...at(2), messageId: 'a', force: true }], end: 'name 2' },
  'a force of a state that is past': { told: [at(1), { ...at(1), messageId: 'z', force: true }, gone(2)], end: null },
};

describe('every order of delivery, with and without a duplicate, ends the same', () => {
  it.each([1, 16])(
    'on memory, %i in work at a time',
    (prefetch) => converge({ surveys: { prefetch } }, () => true),
    60_000,
  );
  it.each([2, 7, 100])(
    'on memory, in batches of %i',
    (batchSize) => converge({ batchSize, surveys: { prefetch: 100 } }, () => true),
    60_000,
  );
  // A sample: the guard's decisions are proven equal store by store.
  it('on PGlite', () => converge({ ...realTime, store }, (index) => index % 23 === 0), 60_000);
  it(
    'on PGlite, in batches',
    () => converge({ ...realTime, store, batchSize: 50 }, (index) => index % 23 === 0),
    60_000,
  );
});

describe('every order of employees and the companies they wait for ends the same', () => {
  it.each([1, 16])('on memory, %i in work at a time', (prefetch) =>
    convergeWaiting({ surveys: { prefetch } }, () => true),
  );
  it.each([2, 100])('on memory, in batches of %i', (batchSize) =>
    convergeWaiting({ batchSize, surveys: { prefetch: 100 } }, () => true),
  );
  it('on PGlite', () => convergeWaiting({ ...realTime, store }, (index) => index % 7 === 0), 60_000);
});

/** All orders in one world, each on an entity of its own. */
async function converge(options: WorldOptions, keep: (index: number) => boolean): Promise<void> {
  const world = await startWorld({ employee: employeeCopy(null, { retry: threeTries }), ...options });
  try {
    const expected = new Map<string, string | null>();
    for (const [name, { told, end }] of Object.entries(histories)) {
      for (const [index, order] of ordersWithDuplicates(told).entries()) {
        if (!keep(index)) continue;
        const id = `${name} ${index}`;
        expected.set(id, end);
        await deliver(world, ...order.map((facts) => employeeWire({ ...facts, id })));
      }
    }
    await world.settle();
    for (const [id, end] of expected) {
      const copy = await world.run(world.surveys.copies.SyncedEmployee.get(id));
      expect(copy?.fullName ?? null, id).toBe(end);
    }
    expect(deadLetters(world)).toEqual([]);
    expect(expected.size).toBeGreaterThan(20);
  } finally {
    await world.stop();
  }
}

async function convergeWaiting(options: WorldOptions, keep: (index: number) => boolean): Promise<void> {
  const world = await startWorld(options);
  try {
    const indexes = permutations(['first', 'second', 'old company', 'new company'] as const).flatMap((order, index) =>
      keep(index) ? [{ order, index }] : [],
    );
    for (const { order, index } of indexes) {
      const id = `e${index}`;
      const messages = {
        first: employeeWire({ id, at: 1, companyId: `old${index}` }),
        second: employeeWire({ id, at: 2, companyId: `new${index}` }),
        'old company': companyWire({ id: `old${index}`, sequence: 1 }),
        'new company': companyWire({ id: `new${index}`, sequence: 1 }),
      };
      await deliver(world, ...order.map((name) => messages[name]));
    }
    await world.settle();
    for (const { index } of indexes) {
      expect(await world.run(world.surveys.copies.SyncedEmployee.get(`e${index}`))).toMatchObject({
        fullName: 'name 2',
      });
    }
  } finally {
    await world.stop();
  }
}

let stores = 0;
function store(service: string) {
  stores += 1;
  return pgliteStore({ service: `convergence${stores} ${service}` });
}

function at(instant: number) {
  return { at: instant };
}

function gone(instant: number) {
  return { at: instant, op: 'deleted' } as const;
}

function ordersWithDuplicates<T>(items: readonly T[]): readonly (readonly T[])[] {
  const once = permutations(items);
  const twice = items.flatMap((item) => permutations([...items, item]));
  return [...once, ...twice];
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
