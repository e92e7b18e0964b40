import type { WaitRule } from '../../runtime/definition.js';
import type { Happening, Run } from '../history.js';
import type { Invariant } from './invariant.js';
import { type Consumer, consumersIn, isValid, publishedIn } from './messages.js';
import { consumerPlace } from './places.js';

/** Nothing is applied before what it refers to is there. */
export const waitsHonoured: Invariant = {
  id: 'waits-honoured',
  promise: 'A message is applied only when what it waits for is there, or when its contract lets it go on without.',
  *check(run, subject) {
    for (const { service, consumers } of consumersIn(run, subject)) {
      const waiting = consumers.flatMap((consumer) => {
        const rules = consumer.definition.awaits.filter(({ optional, onTimeout }) => !optional && onTimeout !== 'skip');
        return rules.length === 0 ? [] : [{ consumer, rules }];
      });
      if (waiting.length === 0) continue;
      const there = new Set<string>();
      for (const happening of run.happenings) {
        if (happening.service !== service) continue;
        note(there, happening);
        for (const { consumer, rules } of waiting) {
          const data = appliedBy(run, consumer, happening);
          const missing = data === undefined ? undefined : rules.find((rule) => !isThere(there, rule, data));
          if (missing === undefined) continue;
          const { name } = consumer.definition.message;
          yield {
            ...{ invariant: this.id, at: happening, service },
            sentence: `A ${name} was applied before its ${missing.entity} was there.`,
            ...consumerPlace(subject, service, name),
          };
        }
      }
    }
  },
};

/** What has ever been there: something may go while a message about it is applied. */
function note(there: Set<string>, happening: Happening): void {
  if (happening.kind === 'copied' && happening.after?.deleted === false)
    there.add(`${happening.entity}\n${happening.id}`);
  if (happening.kind === 'owned' && !happening.deleted) there.add(`${happening.entity}\n${happening.id}`);
}

/** Payload of the message that a happening applied; undefined when it applied none, or only removed something. */
function appliedBy(run: Run, consumer: Consumer, happening: Happening): unknown {
  const messageId = isApplication(consumer, happening) ? happening.messageId : undefined;
  const data = messageId === undefined ? undefined : publishedIn(run).get(messageId)?.envelope?.data;
  return isValid(consumer.definition.message, data) ? data : undefined;
}

function isApplication(
  consumer: Consumer,
  happening: Happening,
): happening is Extract<Happening, { readonly kind: 'copied' | 'handled' }> {
  if (happening.kind === 'handled') return happening.consumer === consumer.definition.name;
  if (happening.kind !== 'copied' || consumer.kind !== 'copy') return false;
  return happening.table === consumer.definition.table.name && happening.after?.deleted === false;
}

function isThere(there: ReadonlySet<string>, rule: WaitRule<unknown>, data: unknown): boolean {
  const id = rule.by(data);
  return id === null || id === undefined || id === '' || there.has(`${rule.entity}\n${id}`);
}
