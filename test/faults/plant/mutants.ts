import type { Delivery } from '../../../runtime/brokers/broker.js';
import type { OutboxMessage, Store, Transaction } from '../../../runtime/stores/store.js';
import { aroundTransactions } from '../../runtime/world/around-store.js';
import type { Ports } from './steps.js';

/** Mistakes of a careless runtime, built into what a service runs on. Each loses or doubles something only when a process dies at the wrong moment. */
export const mutants = {
  'acknowledges before the commit': acknowledgesFirst,
  'claims in a transaction of its own': claimsApart,
  'claims nothing': (ports) => withTransactions(ports, () => ({ claim: async () => true })),
  'removes from the outbox before the broker has confirmed': removesWhenTaken,
  'parks after the acknowledgement': parksLater,
} as const satisfies Record<string, (ports: Ports) => Ports>;

export type MutantName = keyof typeof mutants;

function acknowledgesFirst({ broker, store }: Ports): Ports {
  const subscribe: Ports['broker']['subscribe'] = (queue, options, receive) =>
    broker.subscribe(queue, options, async (delivery) => {
      await delivery.ack();
      return receive(delivery);
    });
  return { store, broker: changed(broker, { subscribe }) };
}

function claimsApart(ports: Ports): Ports {
  return withTransactions(ports, () => ({
    claim: (consumer, key) => ports.store.transaction((tx) => tx.claim(consumer, key)),
  }));
}

function removesWhenTaken(ports: Ports): Ports {
  return withTransactions(ports, (tx) => ({
    async takeOutbox(options): Promise<readonly OutboxMessage[]> {
      const taken = await tx.takeOutbox(options);
      await tx.removeOutbox(taken.map(({ id }) => id));
      return taken;
    },
  }));
}

/** Keeps what has to wait in memory for a moment, and writes it down once the message is acknowledged. */
function parksLater({ broker, store }: Ports): Ports {
  const later: Parameters<Transaction['park']>[0][] = [];
  const write = async (): Promise<void> => {
    for (const message of later.splice(0)) {
      await store.transaction(async (tx) => {
        // One round trip, so that the acknowledgement has left.
        await tx.countParked(message.consumer);
        await tx.park(message);
      });
    }
  };
  const parking = withTransactions({ broker, store }, () => ({
    async park(message) {
      later.push(message);
    },
  }));
  const writing = (delivery: Delivery): Delivery => ({
    ...{ message: delivery.message, queue: delivery.queue, attempt: delivery.attempt },
    retry: (delayMs) => delivery.retry(delayMs),
    deadLetter: (headers) => delivery.deadLetter(headers),
    async ack() {
      await delivery.ack();
      await write();
    },
  });
  const subscribe: Ports['broker']['subscribe'] = (queue, options, receive) =>
    broker.subscribe(queue, options, (delivery) => receive(writing(delivery)));
  return { store: parking.store, broker: changed(broker, { subscribe }) };
}

function withTransactions({ broker, store }: Ports, change: (tx: Transaction) => Partial<Transaction>): Ports {
  const transaction: Store['transaction'] = (work) => store.transaction((tx) => work({ ...tx, ...change(tx) }));
  return { broker, store: aroundTransactions(store, transaction) };
}

function changed(broker: Ports['broker'], change: Partial<Ports['broker']>): Ports['broker'] {
  return new Proxy(broker, {
    get(target, name) {
      const value: unknown = Reflect.get(change, name) ?? Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
