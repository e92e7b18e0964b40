import type { Rule } from '../rule.js';
import { deedsOf } from '../saga-deeds.js';

/** `$name` in `with`, where local steps before say nothing of what they return. */
export const sagaOutputUndeclared: Rule = {
  id: 'saga-output-undeclared',
  severity: 'warning',
  title: 'A local step says what it puts out when others use it.',
  why: 'Its function then has no return type, nobody can say which of several local steps is meant, and engines beside ours are given a guess.',
  fix: 'Write `outputs` at the local step, with a name and its schema, entity or type.',
  requirements: ['DH-39', 'DH-45'],
  *check(model) {
    for (const { part, scope, texts, what, subject } of deedsOf(model)) {
      for (const { place, path, text, at } of texts) {
        const [, name = ''] = /^\$([A-Za-z_]\w*)/.exec(text) ?? [];
        const meaning = scope.meaning(text);
        if (['', 'input', 'steps', 'run', 'key'].includes(name) || meaning.kind !== 'source') continue;
        if (scope.settled(text) !== text) continue;
        const [local] = part.steps.filter(
          ({ action, outputs }) => action.kind === 'local' && Object.keys(outputs).length === 0,
        );
        yield {
          at,
          message: `${place}.${path} of ${what} takes "${name}", which no local step before says that it puts out.`,
          subject: `${subject} output:${name}`,
          fix: `write outputs: { ${name}: <schema, entity or type> } at step "${local?.id ?? '<local step>'}".`,
        };
      }
    }
  },
};
