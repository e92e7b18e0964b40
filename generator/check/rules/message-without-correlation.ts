import { propertiesOf } from '../../model/payload.js';
import type { Message, Model } from '../../model/types.js';
import type { Rule } from '../rule.js';
import { travellingMessages } from '../travelling.js';

/** A correlation id is declared by `correlationId` of AsyncAPI, a header of that name, or the workspace's envelope. */
export const messageWithoutCorrelation: Rule = {
  id: 'message-without-correlation',
  severity: 'warning',
  title: 'Every message says where its correlation id stands.',
  why: 'Across three services a failure can be followed only by an id that all of them pass on; without it the logs of one request cannot be put together.',
  fix: 'Declare `correlationId` at the message.',
  requirements: ['DH-59', 'DH-73', 'TD-89'],
  *check(model) {
    if (model.settings.envelope.correlationid !== undefined) return;
    for (const message of travellingMessages(model)) {
      if (declaresCorrelation(model, message)) continue;
      yield {
        at: message.at,
        message: `message "${message.name}" declares no correlation id.`,
        subject: `message:${message.name}`,
        fix: 'write correlationId: { location: $message.header#/correlationId } at the message.',
      };
    }
  },
};

function declaresCorrelation(model: Model, message: Message): boolean {
  const { correlationId, headers } = message.definition;
  if (correlationId !== undefined) return true;
  if (headers === undefined) return false;
  return [...propertiesOf(model, headers).keys()].some((name) => /^(x-)?correlation-?_?id$/i.test(name));
}
