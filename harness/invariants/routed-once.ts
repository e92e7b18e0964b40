import { queuesOf } from '../../runtime/service-queue.js';
import type { Run } from '../history.js';
import type { Subject } from '../subject.js';
import type { Invariant } from './invariant.js';
import { consumersIn, isBusy, type Published, publishedIn, reaches } from './messages.js';

/** An event reaches every subscriber and nobody else; a command exactly one service. */
export const routedOnce: Invariant = {
  id: 'routed-once',
  promise: 'An event comes to each service that follows it and to no other; a command comes to one.',
  *check(run, subject) {
    const services = consumersIn(run, subject);
    const came = deliveriesOf(run);
    for (const message of publishedIn(run).values()) {
      const takers: string[] = [];
      for (const { service, definition } of services) {
        if (isBusy(run, definition)) continue;
        const expected = reaches(definition, message);
        const queues = queuesOf(definition).map(({ name }) => name);
        const actual = queues.some((queue) => came.has(`${queue}\n${message.messageId}`));
        if (expected) takers.push(service);
        if (expected === actual || (!expected && message.exchange === '')) continue;
        // The same message may have been sent to this queue by itself, as a dead letter or a released one is.
        if (!expected && queues.some((queue) => isSentTo(run, queue, message.messageId))) continue;
        const verb = expected ? 'never came to' : 'came to';
        const sentence = `A ${message.type} ${verb} ${service}${expected ? '' : ', which does not follow it'}.`;
        yield { invariant: this.id, sentence, at: message, service };
      }
      if (takers.length > 1 && isCommand(subject, message)) {
        const sentence = `The command ${message.type} came to ${takers.join(' and ')}.`;
        yield { invariant: this.id, sentence, at: message, service: message.service, actual: takers };
      }
    }
  },
};

function deliveriesOf(run: Run): ReadonlySet<string> {
  return new Set(run.happenings.flatMap((one) => (one.kind === 'delivered' ? [`${one.queue}\n${one.messageId}`] : [])));
}

function isSentTo(run: Run, queue: string, messageId: string): boolean {
  return run.happenings.some(
    (one) =>
      (one.kind === 'published' && one.messageId === messageId && one.exchange === '' && one.key === queue) ||
      (one.kind === 'replayed' && one.messageId === messageId && one.queue === queue),
  );
}

function isCommand({ model }: Subject, { type }: Published): boolean {
  return [...model.commands.values()].some(({ message }) => message === type);
}
