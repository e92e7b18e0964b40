import type { EffectDefinition } from '../../runtime/definition.js';
import type { Run } from '../history.js';
import type { Invariant } from './invariant.js';
import { publishedIn } from './messages.js';
import { consumerPlace } from './places.js';

/** A handler's effect is committed once per message, or per value that its contract calls the same. */
export const effectOnce: Invariant = {
  id: 'effect-once',
  promise: 'What a handler does for one message is done once, however often the message comes.',
  *check(run, subject) {
    for (const effect of subject.code.definition.effects) {
      // Outside a transaction nothing but the handler itself can see to that.
      if (effect.transaction === 'none') continue;
      const done = new Set<string>();
      for (const happening of run.happenings) {
        if (happening.kind !== 'handled' || happening.consumer !== effect.name) continue;
        const key = keyOf(run, effect, happening.messageId);
        if (key === undefined) continue;
        if (done.has(key)) {
          yield {
            invariant: this.id,
            sentence: `${effect.handler} handled the same ${effect.message.name} twice.`,
            at: happening,
            service: happening.service,
            ...consumerPlace(subject, happening.service, effect.message.name),
          };
        }
        done.add(key);
      }
    }
  },
};

/** What may happen once; undefined for what is asked for again on purpose, and for what nobody has seen on its way. */
function keyOf(run: Run, effect: EffectDefinition, messageId: string): string | undefined {
  const envelope = publishedIn(run).get(messageId)?.envelope;
  if (envelope === undefined) return messageId;
  return envelope.force === true ? `force\n${messageId}` : (effect.idempotencyKey?.(envelope.data) ?? messageId);
}
