import type { Judged, Schema } from './contract.js';
import type { Dice } from './dice.js';

const byFormat: Readonly<Record<string, string>> = {
  'date-time': '2026-02-28T12:00:00Z',
  date: '2026-02-28',
  uuid: '0190b5a0-7e2f-7c3a-9c1d-3a5b7c9d1e2f',
  email: 'ada@mail.example',
  uri: 'https://mail.example/a?b=c',
};

/** One of them fits each pattern of the contracts. */
const patterned = ['1234 5678 9012 3456', 'USD', '2026-02', '0190b5a0', 'AB', '12', 'ada@mail.example'];

/** A value that a schema very likely allows. */
export function sample(operation: Judged, given: Schema, chance: Dice, depth = 0): unknown {
  const schema = operation.resolve(given);
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return chance.pick(schema.enum);
  const branches = (schema.oneOf ?? schema.anyOf) as readonly Schema[] | undefined;
  if (branches !== undefined) return sample(operation, chance.pick(branches), chance, depth);
  const types = ([] as unknown[]).concat(schema.type ?? (schema.properties === undefined ? 'string' : 'object'));
  switch (chance.pick(types)) {
    case 'object':
      return objectOf(operation, schema, chance, depth);
    case 'array': {
      const min = Number(schema.minItems ?? 0);
      const length = depth > 3 ? min : min + chance.int(3);
      const items = Array.from({ length }, () => sample(operation, (schema.items ?? {}) as Schema, chance, depth + 1));
      return schema.uniqueItems === true ? items.filter((item, index) => items.indexOf(item) === index) : items;
    }
    case 'integer':
    case 'number':
      return numberOf(schema, chance);
    case 'boolean':
      return chance.chance(50);
    case 'null':
      return null;
    default:
      return textOf(schema, chance);
  }
}

function objectOf(operation: Judged, schema: Schema, chance: Dice, depth: number): unknown {
  const required = (schema.required ?? []) as readonly string[];
  const entries = Object.entries((schema.properties ?? {}) as Readonly<Record<string, Schema>>)
    .filter(([name]) => required.includes(name) || (depth < 4 && chance.chance(60)))
    .map(([name, item]) => [name, sample(operation, item, chance, depth + 1)]);
  return Object.fromEntries(entries);
}

function numberOf({ minimum, maximum, multipleOf, exclusiveMinimum }: Schema, chance: Dice): number {
  const least = Number(minimum ?? (exclusiveMinimum === undefined ? 0 : Number(exclusiveMinimum) + 1));
  return Math.min(least + chance.int(50) * Number(multipleOf ?? 1), Number(maximum ?? Number.MAX_SAFE_INTEGER));
}

function textOf({ format, pattern, minLength, maxLength }: Schema, chance: Dice): string {
  if (typeof format === 'string' && byFormat[format] !== undefined) return byFormat[format];
  if (typeof pattern === 'string')
    return patterned.find((text) => new RegExp(pattern, 'u').test(text)) ?? 'no text fits';
  return chance
    .pick(['a', 'text', 'Ünï', 'x y'])
    .padEnd(Number(minLength ?? 0), 'z')
    .slice(0, Number(maxLength ?? 100));
}
