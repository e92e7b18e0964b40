import type { Declaration, TypeExpression } from '../../../generator/emit/typescript/declaration.js';
import { declareModule } from '../../../generator/emit/typescript/declare.js';
import { createLowering } from '../../../generator/emit/typescript/lower.js';
import { type RandomStream, randomStream } from '../../../generator/schema/random.js';
import { catalogueMessages, modelOf, type Schemas } from './plan.js';

/** Values that a message's generated type holds, as somebody would write them: nothing undeclared is added. Undefined where the type holds none. */
export function valuesOfTypes(payloads: Schemas, components: Schemas): (message: string, seed: number) => unknown {
  const { graph, names } = catalogueMessages(modelOf(payloads, components));
  const lowering = createLowering(graph);
  const byName = new Map<string, Declaration>();
  for (const id of names.keys()) {
    for (const each of declareModule({ graph, lowering, names }, id).declarations) byName.set(each.name, each);
  }
  return (message, seed) => {
    const main = names.get(graph.roots.get(message) ?? '') ?? '';
    return valueFor({ kind: 'name', name: main }, byName, randomStream(seed), 0);
  };
}

function valueFor(
  type: TypeExpression,
  byName: ReadonlyMap<string, Declaration>,
  random: RandomStream,
  depth: number,
): unknown {
  const inner = (each: TypeExpression) => valueFor(each, byName, random, depth + 1);
  if (depth > 30) return undefined;
  switch (type.kind) {
    case 'literal':
      return type.value;
    case 'string':
      return random.pick(['', 'x', 'free']);
    case 'number':
      return random.pick([0, 1, 2.5, -7]);
    case 'boolean':
      return random.chance(0.5);
    case 'null':
      return null;
    case 'unknown':
      return random.pick([null, 'any', 1, {}, []]);
    case 'array': {
      const items = Array.from({ length: depth > 6 ? 0 : random.between(0, 2) }, () => inner(type.item));
      return items.includes(undefined) ? [] : items;
    }
    case 'tuple':
      return type.items.map(inner);
    case 'dictionary': {
      const value = inner(type.value);
      return value === undefined || random.chance(0.3) ? {} : { key: value };
    }
    case 'union': {
      const values = type.of.map(inner).filter((value) => value !== undefined);
      return random.pick(values);
    }
    case 'name':
      return declared(byName.get(type.name), byName, random, depth);
    default:
      return undefined;
  }
}

function declared(
  declaration: Declaration | undefined,
  byName: ReadonlyMap<string, Declaration>,
  random: RandomStream,
  depth: number,
): unknown {
  if (!declaration) throw new Error('a type is used that nobody declared');
  if (declaration.kind === 'alias') return valueFor(declaration.type, byName, random, depth + 1);
  const entries: (readonly [string, unknown])[] = [];
  for (const { key, type, required } of declaration.properties) {
    if (!required && (depth > 5 || random.chance(0.4))) continue;
    const value = valueFor(type, byName, random, depth + 1);
    if (value === undefined && required) return undefined;
    if (value !== undefined) entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}
