import type { Broker, Delivery } from '../../../runtime/brokers/broker.js';
import type { Incoming } from '../../../runtime/guard.js';
import type { ReplicaTable, Store, Transaction } from '../../../runtime/stores/store.js';
import { aroundTransactions } from './around-store.js';
import type { WorldOptions } from './world.js';

/** One mistake that a careless runtime makes, built into what surveys runs on. */
export interface Mutant {
  readonly name: string;
  /** The scenario that must fail because of it. */
  readonly caughtBy: string;
  readonly around: NonNullable<WorldOptions['around']>;
}

/** Replaces methods of each transaction of a store. */
function inEach(change: (tx: Transaction) => Partial<Transaction>): Mutant['around'] {
  return {
    store: (store: Store): Store =>
      aroundTransactions(store, (work) => store.transaction((tx) => work({ ...tx, ...change(tx) }))),
  };
}

/** Changes what the consumer does with each delivery. */
function onDelivery(change: (delivery: Delivery) => Delivery | Promise<Delivery>): Mutant['around'] {
  return onBroker((broker) => ({
    subscribe: (queue, options, receive) =>
      broker.subscribe(queue, options, async (delivery) => receive(await change(delivery))),
  }));
}

function onBroker(change: (broker: Broker) => Partial<Broker>): Mutant['around'] {
  return {
    broker: (broker) =>
      new Proxy(broker, {
        get(target, name) {
          const changed: unknown = Reflect.get(change(target), name);
          const value: unknown = changed ?? Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }),
  };
}

let arrivals = 0n;
/** Every message looks newer than the one before: no guard at all. */
function newest(incoming: Incoming): Incoming {
  arrivals += 1n;
  return { ...incoming, version: { ...incoming.version, epoch: 1, sequence: arrivals } };
}

export const mutants: readonly Mutant[] = [
  {
    name: 'acknowledges before the commit',
    caughtBy: 'crash inside the transaction',
    around: onDelivery(async (delivery) => {
      await delivery.ack();
      return delivery;
    }),
  },
  {
    name: 'claims no message',
    caughtBy: 'an effect happens once per message, however often it comes',
    around: inEach(() => ({ claim: async () => true })),
  },
  {
    name: 'has no guard',
    caughtBy: 'out of order',
    around: inEach((tx) => ({
      putReplica: (table, id, row, incoming) => tx.putReplica(table, id, row, newest(incoming)),
    })),
  },
  {
    name: 'deletes without leaving the version behind',
    caughtBy: 'stale after delete',
    around: hardDelete(),
  },
  {
    name: 'breaks no ties',
    caughtBy: 'equal timestamps have one winner',
    around: inEach((tx) => ({
      putReplica: (table, id, row, incoming) =>
        tx.putReplica(table, id, row, { ...incoming, version: { ...incoming.version, tie: '' }, equalApplies: true }),
    })),
  },
  {
    name: 'lets force go back in time',
    caughtBy: 'force repairs an equal version and never goes back',
    around: inEach((tx) => ({
      putReplica: (table, id, row, incoming) =>
        tx.putReplica(table, id, row, incoming.force ? newest(incoming) : incoming),
    })),
  },
  {
    name: 'does not wait for dependencies',
    caughtBy: 'a late dependency is waited for, then applied at once',
    around: inEach(() => ({ replicaPresence: async () => 'live' })),
  },
  {
    name: 'drops what has to wait',
    caughtBy: 'a late dependency is waited for, then applied at once',
    around: inEach(() => ({ park: async () => {} })),
  },
  {
    name: 'wakes nobody',
    caughtBy: 'the dependency is behind in the same queue',
    around: inEach(() => ({ releaseParked: async () => 0 })),
  },
  {
    name: 'looks for dependencies without their lock',
    caughtBy: 'a dependency that arrives at the same moment is not missed',
    around: inEach(() => ({ lock: async () => {} })),
  },
  {
    name: 'applies a parked message and keeps it parked',
    caughtBy: 'an applied message waits no longer',
    around: inEach(() => ({ removeParked: async () => {} })),
  },
  {
    name: 'publishes before the commit',
    caughtBy: 'a rolled back handler sends nothing',
    around: publishEarly(),
  },
  {
    name: 'forgets a message whose publishing failed',
    caughtBy: 'a message that the broker refused is sent later',
    around: onBroker((broker) => ({ publish: (address, message) => broker.publish(address, message).catch(() => {}) })),
  },
  {
    name: 'acknowledges what failed',
    caughtBy: 'a failed handler leaves nothing behind and is tried again',
    around: onDelivery((delivery) => ({ ...delivery, retry: () => delivery.ack() })),
  },
  {
    name: 'throws poison away',
    caughtBy: 'poison goes to the dead letters at once, unknown types are let go',
    around: onDelivery((delivery) => ({ ...delivery, deadLetter: () => delivery.ack() })),
  },
  {
    name: 'never gives up',
    caughtBy: 'a handler that always fails ends in the dead letters with its story',
    around: onDelivery((delivery) => ({ ...delivery, attempt: 1 })),
  },
];

/** Each deletion begins a new, empty table for that id. */
function hardDelete(): Mutant['around'] {
  const deletions = new Map<string, number>();
  const now = (table: ReplicaTable, id: string) => ({ ...table, name: `${table.name}_${deletions.get(id) ?? 0}` });
  return inEach((tx) => ({
    async putReplica(table, id, row, incoming) {
      const outcome = await tx.putReplica(now(table, id), id, row, incoming);
      if (row === null && outcome === 'applied') deletions.set(id, (deletions.get(id) ?? 0) + 1);
      return outcome;
    },
    getReplica: (table, id) => tx.getReplica(now(table, id), id),
  }));
}

function publishEarly(): Mutant['around'] {
  let early: Broker | undefined;
  return {
    broker(broker) {
      early = broker;
      return broker;
    },
    ...inEach(() => ({
      async appendOutbox(messages) {
        for (const { address, message } of messages) await early?.publish(address, message);
      },
    })),
  };
}
