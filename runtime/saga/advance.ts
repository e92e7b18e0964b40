import { errorText } from '../consume/failures.js';
import { InvalidMessageError, UsageError } from '../errors.js';
import type { SagaRecord, SagaRows } from '../stores/saga-rows.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { actionAt, dueAfterOrder } from './due.js';
import { factsOf, type SagaAtWork, type SagaEngine, stepAtWork } from './engine.js';
import type { SagaStepPlan } from './plan.js';
import { isAwaited } from './plan-facts.js';
import { type SagaEvent, type SagaPlace, statusOf } from './run.js';
import { argumentsOf, SagaValueMissing } from './saga-value.js';
import { stepKey, undoKey } from './step-key.js';
import type { SagaOrder } from './table.js';
import { sentBy, tell } from './tell.js';
import { type SagaMove, transition } from './transition.js';

export interface AdvanceOptions {
  /** What the event came with, such as the id of a message. */
  readonly by?: string;
  /** Whoever calls goes on with the run: nobody else is to take it up. */
  readonly mine: boolean;
}

/**
 * Moves a run by an event in the transaction at hand, with all that can be done in it: what is announced and sent leaves with the commit. Answers the run as
 * it is then, or undefined when somebody else has moved it meanwhile: nothing is written then, and the transaction must not commit if it holds more than this.
 *
 * Rejects when an announcement breaks its contract.
 */
export async function advance(
  engine: SagaEngine,
  unit: UnitOfWork,
  from: SagaAtWork,
  first: SagaEvent,
  { by, mine }: AdvanceOptions,
): Promise<SagaRecord | undefined> {
  const { known } = from;
  let record = from.record;
  for (let event: SagaEvent | undefined = first; event !== undefined; ) {
    const move = transition(known.table, known.plan, record.run, event);
    const after = { known, record: { ...record, run: move.run } };
    for (const order of move.orders) {
      if (order.order === 'announce') await announce(engine, unit, after, order);
    }
    const sent = await sendNow(engine, unit, after, move);
    const run = sent.done ? { ...move.run, pending: false } : move.run;
    const next = await write(
      engine,
      unit.tx.sagas.move,
      { known, record: { ...record, run } },
      { event, move, by, mine },
    );
    if (next === undefined) return undefined;
    if (!mine) unit.pending.sagas = true;
    report(engine, { known, record: next }, event, move);
    record = next;
    event = sent.event;
  }
  return record;
}

/**
 * Moves a run of the caller's by one statement that commits by itself, where nothing else belongs to the move: no message, and a store that can. Answers what
 * `advance` does, or `together` when it takes a transaction.
 */
export async function advanceAlone(
  engine: SagaEngine,
  { known, record }: SagaAtWork,
  event: SagaEvent,
): Promise<SagaRecord | undefined | 'together'> {
  const moveRow = engine.parts.store.alone?.moveSaga;
  if (moveRow === undefined) return 'together';
  const move = transition(known.table, known.plan, record.run, event);
  const after = { known, record: { ...record, run: move.run } };
  if (move.orders.some(({ order }) => order === 'announce') || sendsAtOnce(after, move)) return 'together';
  const next = await write(engine, moveRow, after, { event, move, by: undefined, mine: true });
  if (next !== undefined) report(engine, { known, record: next }, event, move);
  return next;
}

interface Written {
  readonly event: SagaEvent;
  readonly move: SagaMove;
  readonly by: string | undefined;
  readonly mine: boolean;
}

async function write(
  engine: SagaEngine,
  moveRow: SagaRows['move'],
  at: SagaAtWork,
  { event, move, by, mine }: Written,
): Promise<SagaRecord | undefined> {
  const { record } = at;
  const { run, version } = record;
  const nowMs = engine.parts.clock.now();
  const ordered = move.orders.some(({ order }) => order === 'do' || order === 'ask' || order === 'undo');
  const rests = statusOf(run.state) !== 'running';
  // What changes nothing about who is to do what must not take it away from whoever does it.
  const { dueAt: kept, ...rest } = record;
  const due =
    run.wish !== undefined
      ? { taken: false, dueAt: nowMs }
      : ordered || rests
        ? dueAfterOrder(engine, at, mine)
        : { taken: record.taken, ...(kept !== undefined && { dueAt: kept }) };
  const next = { ...rest, ...due, status: statusOf(run.state), updatedAt: nowMs, version: version + 1 };
  const moved = await moveRow(next, version, {
    at: nowMs,
    event: event.kind,
    ...('step' in event && { step: event.step }),
    effect: move.effect,
    state: run.state,
    ...('reason' in event && event.reason !== undefined && { reason: event.reason }),
    ...(by !== undefined && { by }),
  });
  return moved ? next : undefined;
}

/** What is sent with the transaction, and what that makes of the step: without an answer to wait for it is over at once. */
async function sendNow(
  engine: SagaEngine,
  unit: UnitOfWork,
  at: SagaAtWork,
  move: SagaMove,
): Promise<{ readonly done: boolean; readonly event?: SagaEvent }> {
  const work = stepAtWork(at);
  if (work === undefined || !sendsAtOnce(at, move)) return { done: false };
  return sendStep(engine, unit, at, work);
}

/** What was just ordered goes with the transaction, and has not to wait. */
export function sendsAtOnce(at: SagaAtWork, move: SagaMove): boolean {
  const work = stepAtWork(at);
  if (work === undefined || !move.orders.some(({ order }) => order === work.place.phase)) return false;
  const { kind } = actionAt(work.place, work.step);
  return kind !== 'local' && kind !== 'call' && at.record.run.tries[work.place.phase] <= 1;
}

/** Sends what a step or its compensation sends; not `done` for one that is done in another way. */
export async function sendStep(
  engine: SagaEngine,
  unit: UnitOfWork,
  { known, record }: SagaAtWork,
  { place, step }: { readonly place: SagaPlace; readonly step: SagaStepPlan },
): Promise<{ readonly done: boolean; readonly event?: SagaEvent }> {
  const action = actionAt(place, step);
  if (action.kind === 'local' || action.kind === 'call') return { done: false };
  const undoing = place.phase === 'undo';
  const facts = factsOf(record);
  try {
    const sent = sentBy(action);
    if (sent !== undefined) {
      const key = undoing ? undoKey(step, facts, record.run.rounds[step.id] ?? 0) : stepKey(step, facts);
      await tell(
        engine.parts,
        unit,
        sent,
        { ...facts, key },
        messageId(record, step, record.run.rounds[step.id], undoing),
      );
    }
    if (isAwaited(action)) return { done: true };
    const outputs = undoing ? {} : argumentsOf(step.outputs, facts);
    return {
      done: true,
      event: undoing ? { kind: 'undone', step: step.id } : { kind: 'succeeded', step: step.id, outputs },
    };
  } catch (error) {
    if (!isOwn(error)) throw error;
    const reason = errorText(error);
    engine.parts.log.error(
      { saga: known.plan.name, run: record.id, step: step.id, error },
      'a saga cannot send what its contract says',
    );
    return { done: true, event: { kind: undoing ? 'blocked' : 'failed', step: step.id, reason } };
  }
}

async function announce(
  engine: SagaEngine,
  unit: UnitOfWork,
  { known, record }: SagaAtWork,
  order: SagaOrder & { readonly order: 'announce' },
): Promise<void> {
  const step = order.of === 'step' ? known.plan.steps.find(({ id }) => id === order.step) : undefined;
  const told = order.of === 'step' ? step?.announce : known.plan[order.of];
  if (told === undefined) return;
  const what = order.of === 'step' ? `${order.step}:told` : order.of;
  await tell(engine.parts, unit, told, factsOf(record), `${known.plan.name}:${record.id}:${what}`);
}

/** The same for each try, so that whoever has got it knows it; another one for each round of undoing. */
function messageId({ saga, id }: SagaRecord, step: SagaStepPlan, round = 0, undoing: boolean): string {
  return undoing ? `${saga}:${id}:${step.id}:undo:${round}` : `${saga}:${id}:${step.id}`;
}

/** Known before anything was asked of the database. */
function isOwn(error: unknown): boolean {
  return error instanceof InvalidMessageError || error instanceof UsageError || error instanceof SagaValueMissing;
}

function report({ parts }: SagaEngine, { known, record }: SagaAtWork, event: SagaEvent, move: SagaMove): void {
  const { telemetry, log } = parts;
  const { name: saga } = known.plan;
  telemetry.count('seamwright.saga.transitions', { saga, event: event.kind, effect: move.effect });
  if (move.effect !== 'moved') return;
  const { status, run } = record;
  const facts = { saga, run: record.id, state: run.state, event: event.kind };
  if (status === 'stuck') {
    telemetry.count('seamwright.saga.stuck.runs', { saga });
    log.error({ ...facts, ...(run.hindrance ?? run.failure) }, 'a saga is stuck: somebody has to look at it');
  } else if (move.orders.some(({ order }) => order === 'alert')) {
    log.error(facts, 'a saga takes longer than its contract allows, and cannot be undone any more');
  } else if (status !== 'running') {
    telemetry.count('seamwright.saga.ended', { saga, end: status });
    telemetry.duration('seamwright.saga.duration', (record.updatedAt - record.startedAt) / 1000, { saga, end: status });
    log.info(facts, 'a saga has ended');
  } else log.debug(facts, 'a saga has moved');
}
