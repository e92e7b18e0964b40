import { nearest } from '../../diagnostics/nearest.js';
import { settingsPlace } from '../configuration.js';
import type { Rule } from '../rule.js';

/** Words that are replaced in some pattern, as the language of the workspace file describes them. */
const words = [
  'system',
  'service',
  'publisher',
  'owner',
  'consumer',
  'message',
  'entity',
  'crudAction',
  'op',
  'queue',
  'delay',
];

/** Patterns that must differ from consumer to consumer, with the words that make them so. */
const perConsumer: Readonly<Record<string, readonly string[]>> = {
  queue: ['service', 'consumer'],
  group: ['service', 'consumer'],
  dead_letter: ['queue', 'service', 'consumer'],
  retry: ['queue', 'service', 'consumer'],
};

/** `naming` of the workspace: unknown words, and patterns that give two consumers one queue. */
export const namingPatternUnsafe: Rule = {
  id: 'naming-pattern-unsafe',
  severity: 'error',
  title: 'A naming pattern holds known words, and gives each consumer a queue of its own.',
  why: 'Two services on one queue take each message away from the other: each gets half of them. An unknown word stays in the name with its braces.',
  fix: 'Write `{consumer}` into the pattern of a queue, and only known words.',
  requirements: ['EP-67', 'DH-12', 'SE-46'],
  *check(model) {
    for (const [name, pattern] of Object.entries(model.settings.naming)) {
      const used = [...pattern.matchAll(/\{([^}]*)\}/g)].map(([, word = '']) => word);
      const at = settingsPlace(model, `/naming/${name}`);
      for (const word of used.filter((each) => !words.includes(each))) {
        const guess = nearest(word, words);
        yield {
          at,
          message: `naming pattern "${name}" holds "{${word}}", which nothing replaces.`,
          subject: `naming:${name} word:${word}`,
          fix:
            guess === undefined ? `write one of ${words.map((each) => `{${each}}`).join(', ')}.` : `write {${guess}}.`,
        };
      }
      if (name === 'retry' && !used.includes('delay')) {
        yield {
          at,
          message: `naming pattern "retry" ("${pattern}") is the same for every delay.`,
          subject: 'naming:retry delay',
          fix: 'write {delay} into it.',
        };
      }
      const telling = perConsumer[name];
      if (telling === undefined || used.some((word) => telling.includes(word))) continue;
      yield {
        at,
        message: `naming pattern "${name}" ("${pattern}") is the same for every consumer.`,
        subject: `naming:${name}`,
        fix: `write ${telling.map((each) => `{${each}}`).join(' or ')} into it.`,
      };
    }
  },
};
