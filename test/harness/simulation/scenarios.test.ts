import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../../generator/schema/random.js';
import { violationsOf } from '../../../harness/invariants/registry.js';
import { scenarioNamed, scenarios } from '../../../harness/scenarios/registry.js';
import type { Scenario } from '../../../harness/scenarios/scenario.js';
import { simulate } from '../../../harness/simulate.js';
import type { Subject } from '../../../harness/subject.js';
import type { ReplicaDefinition } from '../../../runtime/definition.js';
import { planFor } from '../http/play.js';
import { bareSubjects, withDefinition } from './subjects.js';

const all = new Map<string, Subject>();
beforeAll(async () => {
  for (const system of ['easyplatform', 'dhanman'])
    for (const subject of await bareSubjects(system)) all.set(subject.name, subject);
});

/** Where each scenario finds something to be played on, or that there is none. */
const occasions: readonly (readonly [string, string, readonly string[] | RegExp])[] = [
  ['create', 'text-snippet-surveys', ['copy:Company', 'copy:SyncedEmployee', 'copy:SyncedUser', 'owned:Survey']],
  [
    'create',
    'notification',
    [
      ...['copy:User', 'effect:onInvoiceCreated', 'effect:onPOApproved', 'effect:onPOSubmitted'],
      ...['effect:onPaymentReceived', 'effect:onSalaryPosted', 'effect:onSendInvoiceEmail'],
      'effect:onSendPaymentReminder',
    ],
  ],
  ['create', 'frontend', /takes no messages/],
  ['update', 'community', /entity/],
  ['soft-delete', 'text-snippet-surveys', ['copy:Company', 'copy:SyncedEmployee', 'copy:SyncedUser', 'owned:Survey']],
  ['soft-delete', 'common', /flag|delet/],
  ['late-dependency', 'text-snippet-surveys', ['copy:SyncedEmployee', 'copy:SyncedUser', 'owned:Survey']],
  ['late-dependency', 'notification', ['effect:onPOApproved']],
  ['late-dependency', 'common', /wait/],
  ['dependency-deleted', 'notification', /deleted/],
  [
    'equal-timestamps',
    'text-snippet-surveys',
    ['copy:Company', 'copy:SyncedEmployee', 'copy:SyncedUser', 'owned:Survey'],
  ],
  ['handler-throws', 'text-snippet-people', ['effect:onCandidateChanged']],
  ['handler-throws', 'text-snippet-surveys', /handlers/],
  ['full-sync', 'community', ['copy:User']],
  ['full-sync', 'accounts', /copy/],
  [
    'filter-transition',
    'text-snippet-people',
    [
      'copy:SyncedCandidate',
      'effect:onCandidateChanged',
      'owned:Employee->text-snippet-insights',
      'owned:Employee->text-snippet-surveys',
    ],
  ],
  [
    'crash-after-commit-before-publish',
    'sales',
    [
      ...['publishes:InvoiceCreatedEvent', 'publishes:PaymentReceivedEvent'],
      ...['publishes:SendInvoiceEmailCommand', 'publishes:SendPaymentReminderCommand'],
    ],
  ],
  ['fan-out', 'text-snippet-people', ['owned:Employee->text-snippet-insights', 'owned:Employee->text-snippet-surveys']],
  ['fan-out', 'text-snippet-surveys', /several/],
  ['batch', 'text-snippet-surveys', /batches/],
  ['command-one-receiver', 'notification', ['effect:onSendInvoiceEmail', 'effect:onSendPaymentReminder']],
  ['command-one-receiver', 'purchase', /commands/],
  ['forged-sender', 'text-snippet-surveys', /senders/],
];

describe('a scenario finds its occasions in the contracts', () => {
  it.each(occasions)('%s of %s', (id, service, expected) => {
    const targets = named(id).targets(subject(service));
    if (expected instanceof RegExp) expect('none' in targets ? targets.none : targets).toMatch(expected);
    else expect('none' in targets ? targets.none : targets.map((target) => target.id).sort()).toEqual(expected);
  });
});

describe('a copy that takes its messages in batches', () => {
  it('is tried with many at once, and comes to what it would have come to one by one', {
    timeout: 60_000,
  }, async () => {
    const batched = withBatches(subject('text-snippet-insights'), 8);
    const targets = named('batch').targets(batched);
    expect('none' in targets).toBe(false);
    for (const target of 'none' in targets ? [] : targets) {
      for (let index = 0; index < 4; index++) {
        const draft = named('batch').plan(target, {
          subject: batched,
          index,
          random: randomStream(index),
          exhaustive: false,
        });
        const run = await simulate(batched, planFor(batched, draft ?? { steps: [], faults: [] }));
        expect(run.happenings.filter(({ kind }) => kind === 'copied').length).toBeGreaterThan(2);
        expect(violationsOf(run, batched)).toEqual([]);
      }
    }
  });
});

it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
  '%s makes the same plans each time',
  (_, scenario) => {
    for (const one of all.values()) {
      const targets = scenario.targets(one);
      if ('none' in targets) {
        expect(targets.none).toMatch(/^\S.{10,}[^.]$/);
        continue;
      }
      expect(new Set(targets.map(({ id }) => id)).size).toBe(targets.length);
      const [target] = targets;
      for (const index of [0, 1, 7]) {
        const plans = [1, 2].map(
          () => target && scenario.plan(target, { subject: one, index, random: randomStream(9), exhaustive: false }),
        );
        expect(plans[0]).toEqual(plans[1]);
        const ids = plans[0]?.steps.map(({ id }) => id) ?? [];
        expect(new Set(ids).size).toBe(ids.length);
        const named = plans[0]?.faults.flatMap(({ step }) => step ?? []) ?? [];
        expect(named.filter((id) => !ids.includes(id))).toEqual([]);
      }
    }
  },
);

function named(id: string): Scenario {
  const scenario = scenarioNamed(id);
  if (scenario === undefined) throw new Error(`there is no scenario ${id}`);
  return scenario;
}

function subject(name: string): Subject {
  const found = all.get(name);
  if (found === undefined) throw new Error(`there is no service ${name}`);
  return found;
}

/** The same service with copies that take up to `batchSize` messages together. */
function withBatches(one: Subject, batchSize: number): Subject {
  const batched = (copy: ReplicaDefinition): ReplicaDefinition => ({ ...copy, batchSize });
  const { definition } = one.code;
  const copies = Object.fromEntries(Object.entries(definition.copies).map(([name, copy]) => [name, batched(copy)]));
  return withDefinition(one, { ...definition, copies });
}
