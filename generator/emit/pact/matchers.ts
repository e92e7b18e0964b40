import type { SchemaNode } from '../../schema/node.js';
import type { Matcher, Rule } from './pact-file.js';
import { isPortablePattern } from './portable-pattern.js';

/**
 * What Pact is to compare instead of the example's value. `nodes` are all schemas that hold for it. Bounds such as `maximum` have no matcher: those are left to
 * whoever validates against the schema. Undefined for objects, whose members speak for themselves.
 */
export function ruleOf(nodes: readonly SchemaNode[], value: unknown, nullable: boolean): Rule | undefined {
  const matchers = matchersOf(nodes, value);
  if (matchers === undefined) return nullable ? either([{ match: 'type' }], true) : undefined;
  return either(matchers, nullable);
}

/** A list of at least `min` items; what its items are is a rule of its own. */
export function listRule(min: number, nullable: boolean): Rule {
  return either([{ match: 'type', min }], nullable);
}

function either(matchers: readonly Matcher[], nullable: boolean): Rule {
  const all = nullable ? [...matchers, { match: 'null' }] : matchers;
  return { combine: all.length > 1 ? 'OR' : 'AND', matchers: all };
}

function matchersOf(nodes: readonly SchemaNode[], value: unknown): readonly Matcher[] | undefined {
  const listed = listedValues(nodes);
  if (listed !== undefined) return [{ match: 'regex', regex: alternatives(listed) }];
  const types = typesOf(nodes).filter((type) => type !== 'null');
  if (types.length > 1) return types.map((type) => matcherOf(type, nodes, value));
  const [type = typeof value === 'object' ? 'object' : undefined] = types;
  if (type === 'object' || type === 'array') return undefined;
  // Nothing is said about it, so everything goes.
  return type === undefined ? [{ match: 'regex', regex: '^[\\s\\S]*$' }] : [matcherOf(type, nodes, value)];
}

function matcherOf(type: string, nodes: readonly SchemaNode[], value: unknown): Matcher {
  if (type === 'integer') return { match: 'integer' };
  if (type === 'number') return { match: 'number' };
  if (type === 'boolean') return { match: 'boolean' };
  const regex = type === 'string' ? regexOf(nodes, value) : undefined;
  return regex === undefined ? { match: 'type' } : { match: 'regex', regex };
}

const formats: Readonly<Record<string, string>> = {
  uuid: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
  'date-time': '^\\d{4}-\\d{2}-\\d{2}[Tt ]\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?([Zz]|[+-]\\d{2}:?\\d{2})$',
  date: '^\\d{4}-\\d{2}-\\d{2}$',
};

function regexOf(nodes: readonly SchemaNode[], value: unknown): string | undefined {
  for (const { format } of nodes) {
    const regex = format !== undefined && Object.hasOwn(formats, format) ? formats[format] : undefined;
    if (regex !== undefined) return regex;
  }
  const pattern = nodes.find((node) => node.pattern !== undefined)?.pattern;
  return pattern !== undefined && isPortablePattern(pattern, value) ? pattern : undefined;
}

/** Texts, numbers and words that the schemas list; undefined when they list none, or something that no text is. */
function listedValues(nodes: readonly SchemaNode[]): readonly string[] | undefined {
  const lists = nodes.flatMap((node) => [
    ...(node.const ? [[node.const.value]] : []),
    ...(node.enum ? [node.enum] : []),
  ]);
  const [first] = [...lists].sort((a, b) => a.length - b.length);
  const solid = first?.filter((value) => value !== null);
  if (solid === undefined || solid.length === 0 || solid.some((value) => typeof value === 'object')) return undefined;
  return solid.map(String);
}

function alternatives(values: readonly string[]): string {
  return `^(${values.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})$`;
}

/** Types that all schemas allow; empty when none says any. */
export function typesOf(nodes: readonly SchemaNode[]): readonly string[] {
  let types: readonly string[] | undefined;
  for (const node of nodes) {
    if (node.types === undefined) continue;
    const own: readonly string[] = node.types;
    types =
      types === undefined
        ? own
        : types.filter((type) => own.includes(type) || (type === 'integer' && own.includes('number')));
  }
  return types ?? [];
}
