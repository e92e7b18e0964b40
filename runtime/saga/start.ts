import { UsageError } from '../errors.js';
import type { SagaRecord } from '../stores/saga-rows.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { advance, sendsAtOnce } from './advance.js';
import type { SagaDefinition } from './definition.js';
import { dueAfterOrder } from './due.js';
import type { SagaAtWork, SagaEngine } from './engine.js';
import { newRun, statusOf } from './run.js';
import { transition } from './transition.js';

/** Longest id of a run, in characters. */
const idMax = 200;

/** Begins a run in the transaction at hand, unless there is one with its id. Rejects with `UsageError` for an id that no store could keep. */
export async function startRun(
  engine: SagaEngine,
  unit: UnitOfWork,
  definition: SagaDefinition,
  input: unknown,
  by?: string,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const id = checkedId(definition, definition.id(input));
  const { plan, transitions: table } = definition;
  const record = freshRecord(engine, unit, definition, id, input);
  const said = by === undefined ? {} : { by };
  // Most runs begin with what cannot be done in this transaction: then one statement is enough.
  const move = transition(table, plan, record.run, { kind: 'started' });
  const moved = { known: { plan, table, definition }, record: { ...record, run: move.run } };
  if (!move.orders.some(({ order }) => order === 'announce') && !sendsAtOnce(moved, move)) {
    return beginMoved(engine, unit, moved, by);
  }
  const entry = { at: record.startedAt, event: 'begun', effect: 'noted', state: record.run.state, ...said } as const;
  const isNew = await unit.tx.sagas.begin(record, entry);
  if (!isNew) return { id, isNew };
  await advance(
    engine,
    unit,
    { known: { plan, table, definition }, record },
    { kind: 'started' },
    { mine: false, ...said },
  );
  engine.parts.telemetry.count('seamwright.saga.started', { saga: plan.name });
  return { id, isNew };
}

async function beginMoved(
  engine: SagaEngine,
  unit: UnitOfWork,
  at: SagaAtWork,
  by: string | undefined,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const { id, run, startedAt, saga } = at.record;
  const said = by === undefined ? {} : { by };
  const entry = { at: startedAt, event: 'started', effect: 'moved', state: run.state, ...said } as const;
  const begun = { ...at.record, ...dueAfterOrder(engine, at, false), status: statusOf(run.state) };
  const isNew = await unit.tx.sagas.begin(begun, entry);
  if (isNew) {
    unit.pending.sagas = true;
    engine.parts.telemetry.count('seamwright.saga.started', { saga });
  }
  return { id, isNew };
}

/** A run that has not begun. */
export function freshRecord(
  { parts }: SagaEngine,
  unit: UnitOfWork,
  { plan }: SagaDefinition,
  id: string,
  input: unknown,
): SagaRecord {
  const nowMs = parts.clock.now();
  const { correlationId, causationId, traceparent } = unit.cause;
  return {
    saga: plan.name,
    id,
    plan: plan.version,
    start: {
      input,
      correlationId,
      ...(causationId !== undefined && { causationId }),
      ...(traceparent !== undefined && { traceparent }),
    },
    run: newRun,
    status: 'running',
    version: 1,
    startedAt: nowMs,
    updatedAt: nowMs,
    ...(plan.timeoutMs !== undefined && { deadlineAt: nowMs + plan.timeoutMs }),
    taken: false,
  };
}

function checkedId({ plan }: SagaDefinition, id: unknown): string {
  if (typeof id === 'string' && id !== '' && id.length <= idMax && !id.includes('\0')) return id;
  throw new UsageError(`saga ${plan.name}: the id of a run is a text of 1 to ${idMax} characters without zeros`);
}
