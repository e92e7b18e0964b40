import { background } from './background.js';
import { deadLetterHeaders } from './brokers/dead-letter.js';
import type { Consumer } from './consume/consumer.js';
import { failureHeaders } from './consume/dead-letter.js';
import type { WireMessage } from './envelope.js';
import type { Parts } from './parts.js';
import { queuesOf } from './service-queue.js';
import { messageType } from './wire.js';

/** Looks after the dead letters of a service, for contracts that say how long one may lie there (`dead_letter.alert_after`). */
export interface DeadLetterWatch {
  start(): void;
  /** Dead letters that had waited for too long at the last look. */
  overdue(): number;
  stop(): Promise<void>;
}

/** A look costs the broker a little; an alert that comes a minute late is early enough. */
const lookMs = { min: 1_000, max: 60_000 };
/** Looked at per queue and look, oldest first. */
const limit = 100;

/**
 * Tells each dead letter that stays longer than its contract allows, once, as an error in the log, and how many there are as `seamwright.dlq.overdue`. Its age
 * counts from when it failed; where only the broker knows that, from when it was first seen here.
 */
export function createDeadLetterWatch(parts: Parts, consumers: readonly Consumer[]): DeadLetterWatch {
  const limits = limitsOf(consumers);
  const shortest = Math.min(...limits.values());
  const everyMs = Math.min(Math.max(shortest / 2, lookMs.min), lookMs.max);
  let seen = new Map<string, { readonly since: number; readonly told: boolean }>();
  let overdue = 0;
  let cancelTimer = (): void => {};

  const task = background(look, (error) => parts.log.warn({ error }, 'the dead letters could not be looked at'));

  async function look(): Promise<void> {
    const letters: WireMessage[] = [];
    for (const queue of queuesOf(parts.definition)) {
      letters.push(...(await parts.broker.admin.deadLetters(queue, { limit })));
    }
    const nowMs = parts.clock.now();
    const late = new Map<string, number>([...limits.keys()].map((type) => [type, 0]));
    const now = new Map<string, { readonly since: number; readonly told: boolean }>();
    for (const letter of letters) {
      const type = messageType(letter) ?? '';
      const limitMs = limits.get(type);
      if (limitMs === undefined) continue;
      const key = keyOf(letter);
      // Two queues may share their dead letters.
      if (now.has(key)) continue;
      const before = seen.get(key);
      const since = before?.since ?? failedAt(letter) ?? nowMs;
      const isLate = nowMs - since > limitMs;
      if (isLate) late.set(type, (late.get(type) ?? 0) + 1);
      if (isLate && before?.told !== true) tell(letter, type, nowMs - since);
      now.set(key, { since, told: isLate || before?.told === true });
    }
    // What is gone is forgotten: it would come back as another one.
    seen = now;
    overdue = [...late.values()].reduce((sum, count) => sum + count, 0);
    for (const [message, count] of late) parts.telemetry.gauge('seamwright.dlq.overdue', count, { message });
  }

  function tell(letter: WireMessage, type: string, ageMs: number): void {
    const facts = {
      message: type,
      messageId: letter.headers['ce-id'],
      correlationId: letter.headers['ce-correlationid'],
      reason: letter.headers[deadLetterHeaders.reason],
      ageS: Math.round(ageMs / 1000),
    };
    parts.log.error(facts, `a dead letter has waited for ${facts.ageS} s, longer than its contract allows`);
  }

  function schedule(): void {
    cancelTimer = parts.clock.timer(everyMs, () => {
      task.wake();
      schedule();
    });
  }

  return {
    start() {
      if (limits.size === 0) return;
      task.wake();
      schedule();
    },
    overdue: () => overdue,
    async stop() {
      cancelTimer();
      await task.stop();
    },
  };
}

/** Longest stay by message, in ms, where the contract names one. */
function limitsOf(consumers: readonly Consumer[]): ReadonlyMap<string, number> {
  return new Map(
    consumers.flatMap(({ definition: { message } }) =>
      message.alertAfterMs === undefined ? [] : [[message.name, message.alertAfterMs] as const],
    ),
  );
}

/** One failure of one message: replayed and failed again, it is another one. */
function keyOf({ headers }: WireMessage): string {
  return `${headers['ce-id'] ?? ''} ${headers[failureHeaders.lastFailedAt] ?? ''}`;
}

function failedAt({ headers }: WireMessage): number | undefined {
  const text = headers[failureHeaders.lastFailedAt];
  return text !== undefined && /^\d{1,16}(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
