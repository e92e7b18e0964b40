import process from 'node:process';
import { tcpProxy } from '../../../harness/live/tcp-proxy.js';
import type { Broker, BrokerCapabilities, Queue, Topology } from '../../../runtime/brokers/broker.js';
import { rabbitmqDefinitions } from '../../../runtime/brokers/rabbitmq/definitions.js';
import { rabbitmqBroker } from '../../../runtime/brokers/rabbitmq.js';
import { systemClock } from '../../../runtime/clock.js';
import type { BrokerUnderTest } from '../broker.js';

export interface RabbitmqUnderTest extends BrokerUnderTest {
  until(condition: () => boolean | Promise<boolean>): Promise<void>;
}

/** A broker for one test. What it and its clients declare is deleted afterwards. `orderPerKey` says whether the server has the plugin for it. */
export async function rabbitmqUnderTest(
  url: string,
  server: { readonly orderPerKey: boolean },
): Promise<RabbitmqUnderTest> {
  const declared: Topology[] = [];
  const clients: Broker[] = [];
  const proxies: { close(): Promise<void> }[] = [];

  async function client(at: string): Promise<Broker> {
    const broker = await rabbitmqBroker(at);
    clients.push(broker);
    return noting(broker, declared, { ...broker.capabilities, ...server });
  }

  return {
    broker: await client(url),
    clock: systemClock,
    until,
    async connect() {
      const proxy = await tcpProxy({ port: Number(new URL(url).port || 5672) });
      proxies.push(proxy);
      return {
        broker: await client(proxy.through(url)),
        async kill() {
          proxy.fail({ refuse: true });
          proxy.cut('reset');
        },
      };
    },
    async dispose() {
      for (const broker of clients) await broker.close();
      for (const proxy of proxies) await proxy.close();
      await remove(url, declared);
    },
  };
}

/** Tries every 5 ms; rejects after 15 s. */
export async function until(condition: () => boolean | Promise<boolean>, patienceMs = 15_000): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`it did not come true within ${patienceMs} ms: ${condition}`);
    await systemClock.sleep(5);
  }
}

/** Deletes everything that the topologies are on the server. */
export async function remove(url: string, topologies: readonly Topology[]): Promise<void> {
  const { connect } = await import('amqplib');
  const connection = await connect(url);
  const channel = await connection.createChannel();
  for (const topology of topologies) {
    const { queues, exchanges } = rabbitmqDefinitions(topology);
    for (const { name } of queues) await channel.deleteQueue(name);
    for (const { name } of exchanges) await channel.deleteExchange(name);
  }
  await connection.close();
}

/** Whether queues can have partitions on this server. */
export async function hasPartitions(url: string): Promise<boolean> {
  const broker = await rabbitmqBroker(url);
  const name = `seamwright.probe.${process.pid}`;
  const probe = { exchanges: [], queues: [queueOf(name, { partitions: 2 })] };
  const declared = await broker.declare(probe).then(
    () => true,
    () => false,
  );
  await broker.close();
  if (declared) await remove(url, [probe]);
  return declared;
}

/** A queue with its dead letters and two steps. */
export function queueOf(name: string, settings: Partial<Queue> = {}): Queue {
  return {
    ...{ name, service: 'test', bindings: [], deadLetter: `${name}.dead`, maxDeliveries: 10, partitions: 1 },
    retries: [
      { name: `${name}.retry.100ms`, delayMs: 100 },
      { name: `${name}.retry.400ms`, delayMs: 400 },
    ],
    ...settings,
  };
}

function noting(broker: Broker, declared: Topology[], capabilities: BrokerCapabilities): Broker {
  return new Proxy(broker, {
    get(target, name) {
      if (name === 'capabilities') return capabilities;
      const value: unknown = Reflect.get(target, name, target);
      if (name === 'declare') {
        return (topology: Topology) => {
          declared.push(topology);
          return target.declare(topology);
        };
      }
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
