import type { Position } from '../../diagnostics/position.js';
import type { Model } from '../../model/types.js';
import type { Rule } from '../rule.js';

/** Words that say what a thing is made of, not what it is: a name with and one without them mean the same to a reader. */
const fillers = new Set(['entity', 'event', 'bus', 'message', 'msg', 'dto']);

/** Two names are twins when they are equal but for case, separators and filler words. */
export const nearDuplicateMessageName: Rule = {
  id: 'near-duplicate-message-name',
  severity: 'warning',
  title: 'A message has one name.',
  why: 'Two names for one message become two types, two routing keys and two queues; a consumer that binds the wrong one waits for ever and nothing fails.',
  fix: 'Keep one of the names everywhere.',
  requirements: ['EP-85'],
  *check(model) {
    const twins = new Map<string, [Named, ...Named[]]>();
    for (const named of namesOf(model)) {
      const stem = stemOf(named.name);
      const known = twins.get(stem);
      if (known) known.push(named);
      else if (stem !== '') twins.set(stem, [named]);
    }
    for (const [first, ...others] of twins.values()) {
      for (const other of others) {
        yield {
          at: other.at,
          message: `messages "${first.name}" and "${other.name}" differ only in case, separators or filler words.`,
          subject: `message:${first.name} message:${other.name}`,
          related: [{ at: first.at, message: `"${first.name}" is here` }],
          fix: 'keep one name in every file, or rename one so that the difference shows.',
        };
      }
    }
  },
};

interface Named {
  readonly name: string;
  readonly at: Position;
}

/** Every name under which a message is spoken of, once, in the order of the alphabet. */
function namesOf(model: Model): readonly Named[] {
  const names = new Map<string, Position>();
  const add = (name: string | undefined, at: Position) => {
    if (name !== undefined && !names.has(name)) names.set(name, at);
  };
  for (const message of model.messages.values()) add(message.name, message.at);
  for (const entity of model.entities.values()) add(entity.event, entity.at);
  for (const event of model.events.values()) add(event.message, event.at);
  for (const command of model.commands.values()) add(command.message, command.at);
  return [...names].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, at]) => ({ name, at }));
}

/** What a reader takes the name for. A command and an event of one stem are a pair, not twins, so the word "command" counts. */
function stemOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '' && !fillers.has(word))
    .join('');
}
