import type { Run } from '../history.js';
import type { Subject } from '../subject.js';
import type { Invariant } from './invariant.js';

/** Nothing is tried for ever: deliveries and publications of one message are few. */
export const boundedAttempts: Invariant = {
  id: 'bounded-attempts',
  promise: 'A message is handed out and sent a bounded number of times.',
  *check(run, subject) {
    const sent = new Map<string, number>();
    const sentMax = publicationsMax(run);
    const handed = new Map<string, number>();
    for (const happening of run.happenings) {
      if (happening.kind === 'published') {
        const { service, messageId } = happening;
        const key = `${service}\n${messageId}`;
        const count = (sent.get(key) ?? 0) + 1;
        sent.set(key, count);
        if (count !== sentMax + 1) continue;
        yield {
          invariant: this.id,
          sentence: `A message was sent more than ${sentMax} times.`,
          at: happening,
          service,
        };
      }
      if (happening.kind === 'delivered') {
        const { service, queue, messageId } = happening;
        const key = `${queue}\n${messageId}`;
        const count = (handed.get(key) ?? 0) + 1;
        handed.set(key, count);
        const max = deliveriesMax(run, subject, service, queue);
        if (count !== max + 1) continue;
        yield {
          ...{ invariant: this.id, at: happening, service },
          sentence: `A message was handed out more than ${max} times.`,
        };
      }
    }
  },
};

/** Each fault may cost one more: a lost confirmation, a crash before the row is gone, two processes at one outbox. */
function publicationsMax({ plan }: Run): number {
  return 3 + 2 * plan.faults.length;
}

/** What the contract's limit allows for each copy of a message that comes, and one more time to give it up. */
function deliveriesMax({ plan }: Run, subject: Subject, service: string, queue: string): number {
  const { topology } = subject.services.get(service)?.definition ?? {};
  const limit = topology?.queues.find(({ name }) => name === queue)?.maxDeliveries ?? 10;
  return (limit + 1) * (2 + plan.faults.length);
}
