import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Delivery, Queue } from '../../../runtime/brokers/broker.js';
import { systemClock } from '../../../runtime/clock.js';
import type { WireMessage } from '../../../runtime/envelope.js';

/** A prefix that no other run has. */
export function ownPrefix(): string {
  return `test-${randomUUID()}`;
}

/** Removes every key of a prefix. */
export async function forget(url: string, prefix: string): Promise<void> {
  const client = new Redis(url);
  const keys = await keysWith(client, prefix);
  if (keys.length > 0) await client.unlink(...keys);
  client.disconnect();
}

export async function keysWith(client: Redis, prefix: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for await (const keys of client.scanStream({ match: `{${prefix}}:*`, count: 1_000 })) {
    for (const key of keys as readonly string[]) found.add(key);
  }
  return [...found].sort();
}

/** Waits for a condition, be it one that has to be asked for. */
export async function until(condition: () => boolean | Promise<boolean>, patienceMs = 20_000): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('the condition did not come true');
    await systemClock.sleep(2);
  }
}

export function queueNamed(name: string, settings: Partial<Queue> = {}): Queue {
  return {
    name,
    service: 'test',
    bindings: [],
    deadLetter: `${name}.dead`,
    maxDeliveries: 10,
    partitions: 1,
    ...settings,
  };
}

export function wire(text: string, headers: Readonly<Record<string, string>> = {}): WireMessage {
  return { headers, body: new TextEncoder().encode(text) };
}

export function textOf({ message }: Pick<Delivery, 'message'>): string {
  return new TextDecoder().decode(message.body);
}
