import { UsageError } from './errors.js';
import { handOver } from './hand-over.js';
import type { Parts } from './parts.js';
import { currentScope, inScope, ofWhom } from './scope.js';
import type { OutboxMessage } from './stores/store.js';
import type { Cause, Pending, UnitOfWork } from './unit-of-work.js';

/**
 * Runs `work` in one transaction, then wakes whoever waits for its result. Nothing leaves the process before the commit.
 *
 * `work` may run more than once (see `Store`). Messages without outbox are published after the commit: a crash in between loses them, which is
 * what `outbox: false` in a contract means.
 */
export async function inTransaction<T>(parts: Parts, cause: Cause, work: (unit: UnitOfWork) => Promise<T>): Promise<T> {
  const { service } = parts.definition;
  const around = currentScope();
  if (around?.unit !== undefined && around.service === service) {
    throw new UsageError('a transaction of this service is open already: use the one you were given');
  }
  let pending: Pending = nothingPending();
  const result = await parts.store.transaction(async (tx) => {
    // Fresh for each run: a run that was rolled back leaves nothing behind.
    pending = nothingPending();
    const unit = { tx, cause, pending, open: true };
    try {
      return await inScope({ ...ofWhom(around, service), service, cause, unit }, () => work(unit));
    } finally {
      unit.open = false;
    }
  });
  if (pending.outbox) parts.wake.outbox();
  if (pending.released) parts.wake.parked();
  if (pending.sagas) parts.wake.sagas();
  for (const message of pending.unsafe) await publishUnsafe(parts, message);
  return result;
}

function nothingPending(): Pending {
  return { outbox: false, released: false, unsafe: [] };
}

async function publishUnsafe(parts: Parts, message: OutboxMessage): Promise<void> {
  try {
    await handOver(parts, message);
    parts.telemetry.count('messaging.client.sent.messages', { destination: message.address.exchange });
  } catch (error) {
    parts.telemetry.count('seamwright.publish.lost', { destination: message.address.exchange });
    parts.log.error({ messageId: message.id, error }, 'a message without outbox was lost');
  }
}
