import type { Invariant } from './invariant.js';
import { consumersIn } from './messages.js';
import { isContracted, tellsOf } from './tells.js';

/** An entity is told by its owner, a fact by its publisher; what comes from anybody else has no effect. */
export const ownerOnly: Invariant = {
  id: 'owner-only',
  promise: 'Only its owner tells an entity, and only who may send a message is believed.',
  *check(run, subject) {
    const forged = new Set(
      run.plan.faults.flatMap(({ fault, step }) => (fault === 'forged-sender' && step !== undefined ? [step] : [])),
    );
    for (const happening of run.happenings) {
      const { service } = happening;
      if (happening.kind === 'published') {
        const { type, exchange, envelope, step } = happening;
        if (exchange === '' || !isContracted(subject, type) || forged.has(step ?? '')) continue;
        const own = tellsOf(subject, service, type) !== undefined;
        if (own && (envelope === undefined || envelope.source === service)) continue;
        const sentence = own
          ? `${service} sent a ${type} in the name of ${envelope?.source}.`
          : `${service} sent a ${type}, which is another's to tell.`;
        yield { invariant: this.id, sentence, at: happening, service };
      }
      if (
        happening.kind === 'owned' &&
        subject.services.get(service)?.definition.owned[happening.entity] === undefined
      ) {
        const sentence = `${service} changed ${happening.entity}, which it does not own.`;
        yield { invariant: this.id, sentence, at: happening, service };
      }
    }
    // A sender that died on the way tells the same message again when everything is healed, and then it is its own.
    for (const one of run.happenings)
      if (one.kind === 'published' && one.envelope?.source === one.service) forged.delete(one.step ?? '');
    if (forged.size === 0) return;
    for (const { service, consumers } of consumersIn(run, subject)) {
      for (const happening of run.happenings) {
        if (happening.service !== service || !forged.has(happening.step ?? '')) continue;
        const proven = consumers.some(({ definition }) => {
          const { name, message } = definition;
          const isIt = happening.kind === 'handled' ? happening.consumer === name : happening.kind === 'copied';
          return isIt && message.security !== undefined;
        });
        if (!proven) continue;
        const sentence = `${service} believed a message of somebody who may not send it.`;
        yield { invariant: this.id, sentence, at: happening, service };
      }
    }
  },
};
