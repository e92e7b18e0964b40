import { errorText } from '../consume/failures.js';
import { UnavailableError } from '../errors.js';
import { inTransaction } from '../in-transaction.js';
import type { SagaRecord } from '../stores/saga-rows.js';
import { inSpan } from '../tracing.js';
import { advance, advanceAlone, sendStep } from './advance.js';
import { actionAt, dueAfterOrder, isOverdue } from './due.js';
import { causeOfRun, type SagaAtWork, type SagaEngine, stepAtWork } from './engine.js';
import { performCall } from './perform.js';
import { placeOf, type SagaEvent, statusOf } from './run.js';
import { runLocal } from './run-local.js';

/** When a run is looked at again whose plan nobody knows, in ms. */
const strangeMs = 3_600_000;

/** What was taken up, or what is left of it to do now. */
interface Held {
  readonly record: SagaRecord;
  /** Whoever had it before may have begun what is ordered. */
  readonly abandoned: boolean;
}

/**
 * Goes on with a run that this process has taken, step after step, as far as it goes: to its end, to an answer that has to come, or to a time that has to
 * pass: answers when that is. Rejects while the store is away; the run is then taken up again when the taking is over.
 */
export async function drive(engine: SagaEngine, taken: Held): Promise<number | undefined> {
  let held: Held | undefined = taken;
  let dueAt: number | undefined;
  while (held !== undefined) {
    const { record }: Held = held;
    if (engine.parts.signal.aborted) {
      // One that was abandoned stays so: the next one has to know.
      if (held.abandoned) return undefined;
      await engine.parts.store.transaction((tx) => tx.sagas.giveBack(record, engine.parts.clock.now()));
      return undefined;
    }
    const next = await goOn(engine, held);
    dueAt = next?.dueAt;
    // Where it came from stays what it was: each step is a child of that.
    held = next?.taken ? { record: { ...next, start: record.start }, abandoned: false } : undefined;
  }
  return dueAt;
}

/** The run as it is then; undefined when somebody else has it. */
async function goOn(engine: SagaEngine, { record, abandoned }: Held): Promise<SagaRecord | undefined> {
  const { parts, book } = engine;
  const known =
    book.remembered(record.saga, record.plan) ??
    (await parts.store.transaction((tx) => book.known(tx, record.saga, record.plan)));
  if (known === undefined) {
    parts.log.error({ saga: record.saga, run: record.id, plan: record.plan }, 'nobody knows the plan of a saga');
    await parts.store.transaction((tx) => tx.sagas.giveBack(record, parts.clock.now() + strangeMs));
    return undefined;
  }
  const at = { known, record };
  const next = await inSpan(
    {
      name: `saga ${record.saga} ${placeOf(record.run.state)?.phase ?? 'end'}`,
      kind: 'internal',
      parent: record.start.traceparent,
      remote: true,
      attributes: () => ({
        'seamwright.saga': record.saga,
        'seamwright.saga.run': record.id,
        'seamwright.saga.state': record.run.state,
      }),
    },
    ({ traceparent }) => carryOut(engine, traced(at, traceparent), abandoned),
  );
  for (const watcher of engine.watchers) watcher();
  return next;
}

function traced({ known, record }: SagaAtWork, traceparent: string | undefined): SagaAtWork {
  return traceparent === undefined
    ? { known, record }
    : { known, record: { ...record, start: { ...record.start, traceparent } } };
}

/** One thing: what is ordered, or what is to be said of an order that has waited long enough. */
async function carryOut(engine: SagaEngine, at: SagaAtWork, abandoned: boolean): Promise<SagaRecord | undefined> {
  const { wish, ...run } = at.record.run;
  if (wish !== undefined) {
    const granted = { ...at, record: { ...at.record, run } };
    return record(engine, granted, { kind: wish.kind, ...(wish.note !== undefined && { reason: wish.note }) }, 'fresh');
  }
  const work = stepAtWork(at);
  if (work === undefined) return undefined;
  const { place, step } = work;
  if (isOverdue(at, place, engine.parts.clock.now())) {
    return record(engine, at, { kind: 'timed-out', reason: 'the time of the saga is over' }, 'fresh');
  }
  if (!run.pending)
    return record(engine, at, { kind: 'unanswered', step: step.id, reason: 'no answer in time' }, 'fresh');
  const action = actionAt(place, step);
  if (action.kind === 'call') {
    // Whoever had it may have called: the one thing that nobody can see.
    const event: SagaEvent =
      abandoned && place.phase === 'do'
        ? { kind: 'unknown', step: step.id, reason: 'whoever was at it has not written down what came of it' }
        : await performCall(engine, at, place, step, action);
    return record(engine, at, event, 'result');
  }
  if (action.kind !== 'local') return sendLater(engine, at);
  const result = await runLocal(engine, at, place, step, action, causeOfRun(at.record));
  if (result.kind === 'moved') return result.record;
  return result.kind === 'lost' ? undefined : record(engine, at, result.event, 'fresh');
}

/**
 * Writes an event down. A `result` counts, whoever has moved the run meanwhile; what is only true of a run that nobody has moved is dropped: whoever did has
 * seen to it.
 */
async function record(
  engine: SagaEngine,
  at: SagaAtWork,
  event: SagaEvent,
  what: 'result' | 'fresh',
): Promise<SagaRecord | undefined> {
  const { parts } = engine;
  const cause = causeOfRun(at.record);
  try {
    const single = await advanceAlone(engine, at, event);
    const moved =
      single === 'together'
        ? await inTransaction(parts, cause, (unit) => advance(engine, unit, at, event, { mine: true }))
        : single;
    if (moved !== undefined || what === 'fresh') return moved;
    await inTransaction(parts, cause, (unit) => recordAnyway(engine, unit, at, event));
    return undefined;
  } catch (error) {
    if (error instanceof UnavailableError || !('step' in event) || event.kind === 'blocked') throw error;
    // An announcement that breaks its contract: what has happened cannot be told, so somebody has to look at it.
    const blocked: SagaEvent = { kind: 'blocked', step: event.step, reason: errorText(error).slice(0, 500) };
    return inTransaction(parts, cause, (unit) => advance(engine, unit, at, blocked, { mine: true }));
  }
}

async function recordAnyway(
  engine: SagaEngine,
  unit: Parameters<typeof advance>[1],
  { known, record: { saga, id } }: SagaAtWork,
  event: SagaEvent,
): Promise<void> {
  const now = await unit.tx.sagas.find(saga, id, { lock: true });
  if (now !== null) await advance(engine, unit, { known, record: now }, event, { mine: false });
}

/** Sends again what was to wait for a while. */
async function sendLater(engine: SagaEngine, at: SagaAtWork): Promise<SagaRecord | undefined> {
  const { parts } = engine;
  const work = stepAtWork(at);
  if (work === undefined) return undefined;
  return inTransaction(parts, causeOfRun(at.record), async (unit) => {
    const sent = await sendStep(engine, unit, at, work);
    const after = { ...at, record: { ...at.record, run: { ...at.record.run, pending: false } } };
    if (sent.event !== undefined) return advance(engine, unit, after, sent.event, { mine: true });
    const nowMs = parts.clock.now();
    const { dueAt: _, ...rest } = after.record;
    const next = { ...rest, ...dueAfterOrder(engine, after, true), status: statusOf(rest.run.state), updatedAt: nowMs };
    const entry = { at: nowMs, event: 'sent', step: work.step.id, effect: 'noted', state: rest.run.state } as const;
    if (!(await unit.tx.sagas.move(next, rest.version, entry))) throw new Error('the run has moved meanwhile');
    return { ...next, version: rest.version + 1 };
  });
}
