import type { Rule } from '../rule.js';
import { waitsOf } from '../waits.js';
import { spoken } from '../wording.js';

/** Finds `on_timeout: skip`. */
export const waitTimeoutSkip: Rule = {
  id: 'wait-timeout-skip',
  severity: 'warning',
  title: 'A wait that times out does not drop its message.',
  why: 'With `skip` a message whose dependency is late is acknowledged and gone. Nothing repeats it, so the copy misses that change until the next one or a full sync.',
  fix: 'Park the message, or dead-letter it.',
  requirements: ['EP-08', 'EP-65'],
  *check(model) {
    for (const { wait, what, subject } of waitsOf(model)) {
      if (wait.onTimeout !== 'skip') continue;
      yield {
        at: wait.at,
        message: `${what} gives up a message when "${wait.entity}" has not come after ${spoken(wait.timeoutMs)} (on_timeout: skip).`,
        subject: `${subject} wait:${wait.entity}`,
        fix: 'write on_timeout: park (the message is tried again when the entity comes) or on_timeout: dead-letter.',
      };
    }
  },
};
