import { compareVersions, type Version } from '../../runtime/guard.js';
import type { Invariant } from './invariant.js';
import { consumersIn, deadIn, isValid, publishedIn } from './messages.js';
import { copyPlace } from './places.js';
import { versionOf } from './told.js';

/** A forced message writes the copy again, unless a newer state has come. */
export const forceRespected: Invariant = {
  id: 'force-respected',
  promise: 'What an owner tells again on purpose is written again, and never over something newer.',
  *check(run, subject) {
    for (const { service, consumers } of consumersIn(run, subject)) {
      const dead = deadIn(run, service);
      for (const consumer of consumers) {
        if (consumer.kind !== 'copy') continue;
        const { definition } = consumer;
        const rows = new Map<string, Version>();
        const written = new Set<string>();
        const delivered = new Map<string, number>();
        /** Where a batch wrote an entity, which does not say for which of its messages. */
        const batches = new Map<string, number>();
        for (const [index, happening] of run.happenings.entries()) {
          if (happening.service !== service) continue;
          if (happening.kind === 'delivered') delivered.set(happening.messageId, index);
          if (happening.kind === 'parked') written.add(happening.messageId);
          if (happening.kind === 'copied' && happening.table === definition.table.name) {
            if (happening.messageId !== undefined) written.add(happening.messageId);
            else batches.set(happening.id, index);
            if (happening.after !== undefined) rows.set(happening.id, happening.after.version);
          }
          if (happening.kind !== 'settled' || happening.how !== 'acked' || written.has(happening.messageId)) continue;
          const envelope = publishedIn(run).get(happening.messageId)?.envelope;
          if (envelope?.force !== true || envelope.type !== definition.message.name) continue;
          if (dead.has(happening.messageId) || !isValid(definition.message, envelope.data)) continue;
          const key = definition.key(envelope.data);
          const row = rows.get(key);
          const version = versionOf(definition, envelope);
          // Instants tie, message ids do not: the position alone says whether it is the same state.
          if (row === undefined || compareVersions({ ...row, tie: '' }, { ...version, tie: '' }) > 0) continue;
          if ((batches.get(key) ?? -1) > (delivered.get(happening.messageId) ?? index)) continue;
          const sentence = `${service} did not write a ${definition.entity} again although it was forced to.`;
          yield {
            invariant: this.id,
            sentence,
            at: happening,
            service,
            ...copyPlace(subject, service, definition.entity),
          };
        }
      }
    }
  },
};
