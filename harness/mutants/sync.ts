import { AsyncLocalStorage } from 'node:async_hooks';
import type { Address } from '../../runtime/brokers/broker.js';
import type { WireMessage } from '../../runtime/envelope.js';
import { formatInstant } from '../../runtime/instant.js';
import { followersOf } from '../scenarios/edges.js';
import type { Mutant } from './mutant.js';
import { changing, dated } from './occasions.js';
import { overwriting } from './overwriting.js';
import { brokerOf, inEachTransaction, inStore, onBroker } from './ports.js';

const copies = ['easyplatform/text-snippet-surveys', 'easyplatform/text-snippet-insights'];
const owners = ['easyplatform/accounts', 'easyplatform/text-snippet-people'];

/** Text of the instant that the message at work carries. Set while a delivery is handled. */
const atWork = new AsyncLocalStorage<string>();

/** Mistakes of those who keep time, tell again, read in full or share what is not theirs alone. */
export const syncMutants: readonly Mutant[] = [
  {
    number: 6,
    id: 'instants-as-text',
    title: 'Instants are compared as texts, whatever their offset.',
    patches: 'generated code',
    expected: ['converged', 'nothing-lost'],
    scenarios: ['foreign-instants'],
    on: copies,
    strikes: ['copy'],
    fits: dated,
    apply: (create) => {
      const newest = new Map<string, string>();
      const guarded = inEachTransaction((tx) => ({
        async putReplica(table, id, row, incoming) {
          const text = atWork.getStore() ?? '';
          const key = `${table.name}/${id}`;
          if (text < (newest.get(key) ?? '')) return 'stale';
          newest.set(key, text);
          return tx.putReplica(table, id, row, incoming);
        },
      }));
      return noting(guarded(create));
    },
  },
  {
    number: 8,
    id: 'version-by-own-clock',
    title: 'The version of a change is the time of the clock at hand, which may be set back.',
    patches: 'generated code',
    expected: ['published-in-order', 'converged'],
    scenarios: ['clock-skew-producer'],
    on: owners,
    strikes: ['owned'],
    fits: dated,
    store: inStore((tx) => ({
      async advanceOwned(entity, id, change) {
        const state = await tx.advanceOwned(entity, id, change);
        return { ...state, changedAt: formatInstant(BigInt(Math.floor(change.nowMs * 1000))) };
      },
    })),
  },
  {
    number: 31,
    id: 'replay-stamps-anew',
    title: 'A dead letter that is put back gets the time of that moment.',
    patches: 'handler',
    expected: ['converged', 'version-never-goes-back'],
    scenarios: ['dlq-replay'],
    on: copies,
    strikes: ['copy'],
    fits: dated,
    apply: onBroker((broker, { clock }) => {
      const dead = new Set<string>();
      return {
        subscribe: (queue, options, receive) =>
          broker.subscribe(queue, options, (delivery) => {
            const id = delivery.message.headers['ce-id'] ?? '';
            const again = dead.delete(id);
            const now = formatInstant(BigInt(Math.floor((clock?.now() ?? 0) * 1000)));
            return receive({
              ...delivery,
              ...(again && { message: stamped(delivery.message, now) }),
              deadLetter: (headers) => {
                dead.add(id);
                return delivery.deadLetter(headers);
              },
            });
          }),
      };
    }),
  },
  {
    number: 35,
    id: 'full-sync-echoes',
    title: 'Whoever is asked for all that he has tells every change once more.',
    patches: 'handler',
    expected: ['no-echo'],
    scenarios: ['full-sync', 'full-sync-during-live'],
    on: copies,
    strikes: ['copy'],
    at: 'others',
    apply: (create) => {
      const told = new Map<string, readonly [Address, WireMessage]>();
      const remembering = onBroker((broker) => ({
        publish(address, message) {
          if (message.headers['ce-subject'] !== undefined) told.set(message.headers['ce-subject'], [address, message]);
          return broker.publish(address, message);
        },
      }));
      const echoing = inEachTransaction((tx, options) => ({
        async listOwned(entity, page) {
          for (const [address, { headers, body }] of told.values()) {
            const again = { ...headers, 'ce-id': options.random?.uuid() ?? '' };
            await brokerOf(options).publish(address, { headers: again, body });
          }
          return tx.listOwned(entity, page);
        },
      }));
      return echoing(remembering(create));
    },
  },
  {
    number: 36,
    id: 'full-sync-keeps-the-gone',
    title: 'A list of all that there is does not say what is gone, and nobody removes it.',
    patches: 'handler',
    expected: ['read-in-full', 'converged'],
    scenarios: ['full-sync'],
    on: copies,
    strikes: ['copy'],
    at: 'others',
    apply: inEachTransaction((tx) => ({
      async listOwned(entity, page) {
        return (await tx.listOwned(entity, page)).filter(({ deleted }) => !deleted);
      },
    })),
  },
  {
    number: 37,
    id: 'page-over-live',
    title: 'A page of a full sync is written over whatever came in while it was on its way.',
    patches: 'runtime',
    expected: ['version-never-goes-back', 'converged', 'read-in-full', 'deleted-stays-deleted'],
    scenarios: ['full-sync-during-live'],
    on: copies,
    strikes: ['copy'],
    fits: changing,
    apply: (create) => noting(create),
    store: (store) =>
      overwriting(store, async (tx, table, id, incoming, shown) => {
        if (atWork.getStore() === undefined) return true;
        const stored = await tx.replicaVersion(shown(table, id), id);
        return stored === undefined || stored.version.sequence <= incoming.version.sequence;
      }),
  },
  {
    number: 38,
    id: 'shared-queue',
    title: 'Two services take their messages from one queue.',
    patches: 'generated code',
    expected: ['routed-once', 'converged', 'nothing-lost'],
    scenarios: ['fan-out'],
    on: owners,
    strikes: ['owned'],
    at: 'others',
    apply: (create, { subject }) => {
      const [first] = Object.keys(subject.code.definition.owned).flatMap((entity) => followersOf(subject, entity));
      const { topology, queue = '' } =
        subject.services.get(first?.service ?? '')?.definition ?? subject.code.definition;
      return onBroker((broker) => ({
        async declare({ exchanges, queues }) {
          await broker.declare(topology);
          // Whoever shares a queue has none of his own.
          const idle = queues.map((own) => (own.name === queue ? own : { ...own, bindings: [] }));
          await broker.declare({ exchanges, queues: idle });
        },
        subscribe: (_, options, receive) => broker.subscribe(queue, options, receive),
      }))(create);
    },
  },
];

/** Runs each delivery so that the store can tell what it is at work on. */
const noting = onBroker((broker) => ({
  subscribe: (queue, options, receive) =>
    broker.subscribe(queue, options, (delivery) => atWork.run(instantOf(delivery.message), () => receive(delivery))),
}));

/** As it is written in the body, which may be otherwise than in the header. */
function instantOf({ headers }: WireMessage): string {
  return decodeURIComponent(headers['ce-time'] ?? '');
}

function stamped({ headers, body }: WireMessage, now: string): WireMessage {
  const before = headers['ce-time'] ?? '';
  const text = new TextDecoder().decode(body).replaceAll(decodeURIComponent(before), now);
  return { headers: { ...headers, 'ce-time': now }, body: new TextEncoder().encode(text) };
}
