import { UsageError } from '../errors.js';
import type { SagaRecord } from '../stores/saga-rows.js';
import type { Transaction } from '../stores/store.js';
import type { SagaWish } from './run.js';

/**
 * Says what is to become of a run that is stuck. Its service sees to it within a second, or when it is started: what it announces then has to be signed by it.
 * Rejects with `UsageError` for a run that is not known or not stuck.
 */
export async function askForRun(
  tx: Pick<Transaction, 'sagas'>,
  { saga, id }: Pick<SagaRecord, 'saga' | 'id'>,
  wish: SagaWish,
  nowMs: number,
): Promise<SagaRecord> {
  const found = await tx.sagas.find(saga, id, { lock: true });
  if (found === null) throw new UsageError(`there is no run "${id}" of saga "${saga}"`);
  if (found.status !== 'stuck')
    throw new UsageError(`run "${id}" of saga "${saga}" is not stuck: it is ${found.status}`);
  const asked = { ...found, run: { ...found.run, wish }, dueAt: nowMs, taken: false, updatedAt: nowMs };
  await tx.sagas.move(asked, found.version, {
    at: nowMs,
    event: `ask:${wish.kind}`,
    effect: 'noted',
    state: found.run.state,
    by: 'operator',
    ...(wish.note !== undefined && { reason: wish.note }),
  });
  return { ...asked, version: found.version + 1 };
}
