import type { Related } from '../../diagnostics/finding.js';
import type { Model } from '../../model/types.js';
import type { Rule } from '../rule.js';
import { meant } from '../wording.js';

/**
 * A message of a feature's AsyncAPI document, or one that a flow, job or saga names, must be told by an event, a command or an entity. One that is only
 * defined is a warning: somebody may be about to use it.
 */
export const eventNotDeclared: Rule = {
  id: 'event-not-declared',
  severity: 'error',
  title: 'Every message that is used is declared with its publisher and consumers.',
  why: 'Without an entry in `events:` nobody knows who sends it and who reads it: no queue is bound, and a change of it reaches nobody in review.',
  fix: 'Add the message to `events:`.',
  requirements: ['DH-56', 'DH-88'],
  *check(model) {
    const told = toldMessages(model);
    const uses = usesOf(model);
    for (const message of model.messages.values()) {
      if (told.has(message.name) || message.features.length === 0) continue;
      const places = uses.get(message.name) ?? [];
      const [first, ...others] = places;
      yield {
        at: first?.at ?? message.at,
        message:
          first === undefined
            ? `message "${message.name}" is defined, but no event, command or entity uses it.`
            : `message "${message.name}" is ${first.message}, but no event, command or entity declares it.`,
        subject: `message:${message.name}`,
        related:
          first === undefined ? [] : [...others, { at: message.at, message: `"${message.name}" is defined here` }],
        fix: `add events: { ${message.name}: { publisher: <service>, consumers: [<service>] } }, or take it out.`,
        ...(first === undefined ? { severity: 'warning' as const } : {}),
      };
    }
    for (const job of model.jobs.values()) {
      for (const name of job.publishes) {
        if (told.has(name) || model.messages.has(name)) continue;
        const message = `job "${job.name}" publishes "${name}", which no event, command or entity declares.`;
        const fix = meant(name, told, `add events: { ${name}: { publisher: ${job.service}, consumers: [<service>] } }`);
        yield { at: job.at, message, subject: `job:${job.name} message:${name}`, fix };
      }
    }
  },
};

function toldMessages(model: Model): ReadonlySet<string> {
  return new Set([
    ...[...model.events.values()].flatMap((event) => [event.name, event.message]),
    ...[...model.commands.values()].flatMap((command) => [command.name, command.message, command.reply ?? '']),
    ...[...model.entities.values()].map((entity) => entity.event ?? ''),
  ]);
}

/** Where flows, jobs and sagas speak of a message. */
function usesOf(model: Model): ReadonlyMap<string, readonly Related[]> {
  const uses = new Map<string, Related[]>();
  const add = (name: string | undefined, use: Related) => {
    if (name !== undefined && name !== '') uses.set(name, [...(uses.get(name) ?? []), use]);
  };
  for (const flow of model.flows) {
    for (const hop of flow.hops)
      add(hop.label?.split(/\s+/)[0], {
        at: hop.at,
        message: flow.kind === 'flow' ? `used by flow "${flow.name}"` : 'drawn in data_flow',
      });
  }
  for (const job of model.jobs.values()) {
    for (const name of job.publishes) add(name, { at: job.at, message: `published by job "${job.name}"` });
  }
  for (const saga of model.sagas.values()) {
    for (const step of saga.steps) {
      add(step.publish, { at: step.at, message: `published by saga "${saga.name}"` });
      if (['send', 'receive'].includes(step.action.kind))
        add(step.action.name, { at: step.at, message: `used by saga "${saga.name}"` });
    }
  }
  return uses;
}
