import { timeToLiveMs } from '../../model/channel-bindings.js';
import { retryBudget } from '../../model/retry-budget.js';
import type { Rule } from '../rule.js';
import { spoken, written } from '../wording.js';

/** Waits between the tries of a consumer that are longer than the time its message has to live. */
export const retryOutlivesMessage: Rule = {
  id: 'retry-outlives-message',
  severity: 'warning',
  title: 'A message is not tried again when its time is over.',
  why: 'A message that waits for its next try lies in another queue, where its time to live does not count: it comes back long after it was to be given up.',
  fix: 'Keep the longest wait below the time to live.',
  requirements: ['SE-63', 'SE-64'],
  *check(model) {
    for (const event of model.events.values()) {
      const message = model.messages.get(event.message);
      const ttlMs = message === undefined ? undefined : timeToLiveMs(message);
      if (ttlMs === undefined) continue;
      for (const { service, retry } of event.consumers) {
        if (retry === undefined) continue;
        const longestMs = Math.max(0, ...retryBudget({ retry }).waitsMs);
        if (longestMs <= ttlMs) continue;
        yield {
          at: retry.at,
          message: `"${service}" waits up to ${spoken(longestMs)} between tries of "${event.name}", which has ${spoken(ttlMs)} to live.`,
          subject: `event:${event.name} consumer:${service} ttl`,
          fix: `write max_interval: ${written(ttlMs)} or less, or a longer x-message-ttl.`,
        };
      }
    }
  },
};
