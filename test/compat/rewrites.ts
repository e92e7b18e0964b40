import { resolverOf } from '../../generator/schema/look-up.js';

type Mapping = Readonly<Record<string, unknown>>;

/** The same document with the keys of every mapping in another order. Lists keep theirs: that of steps and of paths means something. */
export function shuffled(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, random));
  if (!isMapping(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, shuffled(item, random), random()] as const);
  return Object.fromEntries(entries.sort((a, b) => a[2] - b[2]).map(([key, item]) => [key, item]));
}

/** The same document with every schema, message and operation described in other words. */
export function redescribed(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => redescribed(item, key));
  if (!isMapping(value)) return value;
  const names = key === 'properties' || key === 'constants';
  const inside = Object.entries(value).map(([name, item]) => {
    const isText = !names && (name === 'description' || name === 'summary') && typeof item === 'string';
    return [name, isText ? `${item} In other words.` : redescribed(item, names ? '' : name)] as const;
  });
  const isSchema = !names && isJsonType(value.type) && !Object.hasOwn(value, 'scheme');
  return { ...Object.fromEntries(inside), ...(isSchema && { title: 'Something', $comment: 'Said anew.' }) };
}

/**
 * The same document with every reference to a component schema replaced by the schema itself, as often as it is referred to. Schemas that contain
 * themselves keep their references: they have no end.
 */
export function inlined(file: string, document: unknown): unknown {
  const documents = new Map([[file, document]]);
  const resolver = resolverOf(documents);
  const expand = (value: unknown, pointer: string, above: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => expand(item, `${pointer}/${index}`, above));
    if (!isMapping(value)) return value;
    const reference = value.$ref;
    if (typeof reference === 'string' && reference.startsWith('#/components/schemas/') && !above.includes(reference)) {
      const target = resolver.resolve({ file, pointer }, reference);
      if (target.ok && !JSON.stringify(target.value).includes(`"${reference}"`))
        return expand(target.value, target.ref.pointer, [...above, reference]);
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, expand(item, `${pointer}/${key}`, above)]),
    );
  };
  return expand(document, '', []);
}

/** An enumeration of AMQP may have a `type`, too: its values are no types of JSON. */
function isJsonType(type: unknown): boolean {
  return typeof type === 'string' && ['object', 'array', 'string', 'number', 'integer', 'boolean'].includes(type);
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
