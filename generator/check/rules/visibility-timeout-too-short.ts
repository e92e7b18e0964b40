import { retryBudget } from '../../model/retry-budget.js';
import type { Channel, EventConsumer, Model } from '../../model/types.js';
import type { Rule } from '../rule.js';
import { spoken } from '../wording.js';

/**
 * Compares `bindings.sqs.queue.visibilityTimeout` (seconds) with the longest time that the contract lets a receiver hold a message: the timeout of a command, or the
 * calls of a handler in the worst case and the waits between its tries.
 */
export const visibilityTimeoutTooShort: Rule = {
  id: 'visibility-timeout-too-short',
  severity: 'warning',
  title: 'A queue hides a message for as long as a receiver may work on it.',
  why: 'When the timeout ends, the queue hands the message to a second receiver while the first still works: the effect runs twice at the same time.',
  fix: 'Raise the visibility timeout, or lower the timeouts of the handler.',
  requirements: ['SE-64'],
  *check(model) {
    for (const { what, subject, message, holdMs } of receiversOf(model)) {
      for (const channel of model.messages.get(message)?.channels ?? []) {
        const hiddenMs = visibilityMs(channel);
        if (hiddenMs === undefined || holdMs === 0 || holdMs <= hiddenMs) continue;
        yield {
          at: channel.at,
          message: `channel "${channel.id}" hides a message for ${spoken(hiddenMs)}, but ${what} may work on it for ${spoken(holdMs)}.`,
          subject: `${subject} channel:${channel.id}`,
          fix: `write visibilityTimeout: ${Math.ceil(holdMs / 1_000) + 1} in bindings.sqs.queue.`,
        };
      }
    }
  },
};

function* receiversOf(model: Model): Iterable<{ what: string; subject: string; message: string; holdMs: number }> {
  for (const command of model.commands.values()) {
    const what = `the receiver of command "${command.name}"`;
    yield { what, subject: `command:${command.name}`, message: command.message, holdMs: command.timeoutMs ?? 0 };
  }
  for (const event of model.events.values()) {
    for (const consumer of event.consumers) {
      const what = `"${consumer.service}" on event "${event.name}"`;
      const subject = `event:${event.name} consumer:${consumer.service}`;
      yield { what, subject, message: event.message, holdMs: holdOf(model, consumer) };
    }
  }
}

/** Every call once per try, each as long as its policy allows, and the waits between the tries. */
function holdOf(model: Model, consumer: EventConsumer): number {
  const calls = consumer.calls.map(({ operationId }) => {
    const edge = model.http.find(
      (each) => each.from === consumer.service && each.operations.some((item) => item.id === operationId),
    );
    return edge?.policy?.deadlineMs ?? (edge?.policy === undefined ? 0 : retryBudget(edge.policy).totalMs);
  });
  const once = calls.reduce((sum, call) => sum + call, 0);
  const retry = consumer.retry === undefined ? undefined : retryBudget({ retry: consumer.retry });
  return once * (retry?.attempts ?? 1) + (retry?.waitMs ?? 0);
}

function visibilityMs(channel: Channel): number | undefined {
  const binding = channel.definition.bindings.sqs as
    | { readonly queue?: { readonly visibilityTimeout?: unknown } }
    | undefined;
  const seconds = binding?.queue?.visibilityTimeout;
  return typeof seconds === 'number' ? seconds * 1_000 : undefined;
}
