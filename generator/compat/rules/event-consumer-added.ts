import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

/** A new consumer starts with the next message. */
export const eventConsumerAdded: CompatRule = {
  id: 'event-consumer-added',
  title: 'A new consumer hurts nobody.',
  why: 'It is told what happens from now on, not what has happened.',
  fix: 'Deploy the service; nothing else has to be there first.',
  requirements: ['TD-44'],
  mirror: 'event-added',
  *judge(change, revisions) {
    if (!isNoun(change, 'consumer', 'added')) return;
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `"${nameIn(change.subject, 'consumer').split('/')[0]}" consumes event "${nameIn(change.subject)}".`,
      order: 'any',
    });
  },
};
