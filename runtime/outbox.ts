import { background } from './background.js';
import { UnroutableError } from './errors.js';
import { handOver } from './hand-over.js';
import type { Parts } from './parts.js';
import type { OutboxMessage } from './stores/store.js';

/** Moves committed messages to the broker. */
export interface Relay {
  /** Looks at the outbox now; called after each commit that wrote to it. */
  wake(): void;
  /** Looks every `sweepMs` as well, for what another process left behind. */
  start(): void;
  /** Resolves when a look has found nothing that could leave now. */
  idle(): Promise<void>;
  /** True when the last look found only messages that no queue takes: they wait for a consumer that has never been there. */
  unheard(): boolean;
  /** Tries once more to empty the outbox, then ends; what the broker does not take stays for the next start. */
  stop(): Promise<void>;
}

const sweepMs = 1_000;
const batch = 100;
const backoff = { firstMs: 100, maxMs: 30_000 };

/**
 * Publishes outbox messages, each confirmed by the broker before its row goes. A crash in between sends a message twice, never not at all.
 *
 * The oldest message of each key goes first and blocks the later ones of its key only: an address that nobody listens to yet does not hold up others.
 */
export function createRelay(parts: Parts): Relay {
  /** Keys whose oldest message could not be published: tries so far, and when to try again. */
  const blocked = new Map<string, { readonly tries: number; readonly until: number; readonly unroutable: boolean }>();
  let unheard = false;
  let cancelTimer = (): void => {};

  const task = background(
    async () => {
      // First of all, so that a look that fails is followed by another one.
      schedule(sweepMs);
      const startedAt = parts.clock.now();
      while (await relayBatch());
      await plan(startedAt);
    },
    (error) => parts.log.warn({ error }, 'the outbox could not be read'),
  );

  /** True when something left: there may be more behind it. */
  async function relayBatch(): Promise<boolean> {
    const nowMs = parts.clock.now();
    return parts.store.transaction(async (tx) => {
      // Blocked messages are handed out each time; they must not crowd out the others.
      const due = await tx.takeOutbox(batch + blocked.size, nowMs);
      const ready = due.filter(({ key }) => (blocked.get(key)?.until ?? 0) <= nowMs);
      const sent = await Promise.all(ready.map(publishOne));
      const gone = ready.filter((_, index) => sent[index]);
      await tx.removeOutbox(gone.map(({ id }) => id));
      unheard = due.length > 0 && gone.length === 0 && due.every(({ key }) => blocked.get(key)?.unroutable === true);
      return gone.length > 0;
    });
  }

  async function publishOne({ key, address, message, id }: OutboxMessage): Promise<boolean> {
    try {
      await handOver(parts, { address, message });
      blocked.delete(key);
      parts.telemetry.count('messaging.client.sent.messages', { destination: address.exchange });
      return true;
    } catch (error) {
      const tries = (blocked.get(key)?.tries ?? 0) + 1;
      const delayMs = Math.min(backoff.firstMs * 2 ** Math.min(tries - 1, 20), backoff.maxMs);
      blocked.set(key, {
        tries,
        until: parts.clock.now() + delayMs * (0.5 + parts.random.next() / 2),
        unroutable: error instanceof UnroutableError,
      });
      parts.telemetry.count('seamwright.outbox.failures', { destination: address.exchange });
      parts.log.warn({ outboxId: id, ...address, tries, error }, 'a message could not be published, trying again');
      return false;
    }
  }

  /** After a look that began at `startedAt`: sets the timer for the next one: a sweep, or sooner when a message falls due or may be tried again. */
  async function plan(startedAt: number): Promise<void> {
    const nowMs = parts.clock.now();
    const { count, oldestDueAt } = await parts.store.transaction((tx) => tx.outboxBacklog());
    parts.telemetry.gauge('seamwright.outbox.pending', count);
    parts.telemetry.gauge(
      'seamwright.outbox.oldest_age',
      oldestDueAt === undefined ? 0 : Math.max(0, nowMs - oldestDueAt) / 1000,
    );
    // One that was due and not tried again has not been handed out: another process has sent it, or is about to.
    for (const [key, { until }] of blocked) if (count === 0 || until <= startedAt) blocked.delete(key);
    const soon = [...blocked.values()].map(({ until }) => until);
    if (oldestDueAt !== undefined && oldestDueAt > nowMs) soon.push(oldestDueAt);
    schedule(Math.min(sweepMs, ...soon.map((at) => Math.max(at - nowMs, 1))));
  }

  function schedule(delayMs: number): void {
    cancelTimer();
    cancelTimer = parts.signal.aborted ? () => {} : parts.clock.timer(delayMs, task.wake);
  }

  return {
    wake: task.wake,
    start: task.wake,
    idle: task.idle,
    unheard: () => unheard,
    async stop() {
      cancelTimer();
      await task.idle();
      blocked.clear();
      task.wake();
      await task.idle();
      await task.stop();
      cancelTimer();
    },
  };
}
