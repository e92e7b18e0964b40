import { errorText } from '../consume/failures.js';
import { RejectMessageError, UnavailableError } from '../errors.js';
import { inTransaction } from '../in-transaction.js';
import { withFacts } from '../log.js';
import { serviceTransaction } from '../service-transaction.js';
import type { SagaRecord } from '../stores/saga-rows.js';
import type { Cause, UnitOfWork } from '../unit-of-work.js';
import { advance } from './advance.js';
import type { SagaFunction } from './book.js';
import { factsOf, type SagaAtWork, type SagaEngine } from './engine.js';
import type { SagaAction, SagaStepPlan } from './plan.js';
import type { SagaEvent, SagaPlace, SagaValues } from './run.js';
import { argumentsOf } from './saga-value.js';
import { SagaStepFailed } from './step-failed.js';
import { stepKey, undoKey } from './step-key.js';

/** What a local function has come to: the run as it is now, or an event that has to be written down by itself. */
export type LocalResult =
  | { readonly kind: 'moved'; readonly record: SagaRecord }
  | { readonly kind: 'failed'; readonly event: SagaEvent }
  /** Somebody else has moved the run meanwhile; what the function did is rolled back. */
  | { readonly kind: 'lost' };

/** Runs a local function in one transaction with the record that it has run. Rejects while the store is away, and when the service stops. */
export async function runLocal(
  engine: SagaEngine,
  at: SagaAtWork,
  place: SagaPlace,
  step: SagaStepPlan,
  action: SagaAction & { readonly kind: 'local' },
  cause: Cause,
): Promise<LocalResult> {
  const undoing = place.phase === 'undo';
  const found = engine.book.local(at.known, action.name);
  if (found === undefined) {
    const reason = `there is no function "${action.name}" any more`;
    return { kind: 'failed', event: { kind: 'blocked', step: step.id, reason } };
  }
  try {
    const record = await inTransaction(engine.parts, cause, async (unit) => {
      const returned = await call(engine, unit, at, place, step, action, found);
      const event: SagaEvent = undoing
        ? { kind: 'undone', step: step.id }
        : { kind: 'succeeded', step: step.id, outputs: valuesOf(returned) };
      const moved = await advance(engine, unit, at, event, { mine: true });
      if (moved === undefined) throw new Lost();
      return moved;
    });
    return { kind: 'moved', record };
  } catch (error) {
    if (error instanceof Lost) return { kind: 'lost' };
    if (error instanceof UnavailableError) throw error;
    engine.parts.signal.throwIfAborted();
    return { kind: 'failed', event: failureOf(error, undoing, step.id) };
  }
}

async function call(
  { parts }: SagaEngine,
  unit: UnitOfWork,
  { known, record }: SagaAtWork,
  place: SagaPlace,
  step: SagaStepPlan,
  action: SagaAction & { readonly kind: 'local' },
  local: SagaFunction,
): Promise<unknown> {
  const facts = factsOf(record);
  const { run, id, start } = record;
  const key = place.phase === 'undo' ? undoKey(step, facts, run.rounds[step.id] ?? 0) : stepKey(step, facts);
  const attempt = run.tries[place.phase];
  const { name } = known.plan;
  let returned: unknown;
  const handle = async (): Promise<void> => {
    returned = await local({
      run: { id, step: step.id, attempt },
      key,
      input: start.input,
      steps: run.outputs,
      with: argumentsOf(action.with, { ...facts, key }),
      tx: serviceTransaction(parts, unit),
      log: withFacts(parts.log, { saga: name, run: id, step: step.id }),
      signal: parts.signal,
    });
  };
  if (parts.aroundHandler === undefined) await handle();
  else {
    const { correlationId } = start;
    const consumer = `${parts.definition.service}.${name}.${action.name}`;
    await parts.aroundHandler({ consumer, messageId: key, correlationId, attempt }, handle);
  }
  return returned;
}

/** Rolls back what a run does not want any more. */
class Lost extends Error {}

function failureOf(error: unknown, undoing: boolean, step: string): SagaEvent {
  const said = error instanceof SagaStepFailed || error instanceof RejectMessageError;
  const reason = said ? error.message : errorText(error);
  if (undoing) return { kind: 'undo-failed', step, reason: reason.slice(0, 500) };
  return { kind: said ? 'failed' : 'erred', step, reason: reason.slice(0, 500) };
}

/** As the store keeps them: what is no JSON does not get lost later, unseen. */
function valuesOf(returned: unknown): SagaValues {
  const json: unknown = JSON.parse(JSON.stringify(returned ?? {}));
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  throw new SagaStepFailed('the function returned no object: outputs have names');
}
