import { expect } from 'vitest';
import type { Address } from '../../../runtime/brokers/broker.js';
import type { EffectDefinition } from '../../../runtime/definition.js';
import { RejectMessageError } from '../../../runtime/errors.js';
import { currentScope } from '../../../runtime/scope.js';
import type { Hired } from '../world/contracts.js';
import { onHired, threeTries } from '../world/contracts.js';
import { companyWire, deadLetters, deliver, hiredWire, metric, published } from '../world/messages.js';
import type { OnHired, WorldOptions } from '../world/world.js';
import { scenario, tally } from './scenario.js';

/** Counts one more and says welcome: an effect that shows when it happens twice. */
export const count: OnHired = async ({ event, tx }) => {
  const before = await tx.Tally.get(event.employeeId);
  await tx.Tally.save({ id: event.employeeId, count: (before?.count ?? 0) + 1 });
  await tx.publish.Welcome({ employeeId: event.employeeId });
};

/** A world whose surveys reacts to Hired. */
export function reacting(handler: OnHired = count, more: Partial<EffectDefinition<Hired>> = {}): WorldOptions {
  return { effects: [onHired(more)], handlers: { onHired: handler } };
}

/** A handler that fails the first `times` times, after its effect. */
export function failing(times: number, error: (call: number) => Error): OnHired {
  let calls = 0;
  return async (context) => {
    await count(context);
    calls += 1;
    if (calls <= times) throw error(calls);
  };
}

const seen: string[] = [];
const seeScope: OnHired = async () => {
  const scope = currentScope();
  const place = scope?.unit === undefined ? 'outside' : 'in a transaction';
  seen.push(`${scope?.cause.correlationId} ${scope?.cause.causationId} ${place}`);
};

const ofEmployee = {
  entity: 'Employee',
  key: (m: Hired) => m.employeeId,
  data: (m: Hired) => m,
  version: { kind: 'sequence' } as const,
};

/** Later than 64 bits of nanoseconds reach. */
const endOfTime = '9999-12-31T00:00:00Z';

const deltas = () => reacting(count, { guard: { ...ofEmployee, carries: 'delta' } });

/** Change number `sequence` of an employee. */
function change(sequence: number) {
  const version = { sequence: String(sequence), epoch: '0', previoussequence: String(sequence - 1) };
  return hiredWire(`m${sequence}`, 'e1', version);
}

const reasons = (letters: ReturnType<typeof deadLetters>) => letters.map(({ headers }) => headers['sw-reason']);

/** What may happen to messages on their way to a handler. */
export const effectScenarios = [
  scenario('an effect happens once per message, however often it comes', reacting, async (world) => {
    await deliver(world, hiredWire('m1'), hiredWire('m1'));
    await world.settle();
    await deliver(world, hiredWire('m1'));
    await world.settle();
    expect(await tally(world)).toBe(1);
    expect(published(world, 'Welcome')).toHaveLength(1);
    await deliver(world, hiredWire('m2'));
    await world.settle();
    expect(await tally(world)).toBe(2);
  }),
  scenario(
    'an idempotency key counts across message ids',
    () => reacting(count, { idempotencyKey: (m) => m.employeeId }),
    async (world) => {
      await deliver(world, hiredWire('m1'), hiredWire('m2'), hiredWire('m3', 'e2'));
      await world.settle();
      expect(await tally(world)).toBe(1);
      expect(await tally(world, 'e2')).toBe(1);
    },
  ),
  scenario(
    'a forced message passes a claimed key once, however often it comes',
    () => reacting(count, { idempotencyKey: (m) => m.employeeId }),
    async (world) => {
      await deliver(world, hiredWire('m1'));
      await world.settle();
      const forced = hiredWire('m2', 'e1', { force: true });
      await deliver(world, forced, forced);
      await world.settle();
      await deliver(world, forced);
      await world.settle();
      expect(await tally(world)).toBe(2);
    },
  ),
  scenario(
    'a version that no store can keep is dead at once',
    () =>
      reacting(count, {
        guard: { ...ofEmployee, version: { kind: 'timestamp', of: () => endOfTime }, carries: 'state' },
      }),
    async (world) => {
      await deliver(world, hiredWire('m1'));
      await world.settle();
      expect(deadLetters(world)[0]?.headers).toMatchObject({ 'sw-reason': 'rejected', 'sw-attempts': '1' });
    },
  ),
  scenario('a message for a consumer that is gone is not swallowed', reacting, async (world) => {
    const wire = hiredWire('m1');
    await deliver(world, { ...wire, headers: { ...wire.headers, 'sw-consumer': 'surveys.renamed' } });
    await world.settle();
    expect(await tally(world)).toBe(0);
    expect(reasons(deadLetters(world))).toEqual(['no-consumer']);
  }),
  scenario(
    'a failed handler leaves nothing behind and is tried again',
    () => reacting(failing(2, (call) => new Error(`call ${call}`))),
    async (world) => {
      await deliver(world, hiredWire('m1'));
      await world.settle();
      expect(await tally(world)).toBe(1);
      expect(published(world, 'Welcome')).toHaveLength(1);
      expect(deadLetters(world)).toHaveLength(0);
    },
    'timed',
  ),
  scenario(
    'a handler that always fails ends in the dead letters with its story',
    () => reacting(failing(99, (call) => new Error(`call ${call}`))),
    async (world) => {
      const startedAt = world.now();
      await deliver(world, hiredWire('m1'));
      await world.settle();
      expect(await tally(world)).toBe(0);
      expect(published(world, 'Welcome')).toHaveLength(0);
      const [letter] = deadLetters(world);
      expect(letter?.headers).toMatchObject({
        'sw-reason': 'attempts-exhausted',
        'sw-attempts': '3',
        'sw-queue': 'surveys.events',
        'sw-consumer': 'surveys.onHired',
        'sw-first-error': 'Error:%20call%201',
        'sw-last-error': 'Error:%20call%203',
        'ce-id': 'm1',
      });
      expect(Number(letter?.headers['sw-first-failed-at'])).toBe(startedAt);
      expect(Number(letter?.headers['sw-last-failed-at'])).toBe(startedAt + 2_000);
      expect(metric(world, 'seamwright.dlq.messages', { reason: 'attempts-exhausted' })).toBe(1);
    },
    'timed',
  ),
  scenario(
    'a replayed dead letter goes to the consumer that failed',
    () => ({
      effects: [onHired(), onHired({ name: 'surveys.other', handler: 'other' })],
      handlers: { onHired: failing(3, () => new Error('down')), other: count },
    }),
    async (world) => {
      await deliver(world, hiredWire('m1'));
      await world.settle();
      expect(await tally(world)).toBe(1);
      const [letter] = deadLetters(world);
      expect(letter?.headers['sw-consumer']).toBe('surveys.onHired');
      if (letter !== undefined) await deliver(world, letter);
      await world.settle();
      expect(await tally(world)).toBe(2);
    },
    'timed',
  ),
  scenario(
    'a handler that has used up its tries is left alone while another one is tried again',
    () => ({
      effects: [
        onHired({ retry: { ...threeTries, attemptsMax: 1 }, transaction: 'none' }),
        onHired({ name: 'surveys.other', handler: 'other' }),
      ],
      handlers: {
        onHired: failing(99, (call) => new Error(`call ${call}`)),
        other: failing(2, () => new Error('down')),
      },
    }),
    async (world) => {
      await deliver(world, hiredWire('m1'));
      await world.settle();
      // Once by the handler without transaction, once by the third try of the other.
      expect(await tally(world)).toBe(2);
      expect(deadLetters(world)[0]?.headers).toMatchObject({
        'sw-consumer': 'surveys.onHired',
        'sw-last-error': 'Error:%20call%201',
      });
    },
    'timed',
  ),
  scenario(
    'a handler that came through in the end is not given up for another one',
    () => ({
      effects: [
        onHired({ retry: { ...threeTries, attemptsMax: 2 } }),
        onHired({ name: 'surveys.other', handler: 'other', retry: { ...threeTries, attemptsMax: 5 } }),
      ],
      handlers: { onHired: failing(1, () => new Error('once')), other: failing(4, () => new Error('down')) },
    }),
    async (world) => {
      await deliver(world, hiredWire('m1'));
      await world.settle();
      expect(await tally(world)).toBe(2);
      expect(deadLetters(world)).toEqual([]);
    },
    'timed',
  ),
  scenario(
    'a rejected message is dead at once',
    () => reacting(failing(99, () => new RejectMessageError('no such customer'))),
    async (world) => {
      await deliver(world, hiredWire('m1'));
      await world.settle();
      expect(deadLetters(world)[0]?.headers).toMatchObject({
        'sw-reason': 'rejected',
        'sw-attempts': '1',
        'sw-detail': 'no%20such%20customer',
      });
      expect(await tally(world)).toBe(0);
    },
  ),
  scenario('poison goes to the dead letters at once, unknown types are let go', reacting, async (world) => {
    const broken = { ...hiredWire('m1'), body: new TextEncoder().encode('{"wrong":1}') };
    const unreadable = { ...hiredWire('m2'), body: new TextEncoder().encode('no json') };
    const untyped = { headers: {}, body: new TextEncoder().encode('{}') };
    const unknown = hiredWire('m3', 'e1', { type: 'SomethingElse' });
    await deliver(world, broken, unreadable, untyped, unknown, hiredWire('m4'));
    await world.settle();
    expect(reasons(deadLetters(world))).toEqual(['schema-invalid', 'undecodable', 'undecodable']);
    expect(metric(world, 'seamwright.unknown.messages', { type: 'SomethingElse' })).toBe(1);
    expect(await tally(world)).toBe(1);
  }),
  scenario(
    'a rolled back handler sends nothing',
    () => reacting(failing(99, () => new RejectMessageError('no'))),
    async (world) => {
      await deliver(world, hiredWire('m1'));
      await world.settle();
      expect(published(world, 'Welcome')).toHaveLength(0);
      expect(published(world, 'TallyChanged')).toHaveLength(0);
    },
  ),
  scenario(
    'a message that the broker refused is sent later',
    () => {
      let refused = 0;
      const refusing = {
        publish: ({ exchange }: Address) => (exchange !== '' && refused++ < 3 ? 'refuse' : 'none'),
      } as const;
      return { ...reacting(), faults: refusing };
    },
    async (world) => {
      await deliver(world, hiredWire('m1'));
      await world.settle();
      expect(published(world, 'Welcome')).toHaveLength(1);
      expect(published(world, 'TallyChanged')).toHaveLength(1);
    },
    'timed',
  ),
  scenario(
    'calls inside a handler can see why they are made, and whether a transaction is open',
    () => ({
      effects: [onHired(), onHired({ name: 'surveys.loose', handler: 'loose', transaction: 'none' })],
      handlers: { onHired: seeScope, loose: seeScope },
    }),
    async (world) => {
      seen.length = 0;
      await deliver(world, hiredWire('m1', 'e1', { correlationid: 'order-7' }));
      await world.settle();
      expect(seen).toEqual(['order-7 m1 in a transaction', 'order-7 m1 outside']);
      expect(currentScope()).toBeUndefined();
    },
  ),
  scenario(
    'a handler reads copies in its own transaction',
    () => {
      let read: (id: string) => Promise<unknown> = async () => null;
      const onHired: OnHired = async (context) => {
        if ((await read(context.event.employeeId)) === null) throw new RejectMessageError('not here');
        await count(context);
      };
      return {
        ...reacting(onHired),
        started(world) {
          read = (id) => world.surveys.copies.Company.get(id);
        },
      };
    },
    async (world) => {
      await deliver(world, companyWire({ id: 'e1', sequence: 1 }));
      await world.settle();
      await deliver(world, hiredWire('m1'));
      await world.settle();
      expect(await tally(world)).toBe(1);
    },
  ),
  scenario(
    'a handler may wait for an entity that its own service owns',
    () =>
      reacting(count, {
        awaits: [
          {
            ...{ entity: 'Tally', by: (m) => m.employeeId, timeoutMs: 1_000, forceTimeoutMs: 1_000 },
            ...{ onTimeout: 'park', optional: false, maxAgeMs: 60_000 },
          },
        ],
      }),
    async (world) => {
      await deliver(world, hiredWire('m1'));
      await world.settle();
      expect(await tally(world)).toBe(0);
      await world.run(world.surveys.transaction((tx) => tx.Tally.created({ id: 'e1', count: 10 })));
      await world.settle();
      expect(await tally(world)).toBe(11);
    },
  ),
  scenario(
    'newest only: an older state is not handled',
    () => reacting(count, { guard: { ...ofEmployee, carries: 'state' } }),
    async (world) => {
      await deliver(world, change(2), change(1), change(3));
      await world.settle();
      expect(await tally(world)).toBe(2);
      expect(metric(world, 'seamwright.guard.decisions', { outcome: 'stale' })).toBe(1);
    },
  ),
  scenario('each change counts: one that is ahead waits for its predecessor', deltas, async (world) => {
    await deliver(world, change(1), change(3), change(4));
    await world.settle();
    expect(await tally(world)).toBe(1);
    await deliver(world, change(2), change(3));
    await world.settle();
    expect(await tally(world)).toBe(4);
  }),
  scenario(
    'each change counts: one whose predecessor is lost is not swallowed',
    deltas,
    async (world) => {
      await deliver(world, change(2));
      await world.settle();
      await world.advance(6 * 60_000);
      expect(await tally(world)).toBe(0);
      expect(reasons(deadLetters(world))).toEqual(['dependency-timeout']);
    },
    'timed',
  ),
  scenario('correlation goes on, the message becomes the cause', reacting, async (world) => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await deliver(world, hiredWire('m1', 'e1', { correlationid: 'order-7', traceparent }));
    await world.settle();
    for (const type of ['Welcome', 'TallyChanged']) {
      expect(published(world, type)).toMatchObject([{ correlationid: 'order-7', causationid: 'm1', traceparent }]);
    }
  }),
  scenario(
    'a handler without transaction is retried, then claimed',
    () =>
      reacting(
        failing(1, () => new Error('once')),
        { transaction: 'none' },
      ),
    async (world) => {
      await deliver(world, hiredWire('m1'));
      await world.settle();
      // What the failed call did has stayed: that is what the contract asked for.
      expect(await tally(world)).toBe(2);
      await deliver(world, hiredWire('m1'));
      await world.settle();
      expect(await tally(world)).toBe(2);
      expect(metric(world, 'seamwright.inbox.duplicates')).toBe(1);
    },
    'timed',
  ),
];
