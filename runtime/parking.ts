import { background } from './background.js';
import { causeOf } from './cause.js';
import { concludeAlone } from './consume/conclude.js';
import type { Consumer, Received, Released } from './consume/consumer.js';
import { aimedAt, buryParked } from './consume/dead-letter.js';
import { observe } from './consume/observe.js';
import { processMessage } from './consume/process.js';
import { problemsOf } from './consume/validate.js';
import { inTransaction } from './in-transaction.js';
import type { Parts } from './parts.js';
import { consumerQueue } from './service-queue.js';
import { decode } from './wire.js';

/** Brings parked messages back: when what they wait for has come, when their time is over, and every few seconds a look at the oldest. */
export interface Parking {
  /** Something became ready. */
  wake(): void;
  start(): void;
  /** Resolves when nothing is ready. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const sweepMs = 5_000;
const batch = 100;

/** `looked` is told after each round which consumers' messages may have become fewer: the moment to see whether there is room again. */
export function createParking(
  parts: Parts,
  consumers: readonly Consumer[],
  looked: (consumers: readonly Consumer[]) => Promise<void>,
): Parking {
  let cancelTimer = (): void => {};
  let sweep = false;

  const task = background(
    async () => {
      const sweeping = sweep;
      sweep = false;
      const touched: Consumer[] = [];
      for (const consumer of consumers) {
        if ((await releaseAll(consumer, sweeping)) || sweeping) touched.push(consumer);
      }
      await looked(touched);
    },
    (error) => parts.log.warn({ error }, 'parked messages could not be looked at'),
  );

  /** True when there was anything to look at. */
  async function releaseAll(consumer: Consumer, sweeping: boolean): Promise<boolean> {
    let found = false;
    for (let look = sweeping; ; look = false) {
      const taken = await parts.store.transaction((tx) =>
        tx.takeParked({ nowMs: parts.clock.now(), limit: batch, consumer: consumer.definition.name, sweep: look }),
      );
      let settled = 0;
      for (const message of taken) if (await releaseOne(consumer, message)) settled += 1;
      found ||= taken.length > 0;
      // What became ready meanwhile has asked for another run; what is stuck would be handed out again at once, for ever.
      if (taken.length < batch || settled === 0) return found;
    }
  }

  /** One that cannot be released must not hold up the others; false for such a one. */
  async function releaseOne(consumer: Consumer, message: Released): Promise<boolean> {
    try {
      await release(parts, consumer, message);
      return true;
    } catch (error) {
      if (parts.signal.aborted) throw error;
      parts.log.error({ consumer: message.consumer, messageId: message.messageId, error }, 'a parked message is stuck');
      return false;
    }
  }

  function schedule(): void {
    cancelTimer = parts.clock.timer(sweepMs, () => {
      sweep = true;
      task.wake();
      schedule();
    });
  }

  return {
    wake: task.wake,
    start() {
      schedule();
      task.wake();
    },
    idle: task.idle,
    async stop() {
      cancelTimer();
      await task.stop();
    },
  };
}

/** Runs the whole pipeline again, guard first: what was parked may be stale by now. */
async function release(parts: Parts, consumer: Consumer, parked: Released): Promise<void> {
  const { envelope, headers } = consumer.definition.message;
  const decoded = decode(parked.message, envelope, headers);
  if (!decoded.ok) return giveUpUnread(parts, consumer, parked, decoded.problem);
  const received = { envelope: decoded.envelope, wire: parked.message, attempt: parked.attempts + 1, parked };
  const problems = problemsOf(consumer.definition.message, decoded.envelope.data);
  const verdict =
    problems === undefined
      ? await observe(
          parts,
          consumerQueue(parts.definition, consumer.definition).name,
          consumer,
          received,
          (observed) => processMessage(parts, consumer, observed),
        )
      : await concludeAlone(parts, consumer, received, { kind: 'dead', reason: 'schema-invalid', detail: problems });
  if (verdict.kind === 'failed') await backToQueue(parts, consumer, received);
  if (verdict.kind === 'done' || verdict.kind === 'dead') {
    const by = parked.why === 'ready' ? 'event' : 'sweep';
    parts.telemetry.count('seamwright.parked.released', { consumer: parked.consumer, by });
  }
}

/** It was readable when it was parked; if a new version of the service thinks otherwise, a person has to see it. */
async function giveUpUnread(parts: Parts, consumer: Consumer, parked: Released, detail: string): Promise<void> {
  await inTransaction(parts, { correlationId: parked.messageId }, async (unit) => {
    const unread = { wire: parked.message, attempt: parked.attempts + 1 };
    await buryParked(parts, unit, consumer, unread, { kind: 'dead', reason: 'undecodable', detail });
    await unit.tx.removeParked(parked);
  });
}

/** A failing handler is retried and counted by the queue, like any other: the message goes back there, addressed to this consumer alone. */
async function backToQueue(
  parts: Parts,
  consumer: Consumer,
  received: Received & { readonly parked: Released },
): Promise<void> {
  const { envelope, wire, parked } = received;
  const delayMs = parts.retryDelayMs(consumer.definition.retry, 1);
  await inTransaction(parts, causeOf(envelope), async (unit) => {
    await unit.tx.appendOutbox([
      {
        id: parts.random.uuid(),
        key: `released:${parked.consumer}:${envelope.id}`,
        address: { exchange: '', key: consumerQueue(parts.definition, consumer.definition).name },
        message: aimedAt(wire, parked.consumer),
        dueAt: parts.clock.now() + delayMs,
      },
    ]);
    await unit.tx.removeParked(parked);
    unit.pending.outbox = true;
  });
}
