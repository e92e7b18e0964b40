import type { Queue } from '../../runtime/brokers/broker.js';
import { deadLetterHeaders } from '../../runtime/brokers/dead-letter.js';
import { failureHeaders } from '../../runtime/consume/dead-letter.js';
import type { WireMessage } from '../../runtime/envelope.js';
import { queuesOf } from '../../runtime/service-queue.js';
import { messageType } from '../../runtime/wire.js';
import type { InhabitedWorld } from './inhabited.js';
import { stepOfWire } from './observed-broker.js';

const { consumer: _, ...others } = failureHeaders;
const gained = new Set<string>([...Object.values(deadLetterHeaders), ...Object.values(others)]);

/** Puts every dead letter of a service back into the queue that it came from: as it first came, aimed at those who could not take it. */
export async function replayDeadLetters(world: InhabitedWorld, service: string): Promise<void> {
  const { definition } = world.subject.services.get(service) ?? {};
  for (const queue of definition === undefined ? [] : queuesOf(definition)) await replayInto(world, service, queue);
}

async function replayInto(world: InhabitedWorld, service: string, queue: Queue): Promise<void> {
  if (!world.broker.hasQueue(queue.name)) return;
  await world.broker.admin.sweepDeadLetters(queue, async (letter) => {
    const message = asItCame(letter);
    const partitionKey = message.headers['ce-partitionkey'];
    const facts = { queue: queue.name, messageId: message.headers['ce-id'] ?? '', type: messageType(message) ?? '' };
    world.witness.see(service, stepOfWire(message), { kind: 'replayed', ...facts });
    await world.broker.publish(
      { exchange: '', key: queue.name, ...(partitionKey !== undefined && { partitionKey }) },
      message,
    );
    return 'remove';
  });
}

function asItCame({ headers, body }: WireMessage): WireMessage {
  return { headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !gained.has(name))), body };
}
