import { expect, it } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';
import { memoryBroker } from '../../runtime/brokers/memory.js';
import { systemRandom } from '../../runtime/clock.js';
import { silentLogger } from '../../runtime/log.js';
import { createPurging, purgedNote } from '../../runtime/purge.js';
import { createService } from '../../runtime/service.js';
import { memoryStore } from '../../runtime/stores/memory.js';
import { createTelemetry } from '../../runtime/telemetry.js';

const dayMs = 86_400_000;
const definition = {
  ...{ system: 'test', service: 's', owned: {}, publishes: {}, copies: {}, effects: [] },
  topology: { exchanges: [], queues: [] },
};

it('forgets claims after thirty days, in portions, and counts them', async () => {
  const clock = new VirtualClock();
  const store = memoryStore({ clock });
  const claimed = (id: string) => store.transaction((tx) => tx.claimed('c', id));
  await store.transaction(async (tx) => {
    for (let index = 0; index < 2_500; index++) await tx.claim('c', `old ${index}`);
  });
  const telemetry = createTelemetry('s');
  const purging = createPurging({
    ...{ definition, store, clock, telemetry, random: systemRandom, log: silentLogger },
    signal: new AbortController().signal,
  });
  purging.start();
  await clock.advance(29 * dayMs);
  await store.transaction((tx) => tx.claim('c', 'young'));
  expect(await claimed('old 0')).toBe(true);
  // Somebody else purges at this moment.
  let release = (): void => {};
  const elsewhere = store.transaction(async (tx) => {
    await tx.lock(['purge']);
    await new Promise<void>((done) => {
      release = done;
    });
  });
  await clock.advance(dayMs + 7_200_000);
  expect(await claimed('old 0')).toBe(true);
  release();
  await elsewhere;
  await clock.advance(7_200_000);
  expect([await claimed('old 0'), await claimed('old 2499'), await claimed('young')]).toEqual([false, false, true]);
  const counted = telemetry.snapshot().filter(({ name }) => name === 'seamwright.purged');
  expect(counted).toMatchObject([{ attributes: { kind: 'inbox' }, value: 2_500 }]);
  await purging.stop();
});

it('keeps as long as it is told', async () => {
  const clock = new VirtualClock();
  const store = memoryStore({ clock });
  await store.transaction((tx) => tx.claim('c', 'm1'));
  const keep = { inboxMs: 3_600_000 };
  const service = createService(definition, { broker: memoryBroker({ clock }), store, clock, keep });
  const claimedAt = clock.now();
  const forgotten = async () => Number(await store.transaction((tx) => tx.note(purgedNote)));
  await service.start();
  expect(await forgotten()).toBe(0);
  await clock.advance(10_800_000);
  expect(await store.transaction((tx) => tx.claimed('c', 'm1'))).toBe(false);
  // What came before this instant may have been handled: a replay of it is refused.
  const before = await forgotten();
  expect(before).toBeGreaterThan(claimedAt);
  expect(before).toBeLessThanOrEqual(clock.now() - keep.inboxMs);
  // Nothing more was forgotten since.
  await clock.advance(10_800_000);
  expect(await forgotten()).toBe(before);
  await clock.run(service.stop());
});
