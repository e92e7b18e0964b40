import { reached, together } from '../affected.js';
import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import { partiesOfMessage } from '../parties.js';
import type { CompatRule, Revisions } from '../rule.js';
import { notice, safe } from '../verdicts.js';
import { quoted } from '../wording.js';

/** A type of message that listeners of the channel have not met. */
export const eventAdded: CompatRule = {
  id: 'event-added',
  title: 'A new event hurts nobody who listens already.',
  why: 'Whoever listens on its channel receives it without having asked. A consumer that refuses types it does not know sends them to its dead letters.',
  fix: 'Deploy the consumers first, or give the event a channel of its own.',
  requirements: ['TD-44'],
  mirror: 'event-consumer-added',
  *judge(change, revisions) {
    if (!isNoun(change, 'event', 'added')) return;
    const name = nameIn(change.subject);
    const said = concerned(change, revisions);
    const listening = listenersOf(revisions, name).filter((service) => !said.readers.includes(service));
    if (listening.length === 0) {
      yield safe(this, change, { ...said, order: 'reader-first', message: `event "${name}" is new.` });
      return;
    }
    const met = listening.map(
      (service) => [service, change.features[0] ?? '', `listens where "${name}" is sent`] as const,
    );
    yield notice(this, change, {
      ...said,
      readers: [...said.readers, ...listening],
      affected: together(said.affected, reached(revisions, met)),
      message: `event "${name}" is new on a channel where ${quoted(listening)} ${listening.length === 1 ? 'listens' : 'listen'} already.`,
      order: 'reader-first',
    });
  },
};

/** Services that read another message of a channel that was there before. */
function listenersOf({ before, after }: Revisions, event: string): readonly string[] {
  const message = after.messages.get(after.events.get(event)?.message ?? '');
  const addresses = new Set((message?.channels ?? []).map(({ address }) => address));
  const others = [...before.messages.values()].filter((other) =>
    other.channels.some(({ address }) => address !== null && addresses.has(address)),
  );
  return [...new Set(others.flatMap((other) => partiesOfMessage(before, other.name).event?.readers ?? []))].sort();
}
