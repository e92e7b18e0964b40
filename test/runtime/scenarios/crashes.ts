import { expect } from 'vitest';
import { deliver, hiredWire, metric, published } from '../world/messages.js';
import { type CrashPoint, MortalProcess } from '../world/mortal.js';
import { reacting } from './effects.js';
import { type Scenario, scenario, tally } from './scenario.js';

/** The process of surveys dies at a point, another one takes over: the effect has happened once, and nothing is lost. */
function dies(point: CrashPoint): Scenario {
  let process = new MortalProcess(point);
  return scenario(
    `crash ${point}`,
    () => {
      process = new MortalProcess(point);
      const current = process;
      return {
        ...reacting(),
        around: { store: (store) => current.store(store), broker: (broker) => current.broker(broker) },
      };
    },
    async (world) => {
      process.arm();
      await deliver(world, hiredWire('m1'));
      await world.advance(100);
      expect(process.isDead).toBe(true);
      const next = await world.anotherSurveys();
      await world.advance(10_000);
      await world.settle();
      expect(await tally(world, 'e1', next)).toBe(1);
      const ids = new Set(published(world, 'Welcome').map(({ id }) => id));
      expect(ids.size).toBe(1);
    },
    'timed',
  );
}

export const crashScenarios = [
  ...(['before the transaction', 'inside the transaction', 'after the commit', 'after the publish'] as const).map(dies),
  scenario(
    'a message that kills the process every time is given up',
    () => ({
      // Never ends by itself.
      ...reacting(
        ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      ),
      queue: { maxDeliveries: 3 },
    }),
    async (world) => {
      await deliver(world, hiredWire('m1'));
      for (let death = 0; death < 5; death++) {
        await world.advance(100);
        // Every consumer that holds it is cut off, as if its process were gone.
        world.broker.cut();
        world.broker.restore();
      }
      await world.advance(100);
      expect(world.broker.deadLetters('surveys.events').map(({ headers }) => headers['sw-reason'])).toEqual([
        'delivery-limit',
      ]);
    },
    'timed',
  ),
  scenario(
    'the acknowledgement is lost',
    () => {
      let lost = 0;
      return { ...reacting(), faults: { settle: () => (lost++ === 0 ? 'lose' : 'none') } };
    },
    async (world) => {
      await deliver(world, hiredWire('m1'));
      await world.settle();
      expect(await tally(world)).toBe(1);
      expect(metric(world, 'seamwright.inbox.duplicates')).toBe(1);
    },
  ),
];
