import type { Invariant } from './invariant.js';
import { tellsOf } from './tells.js';

/** A version is told once, unless somebody asks for it again: reading everything in full raises no events. */
export const noEcho: Invariant = {
  id: 'no-echo',
  promise: 'Each change is told by one message, and reading all of an entity tells nothing.',
  *check(run, subject) {
    const told = new Map<string, string>();
    for (const happening of run.happenings) {
      if (happening.kind !== 'published' || happening.envelope === undefined) continue;
      const { service, envelope } = happening;
      const owned = tellsOf(subject, service, envelope.type)?.owned;
      if (owned === undefined || envelope.force === true) continue;
      const key = `${owned.entity}\n${envelope.subject}\n${envelope.epoch}/${envelope.sequence}`;
      const first = told.get(key) ?? envelope.id;
      told.set(key, first);
      if (first === envelope.id && envelope.op !== 'snapshot') continue;
      const sentence = `A change of ${owned.entity} was told again, although nobody asked for it.`;
      yield { invariant: this.id, sentence, at: happening, service };
    }
  },
};
