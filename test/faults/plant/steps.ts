import type { Broker, Delivery } from '../../../runtime/brokers/broker.js';
import type { Store, Transaction } from '../../../runtime/stores/store.js';

/** What a service runs on. */
export interface Ports {
  readonly broker: Broker;
  readonly store: Store;
}

/**
 * The same ports; `reach` is told before and after everything that leaves the process: `before commit`, `after commit`, `before tx.claim`. It is not awaited:
 * who kills the process in it does so between two steps.
 */
export function stepping({ broker, store }: Ports, reach: (step: string) => void): Ports {
  return { broker: steppingBroker(broker, reach), store: steppingStore(store, reach) };
}

type Reach = (step: string) => void;

function around<Args extends readonly unknown[], T>(
  reach: Reach,
  name: string,
  call: (...args: Args) => Promise<T>,
): (...args: Args) => Promise<T> {
  return async (...args) => {
    reach(`before ${name}`);
    const result = await call(...args);
    reach(`after ${name}`);
    return result;
  };
}

function steppingStore(store: Store, reach: Reach): Store {
  return {
    kind: store.kind,
    prepare: (tables) => store.prepare(tables),
    close: () => store.close(),
    async transaction(work) {
      reach('before begin');
      const result = await store.transaction(async (tx) => {
        reach('after begin');
        const done = await work(steppingTransaction(tx, reach));
        reach('before commit');
        return done;
      });
      reach('after commit');
      return result;
    },
    ...(store.alone !== undefined && {
      alone: {
        putReplica: around(reach, 'alone.putReplica', store.alone.putReplica),
        putReplicas: around(reach, 'alone.putReplicas', store.alone.putReplicas),
      },
    }),
  };
}

function steppingTransaction(tx: Transaction, reach: Reach): Transaction {
  const methods = Object.entries(tx).map(([name, method]) => [name, around(reach, `tx.${name}`, method)]);
  return Object.fromEntries(methods) as Transaction;
}

function steppingBroker(broker: Broker, reach: Reach): Broker {
  const publish = around(reach, 'publish', (...args: Parameters<Broker['publish']>) => broker.publish(...args));
  const subscribe: Broker['subscribe'] = (queue, options, receive) =>
    broker.subscribe(queue, options, (delivery) => {
      reach('before delivery');
      return receive(steppingDelivery(delivery, reach));
    });
  return new Proxy(broker, {
    get(target, name) {
      if (name === 'publish') return publish;
      if (name === 'subscribe') return subscribe;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function steppingDelivery(delivery: Delivery, reach: Reach): Delivery {
  return {
    message: delivery.message,
    queue: delivery.queue,
    attempt: delivery.attempt,
    ack: around(reach, 'ack', () => delivery.ack()),
    retry: around(reach, 'retry', (delayMs: number) => delivery.retry(delayMs)),
    deadLetter: around(reach, 'deadLetter', (headers: Readonly<Record<string, string>>) =>
      delivery.deadLetter(headers),
    ),
  };
}
