import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Broker, Delivery, Queue, Subscription } from '../../../runtime/brokers/broker.js';
import type { WireMessage } from '../../../runtime/envelope.js';

/** Waits for a condition, asked every few milliseconds. */
export async function until(condition: () => boolean | Promise<boolean>, patienceMs = 25_000): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`the condition did not hold within ${patienceMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The server as an operator sees it, past the broker under test. */
export async function operator(
  url: string,
): Promise<{ readonly link: NatsConnection; readonly manager: JetStreamManager }> {
  const { host, username, password } = new URL(url);
  const link = await connect({ servers: host, ...(username !== '' && { user: username, pass: password }) });
  return { link, manager: await jetstreamManager(link) };
}

/** Deletes the streams of queues whose names begin so, and their entries in the bucket. */
export async function removeQueues(url: string, prefix: RegExp): Promise<void> {
  const { link, manager } = await operator(url);
  for await (const name of manager.streams.names()) {
    if (prefix.test(name.replace(/^SW_/, ''))) await manager.streams.delete(name);
  }
  const known = await manager.streams.info('KV_seamwright', { subjects_filter: '>' }).catch(() => undefined);
  for (const subject of Object.keys(known?.state.subjects ?? {})) {
    const name = subject.replace(/^\$KV\.seamwright\.(?:exchange|queue|binding)\./, '');
    if (prefix.test(name)) await manager.streams.purge('KV_seamwright', { filter: subject });
  }
  await link.close();
}

export function queueNamed(name: string, settings: Partial<Queue> = {}): Queue {
  const usual = { service: 'test', bindings: [], deadLetter: `${name}.dead`, maxDeliveries: 10, partitions: 1 };
  return { name, ...usual, ...settings };
}

export function wire(text: string, headers: Readonly<Record<string, string>> = {}): WireMessage {
  return { headers, body: new TextEncoder().encode(text) };
}

export function textOf({ message }: Pick<Delivery, 'message'>): string {
  return new TextDecoder().decode(message.body);
}

export interface Seen {
  readonly lines: readonly (readonly [text: string, attempt: number])[];
  readonly deliveries: readonly Delivery[];
  readonly subscription: Subscription;
}

/** Subscribes, and writes down every hand-over. */
export async function collect(
  broker: Broker,
  queue: string,
  handle: (delivery: Delivery) => Promise<void> = (delivery) => delivery.ack(),
  prefetch = 10,
): Promise<Seen> {
  const deliveries: Delivery[] = [];
  const subscription = await broker.subscribe(queue, { prefetch }, async (delivery) => {
    deliveries.push(delivery);
    await handle(delivery);
  });
  return {
    deliveries,
    subscription,
    get lines() {
      return deliveries.map((delivery) => [textOf(delivery), delivery.attempt] as const);
    },
  };
}
