import { describe, expect, it } from 'vitest';
import { violationsOf } from '../../../harness/invariants/registry.js';
import { hunt, mutated } from '../../../harness/mutants/hunt.js';
import type { Mutant } from '../../../harness/mutants/mutant.js';
import { mutants } from '../../../harness/mutants/registry.js';
import { scoreOf } from '../../../harness/mutants/score.js';
import { divergence } from '../../../harness/search.js';
import { simulate } from '../../../harness/simulate.js';
import { subjectsOf } from './worked-subjects.js';

/** One or two of each family: the guard, deliveries, waits, publishing, syncs, calls, payloads. */
const sample = [
  'no-ordering-check',
  'guard-outside-transaction',
  'hard-delete',
  'ack-before-commit',
  'no-dedupe',
  'retries-without-end',
  'nobody-released',
  'publish-after-commit',
  'instants-as-text',
  'version-by-own-clock',
  'replay-stamps-anew',
  'shared-queue',
  'new-key-per-try',
  'unknown-word-crashes',
  'required-field-renamed',
];

const budget = 60;

describe('a mistake that careless code makes', () => {
  it.each(sample)(
    '%s is found by the promise that it breaks, with a story that anybody can follow',
    {
      timeout: 30_000,
    },
    async (id) => {
      const mutant = named(id);
      const found = await hunt(mutant, await subjectsOf(mutant), { seed: 1, budget });
      expect(found.killed).toBe(true);
      expect(mutant.expected).toContain(found.invariant);
      expect(found.messages).toBeLessThanOrEqual(4);
      expect(found.faults).toBeLessThanOrEqual(2);
    },
  );

  it('is found by its kept plan again, with the same run, and not where it was mended', async () => {
    const mutant = named('hard-delete');
    const [subject] = await subjectsOf(mutant);
    if (subject === undefined) throw new Error('there is no such service');
    const { plan, invariant } = await hunt(mutant, [subject], { seed: 1, budget });
    if (plan === undefined) throw new Error('it was not found');
    const kept: typeof plan = JSON.parse(JSON.stringify(plan));
    const runs = [
      await simulate(subject, kept, mutated(mutant, subject)),
      await simulate(subject, kept, mutated(mutant, subject)),
    ] as const;
    expect(divergence(...runs)).toBeUndefined();
    for (const run of runs) expect(violationsOf(run, subject).map((one) => one.invariant)).toContain(invariant);
    expect(violationsOf(await simulate(subject, kept), subject)).toEqual([]);
  });
});

describe('a service without the mistake', () => {
  it.each(['no-ordering-check', 'no-dedupe', 'publish-after-commit'])(
    'is not taken for one that has it: %s',
    {
      timeout: 30_000,
    },
    async (id) => {
      const { apply: _, store: __, ...healthy } = named(id);
      const found = await hunt(healthy, await subjectsOf(healthy), { seed: 1, budget: 40 });
      expect(found).toEqual({ killed: false, schedules: 40 });
    },
  );
});

describe('the score of a service', () => {
  it('counts the mistakes that the service could have', { timeout: 60_000 }, async () => {
    const [caller] = await subjectsOf({ on: ['mesh/service-a'], strikes: ['client'] });
    if (caller === undefined) throw new Error('there is no such service');
    const score = await scoreOf(caller, { seed: 1 });
    // It makes calls and takes no messages.
    expect(score).toEqual({ mutants: 5, caught: 5, missed: [] });
    const blind = await scoreOf(caller, { seed: 1, budget: 0 });
    expect(blind.caught).toBe(0);
    expect(blind.missed).toContain('no-timeout');
  });
});

it('each mistake is named once', () => {
  expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
});

function named(id: string): Mutant {
  const mutant = mutants.find((one) => one.id === id);
  if (mutant === undefined) throw new Error(`there is no mutant ${id}`);
  return mutant;
}
