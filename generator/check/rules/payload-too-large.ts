import { payloadOf } from '../../model/payload.js';
import { payloadSize } from '../payload-size.js';
import type { Rule } from '../rule.js';

/** What a message may have when the contract sets no limit: the smallest limit among the queues in wide use. */
const common = 256 * 1024;

/** Compares the largest message that the schema admits with `max_payload`. A schema without bounds is advice only, and only where a limit is written. */
export const payloadTooLarge: Rule = {
  id: 'payload-too-large',
  severity: 'warning',
  title: 'The largest message that a schema admits fits into its limit.',
  why: 'A broker refuses a message that is too large at the moment of publishing: the change is committed and can never be told.',
  fix: 'Bound the schema with `maxLength` and `maxItems`, or send an id instead of the content.',
  requirements: ['DH-70'],
  *check(model) {
    for (const event of model.events.values()) {
      const payload = payloadOf(model, event.message);
      if (payload === undefined) continue;
      const size = payloadSize(model, payload);
      const subject = `event:${event.name}`;
      const limit = event.payloadMax ?? common;
      const written = event.payloadMax === undefined ? 'the usual limit of brokers' : 'its max_payload';
      if ('unbounded' in size) {
        if (event.payloadMax === undefined) continue;
        yield {
          at: event.at,
          message: `event "${event.name}" has a max_payload of ${limit} bytes, but "${size.unbounded}" of its message has no bound.`,
          subject,
          related: [{ at: model.locate(payload), message: 'the schema' }],
          fix: `write maxLength or maxItems at "${size.unbounded}".`,
          severity: 'info',
        };
      } else if (size.bytes > limit) {
        yield {
          at: event.at,
          message: `a message of event "${event.name}" may have ${size.bytes} bytes, ${written} is ${limit}.`,
          subject,
          related: [{ at: model.locate(payload), message: 'the schema' }],
          fix: 'lower maxLength and maxItems, raise max_payload, or send an id and let consumers fetch the content.',
        };
      }
    }
  },
};
