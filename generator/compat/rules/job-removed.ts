import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import { partiesOfMessage } from '../parties.js';
import type { CompatRule } from '../rule.js';
import { breaking, notice } from '../verdicts.js';
import { quoted } from '../wording.js';

/** What the job sent is not sent any more. */
export const jobRemoved: CompatRule = {
  id: 'job-removed',
  title: 'A job whose messages somebody reads stays.',
  why: 'Nothing fails: the consumers are simply never told again.',
  fix: 'Let something else send its messages first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'job', 'removed', 'renamed')) return;
    const said = concerned(change, revisions);
    if (change.kind === 'renamed') {
      const message = `job "${change.from}" is called "${change.to}"; when it ran last is stored under the old name.`;
      yield notice(this, change, { ...said, message, order: 'any', fix: 'Expect one run more or less.' });
      return;
    }
    const name = nameIn(change.subject);
    const published = revisions.before.jobs.get(name)?.publishes ?? [];
    const told = said.readers.length > 0 ? ` ${quoted(said.readers)} read what it sent.` : '';
    const message = `job "${name}" is gone.${told}`;
    const stillSent = published.every(
      (one) => (partiesOfMessage(revisions.after, one).event?.writers ?? []).length > 0,
    );
    if (told === '' || stillSent) yield notice(this, change, { ...said, message, order: 'any' });
    else yield breaking(this, change, { ...said, message, order: 'reader-first' });
  },
};
