import { concerned } from '../concerned.js';
import { nameIn } from '../matching.js';
import { partiesOfMessage } from '../parties.js';
import type { CompatRule } from '../rule.js';
import { analyse } from '../schema/analysis.js';
import { notice } from '../verdicts.js';

/** Two forms of a message under one version. */
export const messageVersionNotRaised: CompatRule = {
  id: 'message-version-not-raised',
  title: 'A payload that somebody can no longer read has another version.',
  why: 'Whoever reads a stored message, a log or a dead letter cannot tell which form it has.',
  fix: 'Raise x-message-version of the message.',
  requirements: ['DH-61', 'SE-45', 'SE-57'],
  mirror: { none: 'Requests and responses are versioned with their documents.' },
  *judge(change, revisions) {
    if (change.kind !== 'schema' || change.noun !== 'message' || change.use.part !== 'payload') return;
    const name = nameIn(change.subject);
    const after = revisions.after.messages.get(name);
    const before = revisions.before.messages.get(name);
    if (after === undefined || before === undefined || after.version !== before.version) return;
    // A message that is an event and a command changes once.
    if (change.use.direction === 'command' && partiesOfMessage(revisions.after, name).event !== undefined) return;
    // What both sides can read as it was read before needs no other version.
    const { effects, forwardUnproven, backwardUnproven } = analyse(change, revisions);
    const told = effects.some(({ forward, backward }) => forward !== undefined || backward !== undefined);
    if (!told && forwardUnproven === undefined && backwardUnproven === undefined) return;
    const version = after.versionGiven ? `version "${after.version}" as before` : 'no version';
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `the payload of message "${name}" has changed, and it has ${version}.`,
      order: 'any',
      level: 'patch',
    });
  },
};
