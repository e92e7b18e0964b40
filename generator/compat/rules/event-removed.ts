import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import { queueOf } from '../queues.js';
import type { CompatRule } from '../rule.js';
import { breaking, notice } from '../verdicts.js';
import { quoted } from '../wording.js';

/** Consumers wait for what never comes. */
export const eventRemoved: CompatRule = {
  id: 'event-removed',
  title: 'An event that somebody consumes stays.',
  why: 'Nothing fails: the consumers are simply never told again. What is stored of it already can no longer be handled once the handlers are gone.',
  fix: 'Take the consumers out first; keep their handlers until queues, dead letters and logs hold no such message.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'event-consumer-removed',
  *judge(change, revisions) {
    if (!isNoun(change, 'event', 'removed')) return;
    const name = nameIn(change.subject);
    const said = concerned(change, revisions);
    if (said.readers.length === 0) {
      yield notice(this, change, { ...said, order: 'any', message: `event "${name}" is gone; nobody consumed it.` });
      return;
    }
    const queues = said.readers.map((service) => queueOf(revisions.before, service));
    yield breaking(this, change, {
      ...said,
      message: `event "${name}" is gone, and ${quoted(said.readers)} consumed it from ${quoted(queues)}.`,
      order: 'reader-first',
      breaksStored: true,
    });
  },
};
