import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { spoken } from '../wording.js';

/** A consumer that waits for other things than before. */
export const waitsChanged: CompatRule = {
  id: 'waits-changed',
  title: 'A consumer waits for what it waited for.',
  why: 'A message that waits for something that never comes is parked, one that no longer waits is applied before what it refers to.',
  fix: 'Look at the parked messages before this is deployed: they wait by the old rule.',
  requirements: ['DH-61'],
  mirror: { none: 'Only the consumer knows what it waits for.' },
  *judge(change, revisions) {
    if (!(isSet(change, 'copy', 'waits_for') || isSet(change, 'consumer', 'waits_for'))) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `"${nameIn(change.subject, change.noun)}" waits for ${awaited(change.after)} before it takes "${nameIn(change.subject)}", was ${awaited(change.before)}.`,
      order: 'any',
      level: 'patch',
    });
  },
};

/** `"Company" (5 m, then park)` for each. */
function awaited(waits: unknown): string {
  if (!Array.isArray(waits) || waits.length === 0) return 'nothing';
  return waits
    .map(({ entity, by, timeoutMs, onTimeout }) => `"${entity}" by "${by}" (${spoken(timeoutMs)}, then ${onTimeout})`)
    .join(', ');
}
