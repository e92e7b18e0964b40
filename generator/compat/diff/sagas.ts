import type { Model, Saga, SagaAction, SagaEnd, SagaStep } from '../../model/types.js';
import { canonicalJson } from '../../schema/edges.js';
import type { Change } from '../change.js';
import { compareNouns, featuresOf, type NounTable, placed } from './nouns.js';
import { type Pair, pairs } from './pairs.js';
import { plain, sorted } from './plain.js';

/** Sagas, their steps, and the order of the steps that both revisions have. */
export function* sagaChanges(before: Model, after: Model): Iterable<Change> {
  for (const pair of pairs(before.sagas, after.sagas, shape)) {
    yield* compareNouns([pair], sagaTable);
    if (pair.before === undefined || pair.after === undefined) continue;
    const steps = pairs(stepsOf(pair.before), stepsOf(pair.after), stepShape);
    yield* compareNouns(steps, stepTable(pair));
    yield* orderChange(pair, steps);
  }
}

const sagaTable: NounTable<Saga> = {
  noun: 'saga',
  subject: (name) => `saga:${name}`,
  features: (saga) => [saga.feature],
  at: (saga) => saga.at,
  settings: (saga) => ({
    orchestrator: saga.orchestrator,
    style: saga.style,
    trigger: saga.trigger && `${saga.trigger.kind} ${saga.trigger.name}`,
    correlation_key: saga.correlationKey,
    idempotency_key: saga.idempotencyKey,
    timeout: saga.timeoutMs,
    on_complete: saga.onComplete && ending(saga.onComplete),
    on_compensated: saga.onCompensated && ending(saga.onCompensated),
    invariants: saga.invariants.map(({ holds }) => holds.text),
  }),
  place: (saga, setting) =>
    setting === 'trigger'
      ? saga.trigger?.at
      : setting === 'on_complete'
        ? saga.onComplete?.at
        : setting === 'on_compensated'
          ? saga.onCompensated?.at
          : undefined,
};

function stepTable({ name, before, after }: Pair<Saga>): NounTable<SagaStep> {
  return {
    noun: 'step',
    subject: (step) => `saga:${name} step:${step}`,
    features: () => featuresOf({ name, ...(before && { before }), ...(after && { after }) }, sagaTable),
    at: (step) => step.at,
    settings: (step) => ({
      service: step.service,
      action: action(step.action),
      publish: step.publish,
      kind: step.kind,
      receive: answers(step.action.receive),
      failure: answers(step.action.failure),
      with: plain(step.action.with),
      outputs: plain(step.outputs),
      idempotency_key: step.idempotencyKey,
      timeout: step.timeoutMs,
      retry: plain(step.retry),
      compensate: step.compensate && compensation(step.compensate),
      'compensate.receive': answers(step.compensate?.action.receive),
      'compensate.failure': answers(step.compensate?.action.failure),
      'compensate.with': plain(step.compensate?.action.with),
      'compensate.retry': plain(step.compensate?.retry),
      'compensate.idempotency_key': step.compensate?.idempotencyKey,
      on_failure: step.onFailure,
      on_unknown: step.onUnknown,
      query: step.query,
    }),
    place: (step, setting) => (setting.startsWith('compensate') ? step.compensate?.at : undefined),
  };
}

/** Steps that stayed but changed places: an instance that is under way would repeat some and leave out others. */
function* orderChange(saga: Pair<Saga>, steps: readonly Pair<SagaStep>[]): Iterable<Change> {
  if (saga.before === undefined || saga.after === undefined) return;
  const stayed = steps.filter((step) => step.before !== undefined && step.after !== undefined);
  const placeOf = (list: readonly SagaStep[], step: SagaStep | undefined): number => (step ? list.indexOf(step) : -1);
  const { steps: left } = saga.before;
  const { steps: right } = saga.after;
  const names = (list: readonly SagaStep[], side: 'before' | 'after'): readonly string[] =>
    [...stayed].sort((a, b) => placeOf(list, a[side]) - placeOf(list, b[side])).map((step) => step.name);
  const before = names(left, 'before');
  const after = names(right, 'after');
  if (before.join('\n') === after.join('\n')) return;
  const places = placed(saga.before.at, saga.after.at);
  const features = featuresOf(saga, sagaTable);
  yield {
    kind: 'set',
    noun: 'saga',
    subject: `saga:${saga.name}`,
    features,
    ...places,
    setting: 'steps.order',
    before,
    after,
  };
}

/** By id. Ids that are given twice are a mistake that another rule names; the second is told apart by its place. */
function stepsOf(saga: Saga): ReadonlyMap<string, SagaStep> {
  const found = new Map<string, SagaStep>();
  for (const step of saga.steps) found.set(found.has(step.id) ? `${step.id}#${found.size}` : step.id, step);
  return found;
}

function shape(saga: Saga): string | undefined {
  return saga.steps.length === 0 ? undefined : canonicalJson([saga.orchestrator, saga.steps.map(stepShape)]);
}

function stepShape({ service, action: what, publish, compensate }: SagaStep): string {
  return canonicalJson([service, action(what), publish, compensate && compensation(compensate)]);
}

function compensation({ service, action: what }: NonNullable<SagaStep['compensate']>): string {
  return service === undefined ? action(what) : `${action(what)} of ${service}`;
}

function ending({ action: what }: SagaEnd): unknown {
  return { does: action(what), with: plain(what.with) };
}

/** Messages of which any will do, in no order. */
function answers(names: readonly string[] | undefined): readonly string[] | undefined {
  return names === undefined || names.length === 0 ? undefined : sorted(names);
}

function action({ kind, name }: SagaAction): string {
  return kind === 'none' ? 'nothing' : `${kind} ${name}`;
}
