import type { Parts } from '../parts.js';
import type { SagaRecord } from '../stores/saga-rows.js';
import type { Cause } from '../unit-of-work.js';
import type { KnownSaga, SagaBook } from './book.js';
import type { SagaStepPlan } from './plan.js';
import { placeOf, type SagaPlace } from './run.js';
import type { SagaFacts } from './saga-value.js';

/** What the pieces of the engine share. */
export interface SagaEngine {
  readonly parts: Parts;
  readonly book: SagaBook;
  /** Told whenever a run has moved in this process. */
  readonly watchers: Set<() => void>;
}

/** A run with what it goes by. */
export interface SagaAtWork {
  readonly known: KnownSaga;
  readonly record: SagaRecord;
}

/** The step that a run is at, unless it has ended, is stuck or has not begun. */
export function stepAtWork({
  known,
  record,
}: SagaAtWork): { readonly place: SagaPlace; readonly step: SagaStepPlan } | undefined {
  const place = placeOf(record.run.state);
  const step = place && known.plan.steps.find(({ id }) => id === place.step);
  return place === undefined || step === undefined || place.stuck ? undefined : { place, step };
}

export function factsOf(record: SagaRecord): SagaFacts {
  return { id: record.id, input: record.start.input, run: record.run };
}

export function causeOfRun({ start }: SagaRecord): Cause {
  const { correlationId, causationId, traceparent } = start;
  return {
    correlationId,
    ...(causationId !== undefined && { causationId }),
    ...(traceparent !== undefined && { traceparent }),
  };
}
