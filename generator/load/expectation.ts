import { follow, type JsonSchema } from './mistakes.js';

const KIND_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'nothing',
};

/** What a schema of the language accepts, in words: its title and example when it has them, else its kinds of values. */
export function expectationOf(schema: JsonSchema, root: JsonSchema): string {
  const here = follow(schema, root);
  if (typeof here.title === 'string') {
    const example = Array.isArray(here.examples) ? ` such as "${here.examples[0]}"` : '';
    return `a ${here.title}${example}`;
  }
  if (Array.isArray(here.oneOf)) return orList(here.oneOf.map((branch: JsonSchema) => expectationOf(branch, root)));
  if ('const' in here) return `"${here.const}"`;
  if (Array.isArray(here.enum)) return oneOfNames(here.enum.map(String));
  if (typeof here.pattern === 'string') return `text that matches ${here.pattern}`;
  return orList([here.type].flat().map((type) => KIND_WORDS[String(type)] ?? 'another value'));
}

/** `"a", "b" or "c"`. */
export function oneOfNames(names: readonly string[]): string {
  return orList(names.map((name) => `"${name}"`));
}

function orList(items: readonly string[]): string {
  const distinct = [...new Set(items)];
  if (distinct.length < 2) return distinct[0] ?? 'nothing';
  return `${distinct.slice(0, -1).join(', ')} or ${distinct.at(-1)}`;
}
