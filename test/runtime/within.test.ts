import { expect, it } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';
import { memoryBroker } from '../../runtime/brokers/memory.js';
import { outgoing } from '../../runtime/define.js';
import type { ServiceTransaction } from '../../runtime/index.js';
import { createService } from '../../runtime/service.js';
import { memoryStore } from '../../runtime/stores/memory.js';
import type { Store } from '../../runtime/stores/store.js';

const greeted = outgoing({
  message: { name: 'Greeted', version: '1', validate: (data): data is object => data !== null },
  address: { exchange: 'test.events', key: 'greeted' },
  outbox: false,
});
const definition = {
  ...{ system: 'test', service: 's', owned: {}, publishes: { greeted }, copies: {}, effects: [] },
  topology: { exchanges: [{ name: 'test.events', kind: 'topic' as const }], queues: [] },
};
type Tx = ServiceTransaction & { readonly publish: { greeted(message: object): Promise<void> } };

function service(store: Store) {
  const clock = new VirtualClock();
  return { clock, service: createService<Tx>(definition, { broker: memoryBroker({ clock }), store, clock }) };
}

it('keeps what is sent within a transaction of the caller in the outbox, since nobody here learns of the commit', async () => {
  const inner = memoryStore();
  const client = {};
  const store: Store = {
    ...inner,
    within: (joined, work) => {
      expect(joined).toBe(client);
      return inner.transaction(work);
    },
  };
  const { clock, service: started } = service(store);
  await started.start();
  const answer = await started.within(client, async (tx) => {
    await tx.publish.greeted({ to: 'all' });
    return 'done';
  });
  expect(answer).toBe('done');
  expect(await inner.transaction((tx) => tx.outboxBacklog())).toMatchObject({ count: 1 });
  const nested = started.transaction(async () => started.within(client, async () => {}));
  await expect(nested).rejects.toMatchObject({ code: 'usage' });
  await clock.run(started.stop());
});

it('is refused by a store that has no clients', async () => {
  const { clock, service: started } = service(memoryStore());
  await started.start();
  await expect(started.within({}, async () => {})).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('postgres:'),
  });
  await clock.run(started.stop());
});
