import type { Mutant } from './mutant.js';
import { waiting } from './occasions.js';
import { inEachTransaction, inStore } from './ports.js';

const services = [
  'easyplatform/text-snippet-surveys',
  'easyplatform/text-snippet-insights',
  'easyplatform/text-snippet-hiring',
];

/** Mistakes of those who wait for what a message refers to. */
export const waitMutants: readonly Mutant[] = [
  {
    number: 17,
    id: 'wait-without-timeout',
    title: 'A message waits inside its handler for as long as it takes.',
    patches: 'runtime',
    expected: ['comes-to-rest', 'no-blocking', 'waits-honoured'],
    scenarios: ['missing-dependency', 'late-dependency', 'dependency-behind-me'],
    on: services,
    strikes: ['copy', 'effect'],
    apply: inEachTransaction((tx, { clock }) => ({
      async replicaPresence(table, id) {
        for (;;) {
          const presence = await tx.replicaPresence(table, id);
          if (presence !== 'unknown') return presence;
          await clock?.sleep(1_000);
        }
      },
    })),
  },
  {
    number: 18,
    id: 'no-wait',
    title: 'A message is applied although what it refers to is missing.',
    patches: 'generated code',
    expected: ['waits-honoured'],
    scenarios: ['late-dependency', 'missing-dependency', 'dependency-behind-me'],
    on: services,
    strikes: ['copy', 'effect'],
    apply: inEachTransaction(() => ({ replicaPresence: async () => 'live' })),
  },
  {
    number: 19,
    id: 'nobody-released',
    title: 'What waits is not looked at when the awaited comes.',
    patches: 'runtime',
    expected: ['nothing-lost', 'comes-to-rest', 'converged'],
    scenarios: ['late-dependency', 'dependency-behind-me'],
    on: services,
    strikes: ['copy', 'effect'],
    store: inStore(() => ({ releaseParked: async () => 0, takeParked: async () => [] })),
  },
  {
    number: 20,
    id: 'released-without-guard',
    title: 'What has waited is written in the order of its arrival, without the guard.',
    patches: 'runtime',
    expected: ['version-never-goes-back', 'converged', 'deleted-stays-deleted'],
    scenarios: ['late-dependency', 'dependency-behind-me'],
    on: services,
    strikes: ['copy'],
    fits: waiting,
    store: (store, clock) => {
      // Every message of an entity waits, the older ones too, and the one that came last is released last.
      let arrivals = 0n;
      return inStore((tx) => ({
        park: (message) => {
          arrivals += 1n;
          return tx.park({ ...message, version: { ...message.version, epoch: 9, sequence: arrivals } });
        },
        async putReplica(table, id, row, incoming) {
          const outcome = await tx.putReplica(table, id, row, incoming);
          if (outcome !== 'stale') return outcome;
          arrivals += 1n;
          return tx.putReplica(table, id, row, {
            ...incoming,
            version: { ...incoming.version, epoch: 1, sequence: arrivals },
          });
        },
      }))(store, clock);
    },
  },
];
