import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';
import { memoryBroker } from '../../runtime/brokers/memory.js';
import { outgoing } from '../../runtime/define.js';
import type { MessageDefinition } from '../../runtime/definition.js';
import { createService } from '../../runtime/service.js';
import type { ServiceTransaction } from '../../runtime/service-transaction.js';
import { memoryStore } from '../../runtime/stores/memory.js';

interface Told {
  readonly id: string;
}
const told: MessageDefinition<Told> = {
  name: 'Told',
  version: '1',
  validate: Object.assign((data: unknown): data is Told => typeof data === 'object', {}),
};
const exchange = { name: 'shop.events', kind: 'topic' } as const;

interface Telling extends ServiceTransaction {
  readonly publish: { Told(message: Told): Promise<void> };
}

describe('settled', () => {
  it('does not wait for a consumer that has never been there, and what was told is kept for it', async () => {
    const clock = new VirtualClock();
    const broker = memoryBroker({ clock });
    const service = createService<Telling>(
      {
        system: 'shop',
        service: 'teller',
        owned: {},
        publishes: {
          Told: outgoing<Told>({ message: told, address: { exchange: exchange.name, key: 'told' }, outbox: true }),
        },
        copies: {},
        effects: [],
        topology: { exchanges: [exchange], queues: [] },
      },
      { broker, clock, store: memoryStore() },
    );
    await clock.run(service.start());
    await clock.run(service.transaction((tx) => tx.publish.Told({ id: '1' })));
    await clock.run(service.settled(), 60_000);
    await broker.declare({
      exchanges: [exchange],
      queues: [
        {
          name: 'late',
          service: 'late',
          bindings: [{ exchange: exchange.name, key: '#' }],
          deadLetter: 'late.dlq',
          maxDeliveries: 5,
          partitions: 1,
        },
      ],
    });
    await clock.advance(60_000);
    await clock.run(service.settled(), 60_000);
    expect(broker.messages('late')).toHaveLength(1);
    await clock.run(service.stop());
  });
});
