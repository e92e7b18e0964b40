import { expect, it, vi } from 'vitest';
import { memoryBroker } from '../../runtime/brokers/memory.js';
import { createService } from '../../runtime/index.js';
import { memoryStore } from '../../runtime/stores/memory.js';
import { events, hiredEvent, ownedCompany } from './world/contracts.js';

interface Tx {
  readonly Company: { created(company: { readonly id: string; readonly name: string }): Promise<void> };
  readonly publish: { Hired(message: { readonly employeeId: string }): Promise<void> };
}

it.each([true, false])('a message leaves with the priority of its contract; through the outbox: %s', async (outbox) => {
  const broker = memoryBroker();
  const publish = vi.spyOn(broker, 'publish');
  const service = createService<Tx>(
    {
      ...{ system: 'test', service: 'people', copies: {}, effects: [] },
      owned: { Company: { ...ownedCompany, outbox, address: { ...ownedCompany.address, priority: 3 } } },
      publishes: { Hired: { ...hiredEvent, outbox, address: { ...hiredEvent.address, priority: 7 } } },
      topology: {
        exchanges: [{ name: events, kind: 'topic' }],
        queues: [
          {
            ...{ name: 'all', service: 'somebody', deadLetter: 'all.dlq', maxDeliveries: 5, partitions: 1 },
            bindings: [{ exchange: events, key: '#' }],
          },
        ],
      },
    },
    { broker, store: memoryStore() },
  );
  await service.start();
  await service.transaction(async (tx) => {
    await tx.publish.Hired({ employeeId: 'e1' });
    await tx.Company.created({ id: 'c1', name: 'One' });
  });
  await service.settled();
  await service.stop();
  expect(publish.mock.calls.map(([{ key, priority }]) => `${key} ${priority}`).sort()).toEqual([
    'accounts.company.created 3',
    'people.hired 7',
  ]);
});
