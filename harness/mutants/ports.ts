import type { Broker, Delivery } from '../../runtime/brokers/broker.js';
import type { Clock } from '../../runtime/clock.js';
import type { Store, Transaction } from '../../runtime/stores/store.js';
import type { HarnessOptions } from '../subject.js';
import type { Create } from './mutant.js';

/** A mistake in what a service runs on. Its memory is that of one life of one service: the function is asked anew for each. */
export function onPorts(change: (options: HarnessOptions) => Partial<HarnessOptions>): (create: Create) => Create {
  return (create) => (options) => create({ ...options, ...change(options) });
}

/** A mistake in every transaction. `change` sees the store as well, for work that is done in a transaction of its own. */
export function inEachTransaction(
  change: (tx: Transaction, options: HarnessOptions) => Partial<Transaction>,
): (create: Create) => Create {
  return onPorts((options) => ({ store: changedStore(storeOf(options), (tx) => change(tx, options)) }));
}

/** A mistake of the store itself. */
export function inStore(
  change: (tx: Transaction, store: Store, clock: Clock) => Partial<Transaction>,
): (store: Store, clock: Clock) => Store {
  return (store, clock) => changedStore(store, (tx) => change(tx, store, clock));
}

export function changedStore(store: Store, change: (tx: Transaction) => Partial<Transaction>): Store {
  const transaction: Store['transaction'] = (work) => store.transaction((tx) => work({ ...tx, ...change(tx) }));
  return {
    ...store,
    transaction,
    alone: {
      putReplica: (...write) => transaction((tx) => tx.putReplica(...write)),
      putReplicas: (...writes) => transaction((tx) => tx.putReplicas(...writes)),
    },
  };
}

/** A mistake in what is done with each delivery. */
export function onDelivery(
  change: (delivery: Delivery, options: HarnessOptions) => Delivery | Promise<Delivery>,
): (create: Create) => Create {
  return onBroker((broker, options) => ({
    subscribe: (queue, prefetch, receive) =>
      broker.subscribe(queue, prefetch, async (delivery) => receive(await change(delivery, options))),
  }));
}

export function onBroker(
  change: (broker: Broker, options: HarnessOptions) => Partial<Broker>,
): (create: Create) => Create {
  return onPorts((options) => ({ broker: changedBroker(brokerOf(options), (broker) => change(broker, options)) }));
}

export function changedBroker(broker: Broker, change: (broker: Broker) => Partial<Broker>): Broker {
  const changed = change(broker);
  return new Proxy(broker, {
    get(target, name) {
      const value: unknown = Reflect.get(changed, name) ?? Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

export function storeOf({ store }: HarnessOptions): Store {
  if (store === undefined) throw new Error('a simulated service is given its store');
  return store;
}

export function brokerOf({ broker }: HarnessOptions): Broker {
  if (broker === undefined) throw new Error('a simulated service is given its broker');
  return broker;
}
