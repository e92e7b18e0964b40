import { background } from './background.js';
import { compareCodePoints } from './code-points.js';
import { UnroutableError } from './errors.js';
import { handOver } from './hand-over.js';
import type { Parts } from './parts.js';
import type { OutboxMessage, Transaction } from './stores/store.js';

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
/** Messages of one key that leave one after the other before other keys get their turn. */
const runMax = 50;
/**
 * How long taken messages are one relay's alone. Those of a relay that crashed leave so much later; one that takes longer, or clocks that are further apart,
 * cost repetitions.
 */
const leaseMs = 10_000;
const backoff = { firstMs: 100, maxMs: 30_000 };

/**
 * Publishes outbox messages, each confirmed by the broker before its row goes. A crash in between sends a message twice, never not at all.
 *
 * Messages are taken for a while, published outside any transaction, and removed: a slow broker holds no transaction open. Those of one key leave one after
 * the other; one that fails blocks the later ones of its key only: an address that nobody listens to yet does not hold up others.
 */
export function createRelay(parts: Parts): Relay {
  /** Keys whose oldest message could not be published: tries so far, and when to try again. */
  const blocked = new Map<string, { readonly tries: number; readonly until: number; readonly unroutable: boolean }>();
  /** Messages that were taken and dealt with, and are not yet removed or given back. */
  let left: Left = { sent: [], kept: [], untilMs: 0 };
  let after: string | undefined;
  let unheard = false;
  /** Whether the last look found messages that are meant to leave later. */
  let wasLater = false;
  let cancelTimer = (): void => {};

  const task = background(
    async () => {
      // First of all, so that a look that fails is followed by another one.
      schedule(sweepMs);
      const startedAt = parts.clock.now();
      let look = await relayBatch();
      while (look.more) look = await relayBatch();
      plan(startedAt, look.backlog ?? (await parts.store.transaction((tx) => tx.outboxBacklog())));
    },
    (error) => parts.log.warn({ error }, 'the outbox could not be read'),
  );

  async function relayBatch(): Promise<Look> {
    await settle();
    const nowMs = parts.clock.now();
    // With a fraction that no other relay's has: what is given back must still be ours.
    const untilMs = nowMs + leaseMs + parts.random.next();
    const except = [...blocked].filter(([, { until }]) => until > nowMs).map(([key]) => key);
    const { taken, backlog } = await parts.store.transaction(async (tx) => {
      const bounds = { nowMs, untilMs, limit: batch, runMax, except };
      const found = await tx.takeOutbox({ ...bounds, ...(after !== undefined && { after }) });
      // Most looks find nothing: those cost one transaction.
      return { taken: found, backlog: found.length === 0 ? await tx.outboxBacklog() : undefined };
    });
    const began = after;
    // Round after round through all keys, so that busy ones do not hide the others.
    after = taken.length < batch ? undefined : greatest(taken.map(({ key }) => key));
    left = { ...left, untilMs };
    await Promise.all([...runsOf(taken)].map(([key, run]) => publishRun(key, run, untilMs)));
    const sent = left.sent.length;
    await settle();
    unheard = sent === 0 && blocked.size > 0 && [...blocked.values()].every(({ unroutable }) => unroutable);
    return { more: sent > 0 || began !== undefined, backlog };
  }

  /** In order, up to the first that fails. Begins none when somebody else may have taken the rest by now. */
  async function publishRun(key: string, run: readonly OutboxMessage[], untilMs: number): Promise<void> {
    for (const [index, message] of run.entries()) {
      const waited = parts.clock.now() >= untilMs;
      if (waited || !(await publishOne(key, message))) {
        left.kept.push(...run.slice(index).map(({ id }) => id));
        return;
      }
      left.sent.push(message.id);
    }
  }

  /** Takes down what became of taken messages. While the store is away they are remembered: what was sent need not be sent again. */
  async function settle(): Promise<void> {
    const { sent, kept, untilMs } = left;
    if (sent.length + kept.length === 0) return;
    await parts.store.transaction(async (tx) => {
      if (sent.length > 0) await tx.removeOutbox(sent);
      if (kept.length > 0) await tx.giveBackOutbox(kept, untilMs);
    });
    left = { sent: [], kept: [], untilMs: 0 };
  }

  async function publishOne(key: string, { address, message, id }: OutboxMessage): Promise<boolean> {
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
  function plan(startedAt: number, backlog: Backlog): void {
    const nowMs = parts.clock.now();
    const { count, later = 0, oldestDueAt, waitingSince = nowMs } = backlog;
    parts.telemetry.gauge('seamwright.outbox.pending', count);
    if (later > 0 || wasLater) parts.telemetry.gauge('seamwright.outbox.later', later);
    wasLater = later > 0;
    parts.telemetry.gauge('seamwright.outbox.oldest_age', Math.max(0, nowMs - waitingSince) / 1000);
    // One that was due and not tried again has not been handed out: another process has sent it, or is about to.
    for (const [key, { until }] of blocked) if (count + later === 0 || until <= startedAt) blocked.delete(key);
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

interface Look {
  /** Something left: there may be more behind it. */
  readonly more: boolean;
  /** What waits; absent when something was taken, since it has changed by then. */
  readonly backlog: Backlog | undefined;
}

type Backlog = Awaited<ReturnType<Transaction['outboxBacklog']>>;

interface Left {
  readonly sent: string[];
  readonly kept: string[];
  /** Until when they are taken. */
  readonly untilMs: number;
}

function runsOf(messages: readonly OutboxMessage[]): ReadonlyMap<string, readonly OutboxMessage[]> {
  const runs = new Map<string, OutboxMessage[]>();
  for (const message of messages) {
    const run = runs.get(message.key) ?? [];
    runs.set(message.key, run);
    run.push(message);
  }
  return runs;
}

function greatest(keys: readonly string[]): string | undefined {
  return keys.reduce<string | undefined>(
    (most, key) => (most === undefined || compareCodePoints(key, most) > 0 ? key : most),
    undefined,
  );
}
