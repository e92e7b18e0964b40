import type { Effect } from '../consume/consumer.js';
import { defaultRetry } from '../define.js';
import type { EffectContext } from '../definition.js';
import { RejectMessageError, UsageError } from '../errors.js';
import type { MessageDefinition } from '../message-definition.js';
import { currentScope } from '../scope.js';
import type { SagaRecord } from '../stores/saga-rows.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { advance } from './advance.js';
import type { SagaDefinition } from './definition.js';
import { factsOf, type SagaEngine } from './engine.js';
import type { SagaAction, SagaPlan, SagaSignal, SagaStepPlan } from './plan.js';
import { placeOf, type SagaEvent } from './run.js';
import { argumentsOf } from './saga-value.js';
import { freshRecord, startRun } from './start.js';

/**
 * Consumers of everything that the sagas of a service take. They go the way of every effect: checked, claimed once, retried, dead-lettered; the claim and the
 * move of the run are one transaction.
 */
export function sagaConsumers(engine: SagaEngine): readonly Effect[] {
  const { service } = engine.parts.definition;
  const { definitions } = engine.book;
  const messages = new Map<string, MessageDefinition>();
  for (const message of definitions.flatMap((definition) => definition.messages)) messages.set(message.name, message);
  return [...messages.values()].map((message) => ({
    kind: 'effect',
    definition: {
      name: `${service}.sagas.${message.name}`,
      handler: `sagas.${message.name}`,
      message,
      awaits: [],
      retry: defaultRetry,
      transaction: 'single',
    },
    handler: (context) => take(engine, message.name, context),
  }));
}

async function take(
  engine: SagaEngine,
  message: string,
  { event: payload, meta }: EffectContext<unknown, unknown>,
): Promise<void> {
  const unit = currentScope()?.unit;
  if (unit === undefined) throw new UsageError('a message of a saga is taken outside a transaction');
  for (const definition of engine.book.definitions) {
    for (const id of idsIn(definition, message, payload)) {
      await takeForRun(engine, unit, definition, { message, payload, id, by: meta.id });
    }
  }
}

interface Taken {
  readonly message: string;
  readonly payload: unknown;
  readonly id: string;
  readonly by: string;
}

async function takeForRun(
  engine: SagaEngine,
  unit: UnitOfWork,
  definition: SagaDefinition,
  taken: Taken,
): Promise<void> {
  const { plan } = definition;
  const { message, payload, id, by } = taken;
  const record = await unit.tx.sagas.find(plan.name, id, { lock: true });
  if (record === null) return withoutRun(engine, unit, definition, taken);
  const known = await engine.book.known(unit.tx, record.saga, record.plan);
  if (known === undefined) throw new UsageError(`nobody knows plan ${record.plan} of saga ${record.saga}`);
  const event = eventOf(known.plan, record, message, payload);
  if (event === undefined) {
    engine.parts.telemetry.count('seamwright.saga.repeated', { saga: plan.name, message });
    return;
  }
  const moved = await advance(engine, unit, { known, record }, event, { by, mine: false });
  if (moved === undefined) throw new Error(`saga ${plan.name} ${id} has moved although it was locked`);
}

/** What begins a run; or what takes it back before it has begun, which has to be remembered: it must never begin. */
async function withoutRun(
  engine: SagaEngine,
  unit: UnitOfWork,
  definition: SagaDefinition,
  { message, payload, id, by }: Taken,
): Promise<void> {
  const { plan, startsOn } = definition;
  if (startsOn?.message === message) {
    try {
      await startRun(engine, unit, definition, payload, by);
    } catch (error) {
      if (error instanceof UsageError) throw new RejectMessageError(error.message, error);
      throw error;
    }
    return;
  }
  if (plan.undoOn?.some((signal) => signal.message === message)) {
    const fresh = freshRecord(engine, unit, definition, id, null);
    const run = { ...fresh.run, state: 'compensated', turning: true };
    const entry = { at: fresh.startedAt, event: 'undo-asked', effect: 'moved', state: run.state, by } as const;
    await unit.tx.sagas.begin({ ...fresh, run, status: 'compensated' }, entry);
    return;
  }
  engine.parts.telemetry.count('seamwright.saga.strange', { saga: plan.name, message });
  engine.parts.log.info({ saga: plan.name, run: id, message }, 'a message is for no run that is known');
}

/** Runs that a message may be about: contracts may name the id differently in different places. */
function idsIn({ plan, startsOn }: SagaDefinition, message: string, payload: unknown): ReadonlySet<string> {
  const signals = [
    ...(startsOn === undefined ? [] : [startsOn]),
    ...(plan.undoOn ?? []),
    ...plan.steps.flatMap(signalsOf),
  ];
  const ids = signals.filter((signal) => signal.message === message).map((signal) => textAt(payload, signal.id));
  return new Set(ids.filter((id) => id !== ''));
}

function signalsOf({ action, compensate }: SagaStepPlan): readonly SagaSignal[] {
  return [action, compensate?.action].flatMap((one) =>
    one === undefined ? [] : [...answersOf(one, 'succeeds'), ...answersOf(one, 'fails')],
  );
}

function answersOf(action: SagaAction, which: 'succeeds' | 'fails'): readonly SagaSignal[] {
  return which in action ? (Reflect.get(action, which) as readonly SagaSignal[]) : [];
}

/** What a message says to a run; undefined when it has nothing to say any more. */
function eventOf(plan: SagaPlan, record: SagaRecord, message: string, payload: unknown): SagaEvent | undefined {
  const place = placeOf(record.run.state);
  const says = (action: SagaAction | undefined, which: 'succeeds' | 'fails') =>
    action !== undefined && answersOf(action, which).some((signal) => signal.message === message);
  const undoing = place?.phase === 'undo' ? plan.steps.find(({ id }) => id === place.step) : undefined;
  const undo = undoing?.compensate?.action;
  if (undoing !== undefined && says(undo, 'succeeds')) return { kind: 'undone', step: undoing.id };
  if (undoing !== undefined && says(undo, 'fails'))
    return { kind: 'undo-failed', step: undoing.id, reason: `${message} was received` };
  const steps = plan.steps.filter(({ action }) => says(action, 'succeeds') || says(action, 'fails'));
  const step =
    steps.find(({ id }) => id === place?.step) ?? steps.findLast(({ id }) => record.run.marks[id]) ?? steps[0];
  if (step !== undefined) {
    if (!says(step.action, 'succeeds')) return { kind: 'failed', step: step.id, reason: `${message} was received` };
    const outputs = argumentsOf(step.outputs, { ...factsOf(record), message: payload });
    return { kind: 'succeeded', step: step.id, outputs };
  }
  if (plan.undoOn?.some((signal) => signal.message === message)) {
    return { kind: 'undo-asked', reason: `${message} was received` };
  }
  return undefined;
}

function textAt(payload: unknown, path: string): string {
  const found = path
    .split('.')
    .reduce<unknown>(
      (at, name) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined,
      payload,
    );
  return typeof found === 'string' ? found : typeof found === 'number' ? String(found) : '';
}
