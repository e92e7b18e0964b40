import type { Rule } from '../rule.js';
import { quoted } from '../wording.js';

/** Copies of an entity without a message, events that nobody publishes, commands that nobody sends. */
export const consumerWithoutProducer: Rule = {
  id: 'consumer-without-producer',
  severity: 'error',
  title: 'Whoever listens has somebody who speaks.',
  why: 'The queue is bound and stays empty: the consumer looks healthy and its copy is never filled.',
  fix: 'Name the producer, or take the consumer out.',
  requirements: ['EP-16', 'EP-67'],
  *check(model) {
    for (const entity of model.entities.values()) {
      if (entity.event !== undefined || entity.consumers.length === 0) continue;
      yield {
        at: entity.at,
        message: `entity "${entity.name}" is copied by ${quoted(new Set(entity.consumers.map((each) => each.service)))}, but no message tells its changes.`,
        subject: `entity:${entity.name}`,
        fix: `write event: <message of the AsyncAPI document> under "${entity.name}".`,
      };
    }
    for (const event of model.events.values()) {
      // Without a feature, nothing claims that the documents at hand are the whole system.
      if (event.publisher !== '' || model.features.size === 0) continue;
      yield {
        at: event.consumers[0]?.at ?? event.at,
        message: `${quoted(event.consumers.map((each) => each.service))} listens to "${event.name}", which nobody publishes.`,
        subject: `event:${event.name}`,
        fix: `add a send operation for "${event.name}" to the document of its publisher, or write publisher: under events. When publishers lie outside of this system, set rules: { consumer-without-producer: warning } in seamwright.yaml.`,
      };
    }
    for (const command of model.commands.values()) {
      const steps = [...model.sagas.values()].flatMap((saga) =>
        saga.steps.flatMap((step) => [step.action, step.compensate?.action]),
      );
      const sent = steps.some(
        (action) => action?.kind === 'send' && [command.name, command.message].includes(action.name),
      );
      if (command.senders.length > 0 || sent) continue;
      yield {
        at: command.at,
        message: `command "${command.name}" to ${quoted(command.receivers.map((each) => each.service))} has no sender.`,
        subject: `command:${command.name}`,
        fix: 'write who sends it (sender: <service>).',
        severity: 'warning',
      };
    }
  },
};
