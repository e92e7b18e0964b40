import { propertyAt } from '../../model/payload.js';
import type { Model } from '../../model/types.js';
import type { SchemaRef } from '../../schema/ref.js';
import type { Rule } from '../rule.js';
import { deedsOf, type SagaDeed } from '../saga-deeds.js';

/** Values of `with` whose type is known and is another one than the operation or the message takes. */
export const sagaValueType: Rule = {
  id: 'saga-value-type',
  severity: 'error',
  title: 'A saga passes values on in the type that is asked for.',
  why: 'The other side refuses it in every run: a number where text is asked for does not become text on the way.',
  fix: 'Pass another value, or change one of the two schemas.',
  requirements: ['DH-39', 'SE-19'],
  *check(model) {
    for (const deed of deedsOf(model)) {
      for (const { name, ref } of deed.wanted ?? []) {
        if (ref === undefined || !Object.hasOwn(deed.action.with, name)) continue;
        const given = typesOfValue(model, deed, deed.action.with[name]);
        const asked = typesIn(model, ref);
        if (given.length === 0 || asked.length === 0 || given.some((type) => fits(type, asked))) continue;
        yield {
          at: deed.texts.find(({ path }) => path === name)?.at ?? deed.at,
          message: `${deed.what} gives "${name}" as ${given.join(' or ')}; "${deed.action.name}" takes ${asked.join(' or ')}.`,
          subject: `${deed.subject} value:${name}`,
          fix: `pass a value that is ${asked.join(' or ')}.`,
        };
      }
    }
  },
};

function typesOfValue(model: Model, { scope }: SagaDeed, value: unknown): readonly string[] {
  if (typeof value === 'boolean') return ['boolean'];
  if (typeof value === 'number') return [Number.isInteger(value) ? 'integer' : 'number'];
  if (typeof value !== 'string') return [];
  const meaning = scope.meaning(value);
  if (meaning.kind === 'plain') return ['string'];
  if (meaning.kind === 'unknown') return [];
  const { ref, word } = meaning.source;
  if (ref !== undefined) return typesIn(model, ref);
  if (word !== undefined) return ['string', 'number', 'integer', 'boolean'].filter((type) => type === word);
  return value === '$run.id' || value === '$key' ? ['string'] : [];
}

function typesIn(model: Model, ref: SchemaRef): readonly string[] {
  const schema = propertyAt(model, ref, '')?.schema;
  const type = typeof schema === 'object' && schema !== null && 'type' in schema ? schema.type : undefined;
  return (Array.isArray(type) ? type : [type]).filter((each): each is string => typeof each === 'string');
}

function fits(type: string, asked: readonly string[]): boolean {
  return (
    asked.includes(type) ||
    (type === 'integer' && asked.includes('number')) ||
    (type === 'number' && asked.includes('integer'))
  );
}
