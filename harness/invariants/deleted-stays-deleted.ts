import { compareVersions, type Version } from '../../runtime/guard.js';
import type { Invariant } from './invariant.js';
import { consumersIn } from './messages.js';
import { copyPlace } from './places.js';
import { toldTo } from './told.js';

/** A copy whose deletion has come is alive again only by a newer message. */
export const deletedStaysDeleted: Invariant = {
  id: 'deleted-stays-deleted',
  promise: 'What was deleted stays deleted until its owner creates it again.',
  *check(run, subject) {
    for (const { service, consumers } of consumersIn(run, subject)) {
      for (const consumer of consumers) {
        if (consumer.kind !== 'copy') continue;
        const { definition } = consumer;
        const told = toldTo(run, definition);
        const deletions = new Map<string, Version>();
        for (const happening of run.happenings) {
          if (happening.kind !== 'copied' || happening.service !== service || happening.table !== definition.table.name)
            continue;
          const { id, after, messageId } = happening;
          const deleted = deletions.get(id);
          if (after !== undefined && !after.deleted && deleted !== undefined) {
            if (compareVersions(after.version, deleted) > 0) continue;
            yield {
              invariant: this.id,
              sentence: `A deleted ${happening.entity} came back.`,
              at: happening,
              service,
              ...copyPlace(subject, service, happening.entity),
              expected: null,
              actual: after.fields ?? null,
            };
          }
          const message = told.get(id)?.find((one) => one.messageId === messageId && one.row === null);
          const version = message?.version ?? (after?.deleted === true ? after.version : undefined);
          if (version !== undefined && (deleted === undefined || compareVersions(version, deleted) > 0))
            deletions.set(id, version);
        }
      }
    }
  },
};
