import { payloadOf, propertyAt } from '../../model/payload.js';
import { reached } from '../affected.js';
import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking, safe } from '../verdicts.js';
import { quoted, shown } from '../wording.js';

/** A consumer that needs a field which is sent only from now on. */
export const eventNeedsChanged: CompatRule = {
  id: 'event-needs-changed',
  title: 'What a consumer needs was sent before.',
  why: 'Messages that are under way, in outboxes and in dead letters do not have the field: the consumer refuses them.',
  fix: 'Deploy the publisher first, let the queues run empty, then deploy the consumer.',
  requirements: ['TD-45'],
  mirror: { none: 'That the publisher stops sending a field is a change of its schema.' },
  *judge(change, revisions) {
    if (!isSet(change, 'consumer', 'needs')) return;
    const event = nameIn(change.subject);
    const service = nameIn(change.subject, 'consumer').split('/')[0] ?? '';
    const before = Array.isArray(change.before) ? change.before : [];
    const needed = (Array.isArray(change.after) ? change.after : []).filter((path) => !before.includes(path));
    const said = {
      ...concerned(change, revisions),
      readers: [service],
      affected: reached(revisions, [[service, change.features[0] ?? '', `needs fields of "${event}"`]]),
    };
    const message = revisions.before.events.get(event)?.message ?? event;
    const payload = payloadOf(revisions.before, message);
    const fresh = needed.filter(
      (path) => payload !== undefined && propertyAt(revisions.before, payload, path)?.required !== true,
    );
    if (fresh.length > 0) {
      const text = `"${service}" needs ${quoted(fresh)} of event "${event}", which older messages may lack.`;
      yield breaking(this, change, { ...said, message: text, order: 'writer-first', breaksStored: true });
    } else {
      const text = `"${service}" needs ${shown(change.after)} of event "${event}", needed ${shown(change.before)}.`;
      yield safe(this, change, { ...said, message: text, order: 'any', level: 'patch' });
    }
  },
};
