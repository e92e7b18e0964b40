import { concerned } from '../concerned.js';
import { isNoun } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';

/** The name of a command names the handler of its receiver. */
export const commandRenamed: CompatRule = {
  id: 'command-renamed',
  title: 'A command keeps its name.',
  why: 'The handler that the receiver has written is called after the command: its code no longer compiles. On the wire nothing changes.',
  fix: 'Rename the handler when the service is generated anew.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'command', 'renamed')) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `command "${change.from}" is called "${change.to}"; its receiver names the handler after it.`,
      order: 'any',
    });
  },
};
