import { beforeAll, describe, expect, it } from 'vitest';
import { hunt } from '../../../harness/mutants/hunt.js';
import { mutants } from '../../../harness/mutants/registry.js';
import type { Subject } from '../../../harness/subject.js';
import { bareSubjects } from './subjects.js';

/** Mistakes that a few schedules are enough for, each with the promise that finds it; the whole catalogue is tried by a bar of its own. */
const quick: readonly (readonly [string, string])[] = [
  ['no-ordering-check', 'version-never-goes-back'],
  ['hard-delete', 'deleted-stays-deleted'],
  ['no-dedupe', 'effect-once'],
  ['ack-before-commit', 'nothing-lost'],
  ['swallowed-error', 'nothing-lost'],
  ['no-wait', 'waits-honoured'],
  ['nobody-released', 'comes-to-rest'],
  ['publish-before-commit', 'no-phantom'],
  ['publish-after-commit', 'nothing-lost'],
  ['dead-letter-without-story', 'dead-letter-complete'],
  ['correlation-lost', 'correlation-kept'],
  ['somebody-else-publishes', 'owner-only'],
];

const subjects = new Map<string, Subject>();
beforeAll(async () => {
  for (const system of ['easyplatform', 'dhanman'])
    for (const subject of await bareSubjects(system)) subjects.set(`${system}/${subject.name}`, subject);
});

describe('a careless service is found out, by the promise that it breaks', () => {
  it.each(quick)('%s: %s', { timeout: 60_000 }, async (id, invariant) => {
    const mutant = mutants.find((one) => one.id === id);
    if (mutant === undefined) throw new Error(`there is no mutant ${id}`);
    const tried = mutant.on.flatMap((name) => subjects.get(name) ?? []);
    const found = await hunt(mutant, tried, { seed: 1, budget: 40, shrinks: false });
    expect(found).toMatchObject({ killed: true, invariant });
  });
});
