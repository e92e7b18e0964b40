import type { Position } from '../../diagnostics/position.js';
import type { Model, Saga } from '../../model/types.js';
import type { Rule } from '../rule.js';
import { meant } from '../wording.js';

/** Messages that steps send, receive or publish, and the event, command or job that starts a saga. */
export const sagaUnknownMessage: Rule = {
  id: 'saga-unknown-message',
  severity: 'error',
  title: 'Every message of a saga is an event or a command of the contract.',
  why: 'A step that waits for a message nobody sends never ends; one that sends a message nobody knows tells nobody.',
  fix: 'Correct the name, or declare the event or command.',
  requirements: ['SE-07', 'DH-39'],
  *check(model) {
    const known = new Set([
      ...[...model.events.values()].flatMap((event) => [event.name, event.message]),
      ...[...model.commands.values()].flatMap((command) => [command.name, command.message, command.reply ?? '']),
      ...[...model.entities.values()].map((entity) => entity.event ?? ''),
    ]);
    for (const saga of model.sagas.values()) {
      for (const use of usesOf(saga)) {
        // A message that is defined but in no table is the business of another rule.
        if (known.has(use.name) || model.messages.has(use.name)) continue;
        yield {
          at: use.at,
          message: `${use.what} "${use.name}", which is no event or command.`,
          subject: `saga:${saga.name} message:${use.name}`,
          fix: meant(use.name, known, 'declare it under events or commands'),
        };
      }
      for (const { action, at } of [saga.onComplete, saga.onCompensated].filter((end) => end !== undefined)) {
        if (known.has(action.name) || model.messages.has(action.name)) continue;
        yield {
          at,
          message: `the end of saga "${saga.name}" tells "${action.name}", which is no event or command.`,
          subject: `saga:${saga.name} message:${action.name}`,
          fix: meant(action.name, known, 'declare it under events or commands'),
        };
      }
      yield* unknownTrigger(model, saga, known);
    }
  },
};

function* usesOf(saga: Saga): Iterable<{ name: string; what: string; at: Position }> {
  for (const step of saga.steps) {
    const what = `step "${step.id}" of saga "${saga.name}"`;
    if (step.publish !== undefined) yield { name: step.publish, what: `${what} publishes`, at: step.at };
    const actions = [
      { ...step.action, what, at: step.at },
      ...(step.compensate === undefined
        ? []
        : [{ ...step.compensate.action, what: `the compensation of ${what}`, at: step.compensate.at }]),
    ];
    for (const action of actions) {
      if (action.kind === 'send') yield { name: action.name, what: `${action.what} sends`, at: action.at };
      for (const name of action.receive) yield { name, what: `${action.what} waits for`, at: action.at };
      for (const name of action.failure) yield { name, what: `${action.what} fails with`, at: action.at };
      if (action.kind === 'publish' && action.name !== step.publish)
        yield { name: action.name, what: `${action.what} publishes`, at: action.at };
    }
  }
}

function* unknownTrigger(model: Model, saga: Saga, known: ReadonlySet<string>) {
  const { trigger } = saga;
  if (trigger === undefined || trigger.kind === 'operation') return;
  const names = trigger.kind === 'job' ? new Set(model.jobs.keys()) : known;
  if (names.has(trigger.name)) return;
  yield {
    at: trigger.at,
    message: `saga "${saga.name}" starts with ${trigger.kind} "${trigger.name}", which nothing declares.`,
    subject: `saga:${saga.name} trigger`,
    fix: meant(trigger.name, names, `declare it under ${trigger.kind}s`),
  };
}
