import { connect, type Socket } from 'node:net';
import process from 'node:process';
import { kafkaMock } from '../../../harness/live/servers/kafka-mock.js';
import type { LiveServer } from '../../../harness/live/servers/server.js';
import type { KafkaSockets } from '../../../runtime/brokers/kafka/driver.js';
import { type KafkaBroker, kafkaBroker } from '../../../runtime/brokers/kafka.js';
import { systemClock } from '../../../runtime/clock.js';
import { type AtHand, serverKinds } from '../at-hand.js';
import type { BrokerUnderTest } from '../broker.js';

/** The cluster that the environment names, else a mock cluster of this test run. */
export async function kafkaAtHand(): Promise<AtHand & { readonly mock?: LiveServer }> {
  const named = process.env[serverKinds.kafka.variable];
  if (named !== undefined) return { url: named };
  const mock = await kafkaMock();
  if (mock === undefined) return { missing: `neither ${serverKinds.kafka.variable} nor kcat in PATH` };
  // The mock waits for nearly a whole session before it lets a second consumer in.
  return { url: `${mock.url}?sessionTimeoutMs=3000&rebalanceTimeoutMs=3000`, mock };
}

/** A client whose process can die: its connections break, and it gets no new ones until it is revived. */
export async function mortal(
  url: string,
): Promise<{ readonly broker: KafkaBroker; kill(): Promise<void>; revive(): void }> {
  const open = new Set<Socket>();
  let dead = false;
  const sockets: KafkaSockets = ({ host, port, onConnect }) => {
    // Nobody listens on port 1.
    const socket = connect({ host, port: dead ? 1 : port }, onConnect);
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    return socket;
  };
  const broker = await kafkaBroker(url, { sockets });
  return {
    broker,
    async kill() {
      dead = true;
      for (const socket of open) socket.destroy(new Error('connection reset'));
    },
    revive() {
      dead = false;
    },
  };
}

export async function kafkaUnderTest(url: string): Promise<BrokerUnderTest> {
  const broker = await kafkaBroker(url);
  const clients: KafkaBroker[] = [broker];
  return {
    broker,
    clock: systemClock,
    until,
    async connect() {
      const client = await mortal(url);
      clients.push(client.broker);
      return client;
    },
    async dispose() {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

/** Rejects after 25 s: joining a group takes three, taking over from a dead consumer as long as its session. */
export async function until(condition: () => boolean): Promise<void> {
  for (const end = systemClock.now() + 25_000; !condition(); await systemClock.sleep(5)) {
    if (systemClock.now() > end) throw new Error('the condition did not come true within 25 s');
  }
}
