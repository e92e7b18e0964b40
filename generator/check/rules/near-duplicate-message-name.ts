import type { Position } from '../../diagnostics/position.js';
import type { Model } from '../../model/types.js';
import type { Rule } from '../rule.js';

/** Words that say what a thing is made of, not what it is: a name with and one without them mean the same to a reader. */
const fillers = new Set(['entity', 'event', 'bus', 'message', 'msg', 'dto']);

/** Two names are near when they are equal but for case, separators and filler words. A command and an event of one stem are a pair, not a twin. */
export const nearDuplicateMessageName: Rule = {
  id: 'near-duplicate-message-name',
  severity: 'warning',
  title: 'A message has one name.',
  why: 'Two names for one message become two types, two routing keys and two queues; a consumer that binds the wrong one waits for ever and nothing fails.',
  fix: 'Keep one of the names everywhere.',
  requirements: ['EP-85'],
  *check(model) {
    const names = namesOf(model);
    const all = [...names.keys()].sort();
    for (const [index, name] of all.entries()) {
      for (const other of all.slice(index + 1)) {
        const [first, second] = [names.get(name), names.get(other)];
        if (first === undefined || second === undefined || !near(name, other)) continue;
        yield {
          at: second,
          message: `messages "${name}" and "${other}" differ only in case, separators or filler words.`,
          subject: `message:${name} message:${other}`,
          related: [{ at: first, message: `"${name}" is here` }],
          fix: `keep one name in every file, or rename one so that the difference shows.`,
        };
      }
    }
  },
};

function namesOf(model: Model): ReadonlyMap<string, Position> {
  const names = new Map<string, Position>();
  const add = (name: string | undefined, at: Position) => {
    if (name !== undefined && !names.has(name)) names.set(name, at);
  };
  for (const message of model.messages.values()) add(message.name, message.at);
  for (const entity of model.entities.values()) add(entity.event, entity.at);
  for (const event of model.events.values()) add(event.message, event.at);
  for (const command of model.commands.values()) add(command.message, command.at);
  return names;
}

function near(a: string, b: string): boolean {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  if (left.includes('command') !== right.includes('command')) return false;
  const stem = stemOf(left);
  return stem !== '' && stem === stemOf(right);
}

function stemOf(words: readonly string[]): string {
  return words.filter((word) => !fillers.has(word)).join('');
}

function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '');
}
