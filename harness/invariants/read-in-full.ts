import { isDeepStrictEqual } from 'node:util';
import type { Run } from '../history.js';
import type { FullSyncStep } from '../plan.js';
import { ownerOf } from '../subject.js';
import { sameRow } from './converged.js';
import type { Invariant } from './invariant.js';
import { consumersIn, deadIn } from './messages.js';
import { type Owned, payloadOfOwned, rowsOwned } from './owned-payload.js';
import { copyPlace } from './places.js';

/** After a full sync each copy holds what its owner had, told or not, or something newer. */
export const readInFull: Invariant = {
  id: 'read-in-full',
  promise: 'After a full sync each copy is at least as new as its owner was before it.',
  *check(run, subject) {
    if (run.plan.faults.some(({ fault }) => fault === 'store-fails')) return;
    for (const { service, consumers } of consumersIn(run, subject)) {
      const end = run.end.services.get(service);
      if (service !== subject.name || deadIn(run, service).size > 0) continue;
      for (const consumer of consumers) {
        if (consumer.kind !== 'copy') continue;
        const { as, definition } = consumer;
        const owner = ownerOf(subject, definition.entity)?.definition;
        const step = lastRead(run, definition.entity);
        if (owner === undefined || step === undefined) continue;
        for (const change of newestBefore(run, definition.entity, step.at).values()) {
          if (owner.publishWhen?.(payloadOfOwned(owner, change, 'snapshot'), null) === false) continue;
          if (end?.parked.some((one) => one.id === change.id)) continue;
          const seen = end?.copies.find((one) => one.name === as && one.id === change.id);
          const row = seen === undefined || seen.row.deleted ? null : (seen.row.fields ?? null);
          const rows = rowsOwned(run, subject, definition, change.id);
          const from = changesOf(run, definition.entity, change.id).findIndex((one) => isDeepStrictEqual(one, change));
          if (rows.slice(Math.max(from, 0)).some((one) => sameRow(one, row))) continue;
          yield {
            ...{ invariant: this.id, service, ...copyPlace(subject, service, definition.entity) },
            sentence: `A full sync did not bring a ${definition.entity} that its owner has.`,
            expected: rows[from],
            actual: row,
          };
        }
      }
    }
  },
};

/** The last full sync of an entity that came to its end. */
function lastRead(run: Run, entity: string): FullSyncStep | undefined {
  const done = new Set(
    run.happenings.flatMap((one) => (one.kind === 'did' && one.error === undefined ? [one.step] : [])),
  );
  const crashed = run.happenings.some((one) => one.kind === 'crashed');
  return crashed
    ? undefined
    : run.plan.steps.findLast(
        (step): step is FullSyncStep => step.do === 'full-sync' && step.entity === entity && done.has(step.id),
      );
}

function changesOf(run: Run, entity: string, id: string): readonly Owned[] {
  return run.happenings.filter((one): one is Owned => one.kind === 'owned' && one.entity === entity && one.id === id);
}

/** The newest change of each entity that was committed before an instant. */
function newestBefore(run: Run, entity: string, at: number): ReadonlyMap<string, Owned> {
  const found = new Map<string, Owned>();
  for (const one of run.happenings)
    if (one.kind === 'owned' && one.entity === entity && one.at < at) found.set(one.id, one);
  return found;
}
