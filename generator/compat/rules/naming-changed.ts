import { bothModels, reached } from '../affected.js';
import type { Affected } from '../judgement.js';
import { nameIn } from '../matching.js';
import { queueOf } from '../queues.js';
import type { CompatRule, Revisions } from '../rule.js';
import { breaking } from '../verdicts.js';
import { quoted, shown } from '../wording.js';

/** Queues are found by their names. */
export const namingChanged: CompatRule = {
  id: 'naming-changed',
  title: 'What is on the broker keeps its name.',
  why: 'Services declare and listen to what has the new name; what has the old one stays bound and fills up, with messages in it that nobody takes.',
  fix: 'Let the queues run empty with the senders stopped, or bind both names until the old ones are empty; then delete them.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'Sender and receivers take the names from one place.' },
  *judge(change, revisions) {
    if (change.kind !== 'set' || change.noun !== 'system' || change.setting.startsWith('envelope.')) return;
    const listening = listenersIn(revisions);
    const queues = listening.map(({ service }) => queueOf(revisions.before, service));
    const moved =
      change.setting === 'naming.queue' && queues.length > 0
        ? `; ${quoted(queues)} ${queues.length > 1 ? 'stay' : 'stays'} bound`
        : '';
    const services = listening.map(({ service }) => service);
    yield breaking(this, change, {
      message: `system "${nameIn(change.subject)}" has ${change.setting} ${shown(change.after)}, was ${shown(change.before)}${moved}.`,
      order: 'never',
      writers: services,
      readers: services,
      affected: listening,
      breaksStored: true,
    });
  },
};

/** Services that take messages from a queue of their own. */
function listenersIn(revisions: Revisions): readonly Affected[] {
  const edges = bothModels(revisions).flatMap((model) =>
    model.edges.filter(({ kind }) => kind === 'event' || kind === 'sync' || kind === 'command'),
  );
  return reached(
    revisions,
    edges.map((edge) => [edge.to, edge.feature, 'takes messages from a queue of its own'] as const),
  );
}
