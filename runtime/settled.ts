import type { Broker, Queue } from './brokers/broker.js';
import type { Relay } from './outbox.js';
import type { Parking } from './parking.js';
import type { Parts } from './parts.js';
import type { Sagas } from './saga/sagas.js';
import { queuesOf } from './service-queue.js';

/** What has to come to rest. */
export interface Unsettled {
  readonly parts: Parts;
  readonly relay: Relay | undefined;
  readonly parking: Parking | undefined;
  readonly sagas: Pick<Sagas, 'idle'> | undefined;
  /** Deliveries so far, and those of them that are in work. */
  readonly deliveries: { readonly received: number; readonly inWork: number };
}

/** Pause between two looks at a broker of another process, in ms. */
const lookMs = 20;

/** Resolves when nothing is queued for the service, ready in its parking place or waiting in its outbox; see `Service.settled`. */
export async function settled({ parts, relay, parking, sagas, deliveries }: Unsettled): Promise<void> {
  const { broker, store, clock, signal, definition } = parts;
  const queues = queuesOf(definition);
  for (;;) {
    const before = deliveries.received;
    await quiet(broker, queues);
    await sagas?.idle();
    await relay?.idle();
    await parking?.idle();
    const { count, later = 0, oldestDueAt = 0 } = await store.transaction((tx) => tx.outboxBacklog());
    // Messages that may not leave yet: only time helps. Those that are meant to leave later are not waited for, unless it is time.
    if ((count > 0 || (later > 0 && oldestDueAt <= clock.now())) && relay?.unheard() !== true)
      await clock.sleep(10, signal);
    else if (before === deliveries.received) return;
  }

  async function quiet(of: Broker, all: readonly Queue[]): Promise<void> {
    const idle: unknown = Reflect.get(of, 'idle');
    if (typeof idle === 'function')
      await idle.call(
        of,
        all.map(({ name }) => name),
      );
    else await quietAfar(of, all);
  }

  /** Other processes count a moment behind, and what is on its way to this one is nowhere: two looks in a row have to find nothing. */
  async function quietAfar(of: Broker, all: readonly Queue[]): Promise<void> {
    for (let empty = 0; empty < 2; ) {
      const before = deliveries.received;
      const depths = await Promise.all(all.map((queue) => of.admin.depth(queue)));
      const waiting = depths.reduce((sum, depth) => sum + (depth === null ? 0 : depth.ready + depth.delayed), 0);
      await clock.sleep(lookMs, signal);
      const nothing = waiting === 0 && deliveries.inWork === 0 && before === deliveries.received;
      empty = nothing ? empty + 1 : 0;
    }
  }
}
