import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pivotOf, placeIn } from '../../../runtime/saga/plan-facts.js';
import { newRun, placeOf, type SagaEvent, statusOf } from '../../../runtime/saga/run.js';
import { transitionTable } from '../../../runtime/saga/table.js';
import { transition } from '../../../runtime/saga/transition.js';
import { randomPlan } from './random-plan.js';
import { type Draw, live } from './random-world.js';

const lives = fc.record({
  plan: randomPlan,
  chaos: fc.nat(12),
  dice: fc.infiniteStream(fc.nat(2 ** 30)),
});

function drawFrom(dice: Iterator<number>): Draw {
  return (below) => Number(dice.next().value) % below;
}

describe('tables', () => {
  test('have one row per state and event, and lead to states that they know', () => {
    fc.assert(
      fc.property(randomPlan, (plan) => {
        const table = transitionTable(plan);
        const names = table.map(({ state, event }) => `${state} ${event}`);
        expect(new Set(names).size).toBe(names.length);
        const states = new Set(table.map(({ state }) => state));
        for (const { next } of table) expect(states.has(next) || statusOf(next) === next, next).toBe(true);
      }),
    );
  });

  test('lead to an end from everywhere, and never back from behind the pivot', () => {
    fc.assert(
      fc.property(randomPlan, (plan) => {
        const table = transitionTable(plan);
        const reach = new Set(['completed', 'compensated']);
        for (let size = 0; size !== reach.size; ) {
          size = reach.size;
          for (const { state, next } of table) if (reach.has(next)) reach.add(state);
        }
        for (const { state } of table) expect(reach.has(state), state).toBe(true);
        for (const { state, next, event } of table) {
          const step = placeOf(state)?.step;
          if (step === undefined || event.startsWith('resolved')) continue;
          if (placeIn(plan, step) > pivotOf(plan))
            expect(placeOf(next)?.phase ?? next).not.toMatch(/^(undo|compensated)$/);
        }
      }),
    );
  });

  test('are the same for the same plan', () => {
    fc.assert(
      fc.property(randomPlan, (plan) => {
        expect(transitionTable(structuredClone(plan))).toEqual(transitionTable(plan));
      }),
    );
  });
});

describe('runs', () => {
  test('end, and leave no half of anything: all done, or all undone that was done', () => {
    fc.assert(
      fc.property(lives, ({ plan, chaos, dice }) => {
        const told = live(plan, transitionTable(plan), drawFrom(dice), chaos);
        const count = (what: string, step: string) =>
          told.effects.filter((one) => one.what === what && one.step === step).length;
        for (const step of plan.steps) {
          const left = count('done', step.id) - count('undone', step.id);
          if (told.run.state === 'completed') {
            expect(count('undone', step.id)).toBe(0);
            const mayBeLost = step.onFailure === 'continue' || step.kind === 'best-effort';
            if (!mayBeLost) expect(left, step.id).toBe(1);
          } else if (step.compensate !== undefined) expect(left, step.id).toBe(0);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test('undo in reverse order what was begun, and nothing behind the pivot', () => {
    fc.assert(
      fc.property(lives, ({ plan, chaos, dice }) => {
        const told = live(plan, transitionTable(plan), drawFrom(dice), chaos);
        const pivot = pivotOf(plan);
        for (const { step, what } of told.effects)
          if (what === 'undone') expect(placeIn(plan, step)).toBeLessThan(pivot);
        let last = plan.steps.length;
        let state = 'new';
        for (const { event, move } of told.moves) {
          const place = placeOf(move.run.state);
          if (place?.phase === 'undo' && !place.stuck && move.effect === 'moved') {
            const at = placeIn(plan, place.step);
            expect(move.run.marks[place.step]).toMatch(/^(begun|done)$/);
            // Only what happened too late takes it up once more.
            const up = at > last;
            if (up) expect(placeOf(state)?.phase !== 'undo' || event.kind === 'undone').toBe(true);
            last = at;
          }
          state = move.run.state;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('begin a step only when those before it are over, and nothing once they turn back', () => {
    fc.assert(
      fc.property(lives, ({ plan, chaos, dice }) => {
        const told = live(plan, transitionTable(plan), drawFrom(dice), chaos);
        let furthest = -1;
        for (const { move } of told.moves) {
          for (const order of move.orders) {
            if (order.order !== 'do') continue;
            const at = placeIn(plan, order.step);
            expect(at).toBeGreaterThanOrEqual(furthest);
            if (at > furthest) expect(move.run.turning).toBe(false);
            furthest = at;
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('announce each end and each step at most once, and alert whoever is to help', () => {
    fc.assert(
      fc.property(lives, ({ plan, chaos, dice }) => {
        const told = live(plan, transitionTable(plan), drawFrom(dice), chaos);
        expect(new Set(told.announced).size).toBe(told.announced.length);
        if (plan.completed !== undefined) expect(told.announced).toContain(told.run.state);
        const stuck = told.moves.filter(({ move }, index) => {
          const before = told.moves[index - 1]?.move.run.state ?? 'new';
          return placeOf(move.run.state)?.stuck && before !== move.run.state;
        });
        expect(told.alerts).toBeGreaterThanOrEqual(stuck.length);
      }),
      { numRuns: 1_000 },
    );
  });

  test('bear any event at any moment: each moves, is noted, or changes nothing', () => {
    const event = (steps: readonly string[]): fc.Arbitrary<SagaEvent> => {
      const step = fc.constantFrom(...steps, 'nobody');
      return fc.oneof(
        fc.record({
          kind: fc.constantFrom(
            'failed',
            'erred',
            'unknown',
            'unanswered',
            'not-found',
            'undone',
            'undo-failed',
            'blocked',
          ),
          step,
        }),
        fc.record({ kind: fc.constant('succeeded'), step, outputs: fc.record({ ref: fc.constantFrom('a', 'b') }) }),
        fc.record({
          kind: fc.constantFrom(
            'started',
            'timed-out',
            'undo-asked',
            'retried',
            'resolved-completed',
            'resolved-compensated',
          ),
        }),
      );
    };
    const story = randomPlan.chain((plan) =>
      fc.record({
        plan: fc.constant(plan),
        events: fc.array(event(plan.steps.map(({ id }) => id)), { maxLength: 40 }),
      }),
    );
    fc.assert(
      fc.property(story, ({ plan, events }) => {
        const table = transitionTable(plan);
        let run = newRun;
        for (const one of events) {
          const before = structuredClone(run);
          const move = transition(table, plan, run, one);
          expect(run).toEqual(before);
          if (move.effect === 'ignored') expect(move.run).toBe(run);
          if (move.effect === 'noted') {
            expect(move.run).not.toEqual(run);
            expect(move.run.state).toBe(run.state);
          }
          if (move.effect !== 'moved') expect(move.orders).toEqual([]);
          const places = [...plan.steps.flatMap(({ id }) => [`do:${id}`, `ask:${id}`, `undo:${id}`])];
          const known = ['new', 'completed', 'compensated', ...places, ...places.map((place) => `stuck:${place}`)];
          expect(known).toContain(move.run.state);
          run = move.run;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
