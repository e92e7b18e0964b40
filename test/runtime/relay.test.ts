import { expect, it } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';
import type { Broker } from '../../runtime/brokers/broker.js';
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
  await inner.transaction((tx) => tx.appendOutbox([row('a', 'a'), row('b', 'b')]));
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

const bare = {
  ...{ system: 'test', service: 's', owned: {}, publishes: {}, copies: {}, effects: [] },
  topology: { exchanges: [], queues: [] },
};

function row(id: string, key: string) {
  return { id, key, address: { exchange: '', key: id }, message: companyWire({ sequence: 1 }), dueAt: 0 };
}

/** Services on one outbox; `publish` gets the id of each message, and decides what becomes of it. */
function relays(store: Store, publish: (id: string, relay: number) => Promise<void>, count = 1) {
  const clock = new VirtualClock();
  const services = Array.from({ length: count }, (_, index) => {
    const broker: Broker = Object.assign(memoryBroker({ clock }), {
      publish: (address: { readonly key: string }) => publish(address.key, index),
    });
    return createService(bare, { broker, store, clock });
  });
  return { clock, services };
}

it('holds no transaction open while it publishes, and sends the messages of a key in order, as a run', async () => {
  const inner = memoryStore();
  let open = 0;
  const openAt: number[] = [];
  const sent: string[] = [];
  const store: Store = {
    ...inner,
    transaction: async (work) => {
      open += 1;
      try {
        return await inner.transaction(work);
      } finally {
        open -= 1;
      }
    },
  };
  const { clock, services } = relays(store, async (id) => {
    await clock.sleep(5);
    openAt.push(open);
    sent.push(id);
  });
  const ids = Array.from({ length: 120 }, (_, index) => `m${index}`);
  await inner.transaction((tx) => tx.appendOutbox(ids.map((id) => row(id, 'hot'))));
  await services[0]?.start();
  // A sweep a second would take two minutes if each look sent one.
  await clock.advance(2_000);
  expect(sent).toEqual(ids);
  expect(new Set(openAt)).toEqual(new Set([0]));
  expect(await inner.transaction((tx) => tx.outboxBacklog())).toEqual({ count: 0 });
  for (const service of services) await clock.run(service.stop());
});

it('shares the outbox with another relay: nothing twice, and each key in order, though tries fail', async () => {
  const store = memoryStore();
  const sent: string[] = [];
  let tries = 0;
  const { clock, services } = relays(
    store,
    async (id, relay) => {
      await clock.sleep(1 + ((tries * 7 + relay) % 5));
      tries += 1;
      if (tries % 11 === 0) throw new UnavailableError('the broker');
      sent.push(id);
    },
    2,
  );
  const ids = Array.from({ length: 200 }, (_, index) => `${index % 5}:${index}`);
  await store.transaction((tx) => tx.appendOutbox(ids.map((id) => row(id, `key ${id.split(':')[0]}`))));
  for (const service of services) await service.start();
  await clock.advance(120_000);
  expect(sent).toHaveLength(ids.length);
  for (const key of ['0', '1', '2', '3', '4']) {
    const own = (all: readonly string[]) => all.filter((id) => id.startsWith(`${key}:`));
    expect(own(sent)).toEqual(own(ids));
  }
  for (const service of services) await clock.run(service.stop());
});

it('sends what a relay had taken when it crashed, once its time is over', async () => {
  const store = memoryStore();
  const sent: string[] = [];
  const { clock, services } = relays(store, async (id) => void sent.push(id));
  await store.transaction((tx) => tx.appendOutbox([row('m1', 'a'), row('m2', 'a')]));
  const nowMs = clock.now();
  await store.transaction((tx) => tx.takeOutbox({ nowMs, untilMs: nowMs + 10_000, limit: 9, runMax: 9 }));
  await services[0]?.start();
  await clock.advance(9_000);
  expect(sent).toEqual([]);
  await clock.advance(3_000);
  expect(sent).toEqual(['m1', 'm2']);
  for (const service of services) await clock.run(service.stop());
});

it('does not send again what left while the store was away', async () => {
  const inner = memoryStore();
  let away = false;
  const store: Store = {
    ...inner,
    transaction: (work) => (away ? Promise.reject(new UnavailableError('the store')) : inner.transaction(work)),
  };
  const sent: string[] = [];
  const { clock, services } = relays(store, async (id) => {
    sent.push(id);
    away = true;
  });
  await inner.transaction((tx) => tx.appendOutbox([row('m1', 'a')]));
  await services[0]?.start();
  // Longer than messages stay taken.
  await clock.advance(60_000);
  expect(sent).toEqual(['m1']);
  away = false;
  await clock.advance(5_000);
  expect(sent).toEqual(['m1']);
  expect(await inner.transaction((tx) => tx.outboxBacklog())).toEqual({ count: 0 });
  for (const service of services) await clock.run(service.stop());
});
