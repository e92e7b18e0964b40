import { type Check, compileNode } from './ajv.js';
import { canonicalJson } from './edges.js';
import type { JsonType, NodeId, SchemaGraph, SchemaNode } from './node.js';
import { textOfPattern } from './pattern-example.js';
import { type RandomStream, randomStream } from './random.js';
import { textOfFormat, textOfLength } from './text-example.js';

export interface ExampleOptions {
  /** Same seed, same value. */
  readonly seed: number;
  /** Confirms each value; compiled once by the caller when many are wanted. Default: compiled here. */
  readonly check?: Check;
  /** Adds undeclared properties now and then where they are allowed. Default false. */
  readonly extras?: boolean;
  /** Values tried before giving up. Default 40. */
  readonly attemptsMax?: number;
}

export type Example = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/**
 * A value that a schema accepts, confirmed by the validator. Takes written examples, defaults, constants and listed values first, then builds one.
 * Recursion ends by leaving optional things out. Fails with a reason where it finds no value, which does not prove that there is none.
 */
export function exampleOf(graph: SchemaGraph, id: NodeId, options: ExampleOptions): Example {
  const check = options.check ?? compileNode(graph, id);
  let reason = 'no value was found';
  for (let attempt = 0; attempt < (options.attemptsMax ?? 40); attempt++) {
    const builder = new Builder(graph, randomStream(options.seed * 1009 + attempt), options.extras ?? false);
    const built = builder.value([id], 0);
    if (built === NOTHING) {
      reason = builder.reason;
      continue;
    }
    const [error] = check(built);
    if (!error) return { ok: true, value: built };
    reason = `${error.instancePath || 'the value'} ${error.message}`;
  }
  return { ok: false, reason };
}

const NOTHING = Symbol('no value');
type Built = unknown;

/** Below this depth only what is required is built; twice as deep nothing is. */
const DEPTH_OPTIONAL = 4;
const DEPTH_MAX = 24;

class Builder {
  reason = 'no value was found';
  private readonly graph: SchemaGraph;
  private readonly random: RandomStream;
  private readonly extras: boolean;

  constructor(graph: SchemaGraph, random: RandomStream, extras: boolean) {
    this.graph = graph;
    this.random = random;
    this.extras = extras;
  }

  /** A value meant to satisfy all these schemas; the validator has the last word. */
  value(ids: readonly NodeId[], depth: number): Built {
    if (depth > DEPTH_MAX) return this.fail('it is required to contain itself without end');
    const nodes = this.conjuncts(ids);
    if (nodes.some((node) => node.boolean === false)) return this.fail('it accepts nothing');
    const written = this.written(nodes);
    if (written) return copied(this.random.pick(written) ?? null);
    const shown = nodes.flatMap((node) => [...(node.examples ?? []), ...(node.default ? [node.default.value] : [])]);
    if (shown.length > 0 && this.random.chance(0.5)) return copied(this.random.pick(shown) ?? null);
    switch (this.typeOf(nodes)) {
      case 'null':
        return null;
      case 'boolean':
        return this.random.chance(0.5);
      case 'integer':
        return this.number(nodes, true);
      case 'number':
        return this.number(nodes, false);
      case 'string':
        return this.text(nodes);
      case 'array':
        return this.list(nodes, depth);
      case 'object':
        return this.object(nodes, depth);
      default:
        return this.fail('its parts ask for different types');
    }
  }

  private fail(reason: string): typeof NOTHING {
    this.reason = reason;
    return NOTHING;
  }

  /** The schemas with everything they are combined from; of alternatives one is chosen. */
  private conjuncts(ids: readonly NodeId[]): readonly SchemaNode[] {
    const chosen = new Set<NodeId>(ids);
    for (const id of chosen) {
      const node = this.graph.node(id);
      if (node.ref !== undefined) chosen.add(node.ref);
      for (const each of node.allOf ?? []) chosen.add(each);
      for (const branches of [node.anyOf, node.oneOf]) {
        const branch = branches && this.random.pick(branches);
        if (branch !== undefined) chosen.add(branch);
      }
      if (node.if !== undefined) {
        const holds = this.random.chance(0.5);
        for (const each of holds ? [node.if, node.then] : [node.else]) if (each !== undefined) chosen.add(each);
      }
    }
    return [...chosen].map((id) => this.graph.node(id));
  }

  /** Values that the schemas list, or undefined when none lists any. */
  private written(nodes: readonly SchemaNode[]): readonly unknown[] | undefined {
    const lists = nodes.flatMap((node) => [
      ...(node.const ? [[node.const.value]] : []),
      ...(node.enum ? [node.enum] : []),
    ]);
    const [first, ...others] = lists;
    if (!first) return undefined;
    const keys = others.map((list) => new Set(list.map(canonicalJson)));
    const common = first.filter((value) => keys.every((each) => each.has(canonicalJson(value))));
    return common.length > 0 ? common : first;
  }

  private typeOf(nodes: readonly SchemaNode[]): JsonType | undefined {
    let types: readonly JsonType[] | undefined;
    for (const node of nodes) {
      if (!node.types) continue;
      types = types ? types.flatMap((type) => narrow(type, node.types ?? [])) : node.types;
    }
    if (types?.length === 0) return undefined;
    const solid = types?.filter((type) => type !== 'null');
    if (types && solid && solid.length > 0) return this.random.pick(this.random.chance(0.9) ? solid : types);
    return types?.[0] ?? suggestedType(nodes) ?? this.random.pick(['string', 'integer', 'boolean', 'null'] as const);
  }

  private number(nodes: readonly SchemaNode[], integer: boolean): number {
    const step = nodes.reduce((each, node) => node.multipleOf ?? each, integer ? 1 : 0.5);
    const unit = integer && step % 1 !== 0 ? 1 : step;
    const lowest = Math.max(
      ...nodes.map((node) => Math.max(node.minimum ?? -Infinity, node.exclusiveMinimum ?? -Infinity)),
    );
    const highest = Math.min(
      ...nodes.map((node) => Math.min(node.maximum ?? Infinity, node.exclusiveMaximum ?? Infinity)),
    );
    const from = Number.isFinite(lowest) ? lowest : Number.isFinite(highest) ? highest - 100 * unit : 0;
    const to = Number.isFinite(highest) ? highest : from + 100 * unit;
    const lower =
      Math.ceil(from / unit) + (nodes.some((node) => node.exclusiveMinimum === Math.ceil(from / unit) * unit) ? 1 : 0);
    const upper =
      Math.floor(to / unit) - (nodes.some((node) => node.exclusiveMaximum === Math.floor(to / unit) * unit) ? 1 : 0);
    if (upper < lower) return integer ? Math.round((from + to) / 2) : (from + to) / 2;
    const multiple = this.random.between(lower, Math.min(upper, lower + 1_000_000)) * unit;
    return Number(multiple.toPrecision(12));
  }

  private text(nodes: readonly SchemaNode[]): string {
    const min = Math.max(0, ...nodes.map((node) => node.minLength ?? 0));
    const max = Math.min(...nodes.map((node) => node.maxLength ?? Infinity));
    for (const { format } of nodes) {
      const text = format === undefined ? undefined : textOfFormat(this.random, format);
      if (text !== undefined) return text;
    }
    for (const { pattern } of nodes) {
      if (pattern === undefined) continue;
      for (let attempt = 0; attempt < 20; attempt++) {
        const text = textOfPattern(this.random, pattern);
        if (text !== undefined && text.length >= min && text.length <= max) return text;
      }
    }
    return textOfLength(this.random, min, max);
  }

  private list(nodes: readonly SchemaNode[], depth: number): Built {
    const min = Math.max(
      0,
      ...nodes.map((node) => node.minItems ?? 0),
      ...nodes.map((node) => (node.contains === undefined ? 0 : (node.minContains ?? 1))),
    );
    const max = Math.min(...nodes.map((node) => node.maxItems ?? Infinity));
    const wanted = depth >= DEPTH_OPTIONAL ? min : Math.max(min, Math.min(max, min + this.random.between(0, 3)));
    const unique = nodes.some((node) => node.uniqueItems);
    const values: unknown[] = [];
    const seen = new Set<string>();
    for (let attempt = 0; values.length < wanted && attempt < wanted * 10 + 10; attempt++) {
      const index = values.length;
      const ids = nodes.flatMap((node) => node.prefixItems?.[index] ?? node.items ?? []);
      const contained = nodes.flatMap((node) =>
        node.contains !== undefined && index < (node.minContains ?? 1) ? [node.contains] : [],
      );
      const value = this.value([...ids, ...contained], depth + 1);
      if (value === NOTHING) {
        if (index >= min) break;
        return NOTHING;
      }
      const key = canonicalJson(value);
      if (unique && seen.has(key)) continue;
      seen.add(key);
      values.push(value);
    }
    return values;
  }

  private object(nodes: readonly SchemaNode[], depth: number): Built {
    const required = new Set(nodes.flatMap((node) => node.required ?? []));
    const min = Math.max(0, ...nodes.map((node) => node.minProperties ?? 0));
    const max = Math.min(...nodes.map((node) => node.maxProperties ?? Infinity));
    const entries = new Map<string, unknown>();
    const add = (key: string): boolean => {
      const value = entries.has(key) ? entries.get(key) : this.value(schemasFor(nodes, key), depth + 1);
      if (value !== NOTHING) entries.set(key, value);
      return value !== NOTHING;
    };
    for (const key of required) if (!add(key)) return NOTHING;
    for (const key of new Set(nodes.flatMap((node) => [...(node.properties?.keys() ?? [])]))) {
      const needed = entries.size < min;
      if (entries.size < max && (needed || (depth < DEPTH_OPTIONAL && this.random.chance(0.6)))) add(key);
    }
    for (const key of [...entries.keys()]) {
      for (const also of nodes.flatMap((node) => node.dependentRequired?.get(key) ?? []))
        if (!add(also)) return NOTHING;
    }
    const isMap = nodes.every((node) => !node.properties || node.properties.size === 0);
    const more =
      isMap && depth < DEPTH_OPTIONAL ? this.random.between(0, 2) : this.extras && this.random.chance(0.3) ? 1 : 0;
    for (let index = 0; (index < more || entries.size < min) && entries.size < max && index < min + 10; index++) {
      const key = this.freeKey(nodes, index);
      if (key === undefined || !add(key)) break;
    }
    return Object.fromEntries(entries);
  }

  /** A key that nobody declared: one that a pattern asks for, else any. */
  private freeKey(nodes: readonly SchemaNode[], index: number): string | undefined {
    const patterns = nodes.flatMap((node) => [...(node.patternProperties?.keys() ?? [])]);
    const names = nodes.flatMap((node) => (node.propertyNames === undefined ? [] : [node.propertyNames]));
    if (names.length > 0) {
      const key = this.value([...names], 1);
      return typeof key === 'string' ? key : undefined;
    }
    const closed = nodes.some(
      (node) => node.additionalProperties !== undefined && this.graph.node(node.additionalProperties).boolean === false,
    );
    const pattern = patterns.length > 0 && (closed || this.random.chance(0.5)) ? this.random.pick(patterns) : undefined;
    if (pattern !== undefined) return textOfPattern(this.random, pattern);
    return closed ? undefined : `extra${index + 1}`;
  }
}

/** Contract values are shared and may have no prototype; examples are ordinary values of their own. */
function copied(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function narrow(type: JsonType, allowed: readonly JsonType[]): readonly JsonType[] {
  if (allowed.includes(type)) return [type];
  if (type === 'number' && allowed.includes('integer')) return ['integer'];
  return type === 'integer' && allowed.includes('number') ? ['integer'] : [];
}

/** The type that the keywords speak about, for schemas that name none. */
function suggestedType(nodes: readonly SchemaNode[]): JsonType | undefined {
  if (
    nodes.some((node) => node.properties || node.required || node.patternProperties || node.minProperties !== undefined)
  )
    return 'object';
  if (nodes.some((node) => node.items !== undefined || node.prefixItems || node.minItems !== undefined)) return 'array';
  if (nodes.some((node) => node.pattern !== undefined || node.format !== undefined || node.minLength !== undefined))
    return 'string';
  return nodes.some((node) => node.minimum !== undefined || node.maximum !== undefined || node.multipleOf !== undefined)
    ? 'number'
    : undefined;
}

/** Every schema that speaks about the value under a key. */
function schemasFor(nodes: readonly SchemaNode[], key: string): readonly NodeId[] {
  return nodes.flatMap((node) => {
    const own = node.properties?.get(key);
    const matching = [...(node.patternProperties ?? [])]
      .filter(([pattern]) => new RegExp(pattern, 'u').test(key))
      .map(([, id]) => id);
    if (own !== undefined || matching.length > 0) return [...(own === undefined ? [] : [own]), ...matching];
    return node.additionalProperties === undefined ? [] : [node.additionalProperties];
  });
}
