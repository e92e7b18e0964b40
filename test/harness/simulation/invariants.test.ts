import { beforeAll, describe, expect, it } from 'vitest';
import type { CopySeen, DeadLetterSeen, Happening, Run } from '../../../harness/history.js';
import { invariants } from '../../../harness/invariants/registry.js';
import type { Plan, Step } from '../../../harness/plan.js';
import { simulate } from '../../../harness/simulate.js';
import type { Subject } from '../../../harness/subject.js';
import { planFor } from '../http/play.js';
import { bareSubject } from './subjects.js';

/** A run that was played, and what has to be done to its record so that it breaks a promise. */
interface Sample {
  readonly of: 'copy' | 'effect' | 'wait' | 'dead' | 'forced' | 'read' | 'replayed';
  spoil(run: Run): Run;
}

const company = (id: string, op: 'created' | 'updated' | 'deleted', at: number, value = 1): Step => ({
  ...{ id, at, do: 'change', entity: 'Company', op, key: 'e1.Company', value },
});
const user: Step = { id: 'm2', at: 5, do: 'change', entity: 'User', op: 'created', key: 'e1', value: 1 };
const surveys = 'text-snippet-surveys';

const plans: Readonly<Record<Sample['of'], Pick<Plan, 'steps' | 'faults'>>> = {
  copy: {
    steps: [company('m1', 'created', 0), company('m2', 'updated', 10, 2), company('m3', 'deleted', 20)],
    faults: [],
  },
  wait: { steps: [company('m1', 'created', 0), user], faults: [] },
  effect: {
    steps: [
      { id: 'm1', at: 0, do: 'publish', service: 'sales', event: 'InvoiceCreatedEvent', value: 1 },
      { id: 'm2', at: 5, do: 'publish', service: 'sales', event: 'InvoiceCreatedEvent', value: 2 },
    ],
    faults: [],
  },
  dead: {
    steps: [company('m1', 'created', 0)],
    faults: [{ fault: 'store-fails', service: surveys, step: 'm1', how: 'refused' }],
  },
  forced: {
    steps: [company('m1', 'created', 0), { id: 'm2', at: 20, do: 'force', entity: 'Company', key: 'e1.Company' }],
    faults: [],
  },
  read: {
    steps: [
      { ...company('m1', 'created', 0), silent: true } as Step,
      { id: 'm2', at: 20, do: 'full-sync', entity: 'Company' },
    ],
    faults: [],
  },
  replayed: {
    steps: [company('m1', 'created', 0)],
    faults: [
      { fault: 'store-fails', service: surveys, step: 'm1', how: 'refused' },
      { fault: 'replay-dead-letters', service: surveys, atMs: 40 },
    ],
  },
};

const samples: Readonly<Record<string, Sample>> = {
  'version-never-goes-back': {
    of: 'copy',
    spoil: (run) => changed(run, 'copied', (one) => ({ ...one, before: one.after, after: rowBefore(one) }), 'm2'),
  },
  'deleted-stays-deleted': {
    of: 'copy',
    // The update comes after the deletion and is written all the same.
    spoil: (run) => withHappenings(run, [...run.happenings, find(run, 'copied', 'm2')]),
  },
  'effect-once': { of: 'effect', spoil: (run) => withHappenings(run, twice(run, 'handled', 'm1')) },
  'acknowledged-after-commit': {
    of: 'copy',
    spoil: (run) => withHappenings(run, swapped(run, find(run, 'copied', 'm1'), find(run, 'settled', 'm1'))),
  },
  'waits-honoured': { of: 'wait', spoil: (run) => without(run, 'copied', 'm1') },
  'force-respected': { of: 'forced', spoil: (run) => without(run, 'copied', 'm2') },
  'no-phantom': {
    of: 'copy',
    spoil: (run) => withHappenings(run, swapped(run, find(run, 'owned', 'm1'), find(run, 'published', 'm1'))),
  },
  'owner-only': {
    of: 'copy',
    spoil: (run) => changed(run, 'published', (one) => ({ ...one, service: surveys }), 'm1'),
  },
  'valid-on-the-wire': {
    of: 'copy',
    spoil: (run) =>
      changed(run, 'published', (one) => ({ ...one, envelope: one.envelope && { ...one.envelope, data: {} } }), 'm1'),
  },
  'published-in-order': {
    of: 'copy',
    spoil: (run) => withHappenings(run, swapped(run, find(run, 'published', 'm1'), find(run, 'published', 'm2'))),
  },
  'no-echo': {
    of: 'copy',
    spoil: (run) => {
      const again = find(run, 'published', 'm1');
      const envelope = again.envelope && { ...again.envelope, id: 'another' };
      return withHappenings(run, [...run.happenings, { ...again, messageId: 'another', envelope }]);
    },
  },
  'correlation-kept': {
    of: 'copy',
    spoil: (run) => changed(run, 'published', ({ step: _, ...one }) => ({ ...one, step: 'm9' }), 'm1'),
  },
  'routed-once': { of: 'copy', spoil: (run) => without(run, 'delivered', 'm1') },
  'nothing-lost': { of: 'effect', spoil: (run) => without(run, 'handled', 'm1') },
  converged: {
    of: 'copy',
    spoil: (run) =>
      withCopies(run, (copy) => ({ ...copy, row: { ...copy.row, deleted: false, fields: { id: copy.id } } })),
  },
  'read-in-full': { of: 'read', spoil: (run) => withCopies(run, () => undefined) },
  'replay-restores': { of: 'replayed', spoil: afterReplay },
  'dead-letter-complete': {
    of: 'dead',
    spoil: (run) =>
      withLetters(run, ({ headers: { 'sw-reason': _, ...headers }, ...letter }) => ({ ...letter, headers })),
  },
  'bounded-attempts': {
    of: 'copy',
    spoil: (run) => withHappenings(run, [...run.happenings, ...Array(100).fill(find(run, 'delivered', 'm1'))]),
  },
  'no-blocking': {
    of: 'copy',
    spoil: (run) => changed(run, 'settled', (one) => ({ ...one, at: one.at + 60_000 }), 'm1'),
  },
  'comes-to-rest': {
    of: 'copy',
    spoil: (run) => {
      const queue = `${surveys}.entity-events`;
      const queues = new Map([[queue, { ready: 1, inFlight: 0, delayed: 0 }]]);
      const restless: Happening = { at: run.tookMs, service: '', kind: 'restless' };
      return { ...withHappenings(run, [...run.happenings, restless]), end: { ...run.end, queues } };
    },
  },
};

const runs = new Map<Sample['of'], { readonly run: Run; readonly subject: Subject }>();

beforeAll(async () => {
  const copies = await bareSubject('easyplatform', surveys);
  const effects = await bareSubject('dhanman', 'notification');
  for (const [of, plan] of Object.entries(plans) as [Sample['of'], (typeof plans)['copy']][]) {
    const subject = of === 'effect' ? effects : copies;
    runs.set(of, { run: await simulate(subject, planFor(subject, plan)), subject });
  }
});

describe.each(Object.entries(samples))('%s', (id, { of, spoil }) => {
  const broken = (change: (run: Run) => Run): readonly string[] => {
    const { run, subject } = runs.get(of) ?? fail(`there is no run ${of}`);
    const invariant = invariants.find((one) => one.id === id) ?? fail(`there is no promise ${id}`);
    return [...invariant.check(change(run), subject)].map(({ sentence }) => sentence);
  };

  it('holds in a run that was played', () => {
    expect(broken((run) => run)).toEqual([]);
  });

  it('is broken by the same run with its mistake, and says so in a sentence', () => {
    const sentences = broken(spoil);
    expect(sentences.length).toBeGreaterThan(0);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Za-z0-9].{15,}\.$/);
  });
});

type Kind = Happening['kind'];
type Of<K extends Kind> = Extract<Happening, { readonly kind: K }>;

function find<K extends Kind>(run: Run, kind: K, step: string): Of<K> {
  const found = run.happenings.find((one): one is Of<K> => one.kind === kind && one.step === step);
  return found ?? fail(`nothing of the kind ${kind} follows from ${step}`);
}

function withHappenings(run: Run, happenings: readonly Happening[]): Run {
  return { ...run, happenings };
}

function without(run: Run, kind: Kind, step: string): Run {
  find(run, kind, step);
  return withHappenings(
    run,
    run.happenings.filter((one) => one.kind !== kind || one.step !== step),
  );
}

function twice(run: Run, kind: Kind, step: string): readonly Happening[] {
  const first = find(run, kind, step);
  return run.happenings.flatMap((one) => (one === first ? [one, one] : [one]));
}

function swapped(run: Run, a: Happening, b: Happening): readonly Happening[] {
  return run.happenings.map((one) => (one === a ? b : one === b ? a : one));
}

function changed<K extends Kind>(run: Run, kind: K, change: (one: Of<K>) => Happening, step: string): Run {
  const first = find(run, kind, step);
  return withHappenings(
    run,
    run.happenings.map((one) => (one === first ? change(first) : one)),
  );
}

function rowBefore({ before }: Of<'copied'>): Of<'copied'>['before'] {
  return before ?? fail('the copy was not there before');
}

function withCopies(run: Run, change: (copy: CopySeen) => CopySeen | undefined): Run {
  const services = new Map(
    [...run.end.services].map(([name, end]) => [
      name,
      { ...end, copies: end.copies.flatMap((one) => change(one) ?? []) },
    ]),
  );
  return { ...run, end: { ...run.end, services } };
}

function withLetters(run: Run, change: (letter: DeadLetterSeen) => DeadLetterSeen): Run {
  expect(run.end.deadLetters).not.toEqual([]);
  return { ...run, end: { ...run.end, deadLetters: run.end.deadLetters.map(change) } };
}

/** What was put back is never handed out. */
function afterReplay(run: Run): Run {
  const at = run.happenings.findIndex(({ kind }) => kind === 'replayed');
  expect(at).toBeGreaterThan(0);
  return withHappenings(
    run,
    run.happenings.filter((one, index) => index < at || one.kind !== 'delivered'),
  );
}

function fail(why: string): never {
  throw new Error(why);
}

it('leaves a message alone that waits for what was there and has gone', async () => {
  const subject = await bareSubject('easyplatform', surveys);
  const told = (id: string, at: number, op: 'created' | 'deleted'): Step => ({ ...user, id, at, op }) as Step;
  const run = await simulate(
    subject,
    planFor(subject, {
      steps: [
        ...[company('m1', 'created', 0), company('m2', 'deleted', 10)],
        // It waits, is overtaken by its own end, and goes at the next look at all that waits.
        ...[told('m3', 20, 'created'), told('m4', 30, 'deleted')],
      ],
      faults: [],
    }),
  );
  const [parked, released] = ['parked', 'released'].map((kind) => run.happenings.find((one) => one.kind === kind)?.at);
  expect((released ?? 0) - (parked ?? 0)).toBeGreaterThan(1_000);
  expect(invariants.flatMap((invariant) => [...invariant.check(run, subject)])).toEqual([]);
});
