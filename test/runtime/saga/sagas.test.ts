import { describe, expect, test } from 'vitest';
import { askForRun } from '../../../runtime/saga/operator.js';
import type { SagaWish } from '../../../runtime/saga/run.js';
import { storeFor } from '../../../runtime/stores/registry.js';
import type { Store } from '../../../runtime/stores/store.js';
import { MortalProcess } from '../world/mortal.js';
import { declined, type Mood, type Outside, type Pay, payPlan, type Sales, sagaOf, shop } from './shop.js';

const pay: Pay = { paymentId: 'p1', amount: 7 };

async function started(world: ReturnType<typeof shop>, options?: Parameters<typeof world.instance>[0]): Promise<Sales> {
  const service = world.instance(options);
  await world.clock.run(service.start());
  return service;
}

const outcome = ({ clock }: ReturnType<typeof shop>, service: Sales, id = 'p1') =>
  clock.run(service.sagas.pay.outcome(id));

/** Net effect outside: charges that were not paid back. */
function charged({ charges, refunds }: Outside): number {
  const back = new Set(refunds.values());
  return [...charges.values()].filter((id) => !back.has(id)).length;
}

const ask = (world: ReturnType<typeof shop>, kind: SagaWish['kind']) =>
  world.store.transaction((tx) =>
    askForRun(tx, { saga: 'pay', id: 'p1' }, { kind, note: 'paid back by hand' }, world.clock.now()),
  );

describe('a saga', () => {
  test('goes through to its end, step by step', async () => {
    const world = shop();
    const service = await started(world);
    expect(await world.clock.run(service.sagas.pay.start(pay))).toEqual({ id: 'p1', isNew: true });
    await world.clock.advance(100);
    expect(await outcome(world, service)).toMatchObject({ state: 'running' });
    expect(world.told()).toEqual(['Reserve']);
    await world.say('Reserved', { paymentId: 'p1', place: 'a7' });
    await world.clock.advance(100);
    expect(await outcome(world, service)).toEqual({
      id: 'p1',
      state: 'completed',
      steps: {
        check: { invoice: { amount: 7 } },
        note: {},
        charge: { transactionId: 't1' },
        reserve: { place: 'a7' },
        paid: {},
        balance: {},
      },
    });
    expect(world.ran).toEqual(['check p1', 'note p1', 'paid p1']);
    expect(world.outside.calls).toEqual(['charge p1:charge', 'add p1:balance']);
    expect(world.told()).toEqual(['Reserve', 'Paid', 'Completed']);
    await world.clock.run(service.stop());
  });

  test('undoes what was done, in reverse, when a step is refused', async () => {
    const world = shop();
    const service = await started(world);
    await world.clock.run(service.sagas.pay.start(pay));
    await world.clock.advance(100);
    await world.say('Refused', { paymentId: 'p1' });
    await world.clock.advance(100);
    expect(await outcome(world, service)).toMatchObject({
      state: 'compensated',
      failure: { step: 'reserve', reason: 'Refused was received' },
    });
    expect(world.outside.calls).toEqual(['charge p1:charge', 'refund p1:charge:undo']);
    expect(world.outside.refunds.get('p1:charge:undo')).toBe('t1');
    expect(world.ran).toEqual(['check p1', 'note p1', 'unnote p1']);
    expect(world.told()).toEqual(['Reserve', 'Cancelled']);
    await world.clock.run(service.stop());
  });

  test('that is declined at the card or by a function has nothing to pay back', async () => {
    for (const how of ['card', 'function'] as const) {
      const world = shop();
      world.outside.moods.charge = how === 'card' ? ['declines'] : [];
      const service = await started(world, how === 'card' ? {} : { locals: { check: declined } });
      await world.clock.run(service.sagas.pay.start(pay));
      await world.clock.advance(100);
      expect(await outcome(world, service)).toMatchObject({ state: 'compensated' });
      expect(world.outside.refunds.size + world.outside.charges.size).toBe(0);
      expect(world.told()).toEqual(['Cancelled']);
      await world.clock.run(service.stop());
    }
  });

  test.each<[string, Record<string, Mood[]>]>([
    ['the answer of the charge is lost', { charge: ['loses'] }],
    ['the charge never arrives', { charge: ['dies'] }],
    ['the charge hangs', { charge: ['hangs'] }],
    [
      'the charge is lost and the gateway is away for a while',
      { charge: ['loses'], find: ['dies', 'dies', 'dies', 'dies', 'dies'] },
    ],
    ['it never arrives, twice', { charge: ['dies', 'dies'] }],
    ['the balance is lost for good', { add: ['dies', 'dies', 'dies'] }],
  ])('charges once when %s', async (_, moods) => {
    const world = shop();
    Object.assign(world.outside.moods, moods);
    const service = await started(world);
    await world.clock.run(service.sagas.pay.start(pay));
    await world.clock.advance(20_000);
    await world.say('Reserved', { paymentId: 'p1', place: 'a7' });
    await world.clock.advance(20_000);
    expect(await outcome(world, service)).toMatchObject({ state: 'completed' });
    expect(world.outside.charges.size).toBe(1);
    expect(new Set(world.outside.calls.filter((call) => call.startsWith('charge')))).toEqual(
      new Set(['charge p1:charge']),
    );
    await world.clock.run(service.stop());
  });

  test('asks for an answer again with the same message, then gives the step up, and undoes what comes too late', async () => {
    const world = shop();
    const service = await started(world);
    await world.clock.run(service.sagas.pay.start(pay));
    await world.clock.advance(60_000);
    expect(await outcome(world, service)).toMatchObject({ state: 'compensated', failure: { step: 'reserve' } });
    expect(world.told()).toEqual(['Reserve', 'Reserve', 'Reserve', 'Release', 'Cancelled']);
    expect(new Set(world.toldIds().slice(0, 3)).size).toBe(1);
    expect(charged(world.outside)).toBe(0);
    await world.say('Reserved', { paymentId: 'p1', place: 'late' });
    await world.clock.advance(1_000);
    expect(world.told()).toEqual(['Reserve', 'Reserve', 'Reserve', 'Release', 'Cancelled', 'Release']);
    expect(new Set(world.toldIds()).size).toBe(4);
    expect(await outcome(world, service)).toMatchObject({ state: 'compensated' });
    // The same once more is the same: it is undone.
    await world.say('Reserved', { paymentId: 'p1', place: 'late' });
    await world.clock.advance(1_000);
    expect(world.told()).toHaveLength(6);
    expect(world.outside.refunds.size).toBe(1);
    await world.clock.run(service.stop());
  });

  test('turns back when its time is over, and only tells so behind the pivot', async () => {
    const world = shop();
    const plan = { ...payPlan, timeoutMs: 3_000 };
    const service = await started(world, { saga: sagaOf(plan) });
    await world.clock.run(service.sagas.pay.start(pay));
    await world.clock.advance(4_000);
    expect(await outcome(world, service)).toMatchObject({
      state: 'compensated',
      failure: { step: 'reserve', reason: 'the time of the saga is over' },
    });
    expect(world.told()).toEqual(['Reserve', 'Release', 'Cancelled']);
    world.outside.moods.add = ['hangs'];
    await world.clock.run(service.sagas.pay.start({ paymentId: 'p2', amount: 1 }));
    await world.clock.advance(100);
    await world.say('Reserved', { paymentId: 'p2', place: 'a' });
    await world.clock.advance(200_000);
    expect(await outcome(world, service, 'p2')).toMatchObject({ state: 'completed' });
    await world.clock.run(service.stop());
  });

  test('pays back until it works', async () => {
    const world = shop();
    world.outside.moods.refund = ['dies', 'loses', 'dies'];
    const service = await started(world);
    await world.clock.run(service.sagas.pay.start(pay));
    await world.clock.advance(100);
    await world.say('Refused', { paymentId: 'p1' });
    await world.clock.advance(10_000);
    expect(await outcome(world, service)).toMatchObject({ state: 'compensated' });
    expect(world.outside.calls.filter((call) => call.startsWith('refund'))).toEqual(
      Array.from({ length: 4 }, () => 'refund p1:charge:undo'),
    );
    expect(charged(world.outside)).toBe(0);
    await world.clock.run(service.stop());
  });

  test('that cannot be undone is stuck where everybody sees it, and goes on when it is told to', async () => {
    const world = shop();
    world.outside.moods.refund = ['dies', 'dies', 'dies', 'dies', 'dies'];
    const errors: string[] = [];
    const quiet = () => {};
    const log = { debug: quiet, info: quiet, warn: quiet, error: (_: object, text: string) => void errors.push(text) };
    const service = await started(world, { log });
    await world.clock.run(service.sagas.pay.start(pay));
    await world.clock.advance(100);
    await world.say('Refused', { paymentId: 'p1' });
    await world.clock.advance(20_000);
    expect(await outcome(world, service)).toMatchObject({ state: 'stuck', failure: { step: 'charge' } });
    expect(errors).toContain('a saga is stuck: somebody has to look at it');
    const health = await world.clock.run(service.health());
    expect(health.checks).toContainEqual({ name: 'sagas', status: 'failing', detail: '1 run is stuck' });
    expect(health.status).toBe('degraded');
    expect(service.metrics()).toContainEqual({ name: 'seamwright.saga.stuck', attributes: { saga: 'pay' }, value: 1 });
    await world.clock.run(ask(world, 'retried'));
    await world.clock.advance(2_000);
    expect(await outcome(world, service)).toMatchObject({ state: 'compensated' });
    expect(charged(world.outside)).toBe(0);
    await expect(world.clock.run(ask(world, 'retried'))).rejects.toThrow('is not stuck: it is compensated');
    await world.clock.run(service.stop());
  });

  test.each(['completed', 'compensated'] as const)('is %s when an operator says so, and tells it', async (end) => {
    const world = shop();
    world.outside.moods.refund = ['dies', 'dies', 'dies', 'dies', 'dies'];
    const service = await started(world);
    await world.clock.run(service.sagas.pay.start(pay));
    await world.clock.advance(100);
    await world.say('Refused', { paymentId: 'p1' });
    await world.clock.advance(20_000);
    await world.clock.run(ask(world, `resolved-${end}`));
    await world.clock.advance(2_000);
    expect(await outcome(world, service)).toMatchObject({ state: end });
    expect(world.told()).toEqual(['Reserve', end === 'completed' ? 'Completed' : 'Cancelled']);
    expect(world.ran).not.toContain('unnote p1');
    const journal = await world.store.transaction((tx) => tx.sagas.journal('pay', 'p1'));
    expect(journal.at(-1)).toMatchObject({ event: `resolved-${end}`, reason: 'paid back by hand', state: end });
    await world.clock.run(service.stop());
  });

  test('is one run however often it is started, also at once', async () => {
    const world = shop();
    const [one, two] = [await started(world), await started(world)];
    const starts = await world.clock.run(
      Promise.all([one, two, one].map((service) => service.transaction((tx) => tx.sagas.pay.start(pay)))),
    );
    expect(starts.filter(({ isNew }) => isNew)).toHaveLength(1);
    await world.clock.advance(100);
    await world.clock.run(two.sagas.pay.start(pay));
    await world.say('Reserved', { paymentId: 'p1', place: 'a' });
    await world.clock.advance(2_000);
    expect(world.ran).toEqual(['check p1', 'note p1', 'paid p1']);
    expect(world.told()).toEqual(['Reserve', 'Paid', 'Completed']);
    for (const service of [one, two]) await world.clock.run(service.stop());
  });

  test('begins with the transaction that starts it, or not at all', async () => {
    const world = shop();
    const service = await started(world);
    const failed = service.transaction(async (tx) => {
      await tx.sagas.pay.start(pay);
      throw new Error('no');
    });
    await expect(world.clock.run(failed)).rejects.toThrow('no');
    await world.clock.advance(5_000);
    expect(await outcome(world, service)).toBeUndefined();
    expect(world.ran).toEqual([]);
    await world.clock.run(service.stop());
  });

  test('waits for its end', async () => {
    const world = shop();
    const service = await started(world);
    await world.clock.run(service.sagas.pay.start(pay));
    const waiting = service.sagas.pay.outcome('p1', { waitMs: 5_000 });
    await world.clock.advance(100);
    await world.say('Reserved', { paymentId: 'p1', place: 'a' });
    await world.clock.advance(200);
    expect(await world.clock.run(waiting)).toMatchObject({ state: 'completed' });
    expect(await world.clock.run(service.sagas.pay.outcome('nobody', { waitMs: 1_000 }))).toBeUndefined();
    await world.clock.run(service.stop());
  });

  test('is shared by instances: many runs, each done once', async () => {
    const world = shop();
    const services = [await started(world), await started(world)];
    const ids = Array.from({ length: 60 }, (_, index) => `p${index}`);
    for (const paymentId of ids)
      await world.clock.run((services[0] as Sales).sagas.pay.start({ paymentId, amount: 1 }));
    await world.clock.advance(500);
    for (const paymentId of ids) await world.say('Reserved', { paymentId, place: 'a' });
    await world.clock.advance(5_000);
    for (const paymentId of ids) {
      expect(world.ran.filter((one) => one.endsWith(` ${paymentId}`))).toHaveLength(3);
      expect(await outcome(world, services[1] as Sales, paymentId)).toMatchObject({ state: 'completed' });
    }
    expect(world.outside.charges.size).toBe(60);
    expect(world.outside.calls).toHaveLength(120);
    for (const service of services) await world.clock.run(service.stop());
  });
});

describe('a process that dies', () => {
  test.each(['inside the transaction', 'after the commit'] as const)(
    'at any step, %s, leaves a saga that another one brings to its end',
    async (point) => {
      for (const refused of [false, true]) {
        for (let at = 1; ; at++) {
          const world = shop();
          const died = await diesAt(world, point, at, refused);
          if (!died) {
            expect(at).toBeGreaterThan(8);
            break;
          }
        }
      }
    },
  );

  /** False when the run has ended before. */
  async function diesAt(
    world: ReturnType<typeof shop>,
    point: 'inside the transaction' | 'after the commit',
    at: number,
    refused: boolean,
  ) {
    const process = new MortalProcess(point);
    let transactions = 0;
    const mortal = process.store(world.store);
    const counted: Store = {
      ...mortal,
      transaction: (work) => {
        transactions += 1;
        if (transactions === at) process.arm();
        return mortal.transaction(work);
      },
    };
    const first = await started(world, { broker: process.broker(world.broker) });
    await world.clock.run(first.stop());
    const doomed = world.instance({ store: counted, broker: process.broker(world.broker) });
    const running = doomed.start().then(() => doomed.sagas.pay.start(pay));
    running.catch(() => {});
    await world.clock.advance(1_000);
    await world.say(refused ? 'Refused' : 'Reserved', { paymentId: 'p1', place: 'a' });
    await world.clock.advance(5_000);
    if (!process.isDead) return false;
    const second = await started(world);
    // Whoever asked for the run asks again, since nobody has answered; and so does the stock.
    await world.clock.run(second.sagas.pay.start(pay));
    for (let round = 0; round < 20; round++) {
      await world.clock.advance(4_000);
      await world.say(refused ? 'Refused' : 'Reserved', { paymentId: 'p1', place: 'a' });
    }
    const end = await outcome(world, second);
    const where = `${point} ${at} ${refused}`;
    expect(end?.state, where).toBe(refused ? 'compensated' : 'completed');
    expect(world.outside.charges.size, where).toBe(1);
    expect(charged(world.outside), where).toBe(refused ? 0 : 1);
    expect(new Set(world.toldIds()).size, where).toBe(refused ? 2 : 3);
    await world.clock.run(second.stop());
    return true;
  }
});

describe('a deploy', () => {
  test('lets a run go on with the plan it began with', async () => {
    const world = shop();
    const before = await started(world);
    await world.clock.run(before.sagas.pay.start(pay));
    await world.clock.advance(100);
    await world.clock.run(before.stop());
    const steps = payPlan.steps.filter(({ id }) => id !== 'balance' && id !== 'reserve');
    const after = await started(world, {
      saga: sagaOf({ ...payPlan, version: 'v2', steps }, { messages: sagaOf(payPlan).messages }),
    });
    await world.clock.run(after.sagas.pay.start({ paymentId: 'p2', amount: 1 }));
    await world.clock.advance(2_000);
    expect(await outcome(world, after, 'p2')).toMatchObject({ state: 'completed' });
    expect(await outcome(world, after)).toMatchObject({ state: 'running' });
    await world.clock.advance(60_000);
    // Nothing names the answer any more, so the step is given up as the old plan says.
    expect(await outcome(world, after)).toMatchObject({ state: 'compensated' });
    expect(charged(world.outside)).toBe(1);
    await world.clock.run(after.stop());
  });

  test('that takes away a function leaves the run stuck, with that reason', async () => {
    const world = shop();
    const before = await started(world);
    await world.clock.run(before.sagas.pay.start(pay));
    await world.clock.advance(100);
    await world.clock.run(before.stop());
    const plan = { ...payPlan, version: 'v2' };
    const saga = { ...sagaOf(plan), locals: ['check'] };
    const after = await started(world, { saga, locals: { paid: undefined as never } });
    await world.say('Reserved', { paymentId: 'p1', place: 'a' });
    await world.clock.advance(2_000);
    expect(await outcome(world, after)).toMatchObject({
      state: 'stuck',
      failure: { step: 'paid', reason: 'there is no function "paid" any more' },
    });
    await world.clock.run(after.stop());
  });
});

test('the same happens on PostgreSQL in this process', async () => {
  const { store, busy } = watched(storeFor('pglite:', 'sales'));
  const world = shop(store, busy);
  world.outside.moods.charge = ['loses'];
  const service = await started(world);
  await world.clock.run(service.sagas.pay.start(pay));
  await world.clock.run(service.sagas.pay.start({ paymentId: 'p2', amount: 1 }));
  await world.clock.advance(500);
  await world.say('Reserved', { paymentId: 'p1', place: 'a7' });
  await world.say('Refused', { paymentId: 'p2' });
  await world.clock.advance(500);
  expect(await outcome(world, service)).toMatchObject({ state: 'completed', steps: { reserve: { place: 'a7' } } });
  expect(await outcome(world, service, 'p2')).toMatchObject({ state: 'compensated' });
  expect(charged(world.outside)).toBe(1);
  expect(world.told().sort()).toEqual(['Cancelled', 'Completed', 'Paid', 'Reserve', 'Reserve']);
  await world.clock.run(service.stop());
  await store.close();
}, 60_000);

/** Time stands still while a statement is under way. */
function watched(store: Store): { readonly store: Store; readonly busy: () => boolean } {
  let open = 0;
  const counted = async <T>(work: () => Promise<T>): Promise<T> => {
    open += 1;
    try {
      return await work();
    } finally {
      open -= 1;
    }
  };
  const { alone } = store;
  const moveSaga = alone?.moveSaga;
  return {
    busy: () => open > 0,
    store: {
      ...store,
      ...(alone && moveSaga && { alone: { ...alone, moveSaga: (...move) => counted(() => moveSaga(...move)) } }),
      prepare: (tables) => counted(() => store.prepare(tables)),
      transaction: (work) => counted(() => store.transaction(work)),
    },
  };
}
