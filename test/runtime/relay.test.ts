import { expect, it } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';
import { memoryBroker } from '../../runtime/brokers/memory.js';
import { UnavailableError } from '../../runtime/errors.js';
import { createService } from '../../runtime/service.js';
import { memoryStore } from '../../runtime/stores/memory.js';
import type { Store } from '../../runtime/stores/store.js';
import { companyWire } from './world/messages.js';

it('does not look all the time for a message that another process has sent', async () => {
  const clock = new VirtualClock();
  const broker = memoryBroker({ clock });
  const inner = memoryStore();
  let looks = 0;
  const store: Store = {
    ...inner,
    transaction: (work) => {
      looks += 1;
      return inner.transaction(work);
    },
  };
  const service = createService(
    {
      ...{ system: 'test', service: 's', owned: {}, publishes: {}, copies: {}, effects: [] },
      topology: { exchanges: [], queues: [] },
    },
    {
      broker: Object.assign(broker, { publish: () => Promise.reject(new UnavailableError('the broker')) }),
      store,
      clock,
    },
  );
  const row = (id: string) => ({
    ...{ id, key: id, address: { exchange: '', key: 'nowhere' }, message: companyWire({ sequence: 1 }), dueAt: 0 },
  });
  await inner.transaction((tx) => tx.appendOutbox([row('a'), row('b')]));
  await service.start();
  await clock.advance(60_000);
  // Somebody else got through with one of the two.
  await inner.transaction((tx) => tx.removeOutbox(['a']));
  await clock.advance(60_000);
  looks = 0;
  await clock.advance(60_000);
  // Two transactions per look, one look per second, and some for the tries.
  expect(looks).toBeLessThan(200);
  await clock.run(service.stop());
});
