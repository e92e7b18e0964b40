import { expect, it } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';
import { memoryBroker } from '../../runtime/brokers/memory.js';
import type { ServiceDefinition } from '../../runtime/definition.js';
import { createService } from '../../runtime/service.js';
import { memoryStore } from '../../runtime/stores/memory.js';
import type { ParkedMessage, Store } from '../../runtime/stores/store.js';
import { companyCopy, employeeCopy } from './world/contracts.js';
import { companyWire, employeeWire } from './world/messages.js';

const definition: ServiceDefinition = {
  ...{ system: 'test', service: 's', owned: {}, publishes: {}, effects: [], queue: 'q' },
  copies: { Company: companyCopy, Employee: employeeCopy() },
  topology: {
    exchanges: [],
    queues: [{ name: 'q', service: 's', bindings: [], deadLetter: 'q.dlq', maxDeliveries: 3, partitions: 1 }],
  },
};

const hour = 3_600_000;

it('gives up what it can no longer read, and goes on with the rest', async () => {
  const clock = new VirtualClock();
  const store = memoryStore();
  const unreadable = { headers: {}, body: new TextEncoder().encode('once this was a message') };
  await store.transaction(async (tx) => {
    // More than one round takes, and older than the readable one.
    for (let index = 0; index < 150; index++) await tx.park(parked(clock, `bad${index}`, unreadable));
    await tx.park({ ...parked(clock, 'e1', employeeWire({ at: 1 })), parkedAt: clock.now() });
  });
  const broker = memoryBroker({ clock });
  const service = createService(definition, { broker, store, clock });
  await clock.run(service.start());
  await broker.publish({ exchange: '', key: 'q' }, companyWire({ sequence: 1 }));
  await clock.run(service.settled());
  expect(await clock.run(service.copies.Employee?.get('e1') ?? Promise.resolve(null))).toMatchObject({ id: 'e1' });
  expect(broker.deadLetters('q')).toHaveLength(150);
  expect(broker.deadLetters('q')[0]?.headers).toMatchObject({ 'sw-reason': 'undecodable' });
  await clock.run(service.stop());
});

it('leaves alone for a while what it cannot settle', async () => {
  const clock = new VirtualClock();
  const inner = memoryStore();
  await inner.transaction(async (tx) => {
    for (let index = 0; index < 100; index++) {
      await tx.park({ ...parked(clock, `e${index}`, employeeWire({ id: `e${index}`, at: 1 })), timeoutAt: 0 });
    }
  });
  let looks = 0;
  const store: Store = {
    ...inner,
    transaction: (work) =>
      inner.transaction((tx) =>
        work({
          ...tx,
          takeParked: (options) => {
            looks += 1;
            if (looks > 50) throw new Error('looks without end');
            return tx.takeParked(options);
          },
          park: () => Promise.reject(new Error('the disk is full')),
          appendOutbox: () => Promise.reject(new Error('the disk is full')),
        }),
      ),
  };
  const service = createService(definition, { broker: memoryBroker({ clock }), store, clock });
  await clock.run(service.start());
  await clock.advance(1_000);
  expect(looks).toBeLessThan(10);
  await clock.run(service.stop());
});

function parked(clock: VirtualClock, id: string, message: ParkedMessage['message']): ParkedMessage {
  return {
    ...{ consumer: 'surveys.SyncedEmployee', entity: 'Employee', entityId: id, messageId: `m-${id}`, message },
    ...{ dependency: { entity: 'Company', id: 'c1' }, version: { epoch: 0, sequence: 1n, tie: '' }, attempts: 0 },
    ...{ parkedAt: clock.now() - hour, timeoutAt: clock.now() + hour, expiresAt: clock.now() + 2 * hour },
  };
}
