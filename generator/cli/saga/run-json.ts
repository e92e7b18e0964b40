import type { FoundRun } from '../../operate/sagas.js';

/** A run for programs. What it was started with may be personal: it stays where it is. */
export function runJson({ service, record }: FoundRun): object {
  const { saga: name, id, plan, status, run, startedAt, updatedAt, deadlineAt, dueAt, start } = record;
  const { state, failure, hindrance, marks, wish } = run;
  return {
    ...{ service, saga: name, id, status, state, plan, startedAt, updatedAt, deadlineAt, dueAt },
    ...{ correlationId: start.correlationId, failure, hindrance, marks, wish },
  };
}
