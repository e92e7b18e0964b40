import { type Check, compileNode } from '../../schema/ajv.js';
import { exampleOf } from '../../schema/example.js';
import type { NodeId, SchemaGraph, SchemaNode } from '../../schema/node.js';
import { listRule, ruleOf, typesOf } from './matchers.js';
import type { Rule, Rules } from './pact-file.js';

export interface SampleOptions {
  /** A value of the contract's own; what fits is taken from it. */
  readonly written?: unknown;
  /** `required`: only what must be there. `complete`: everything. `given`: what `written` has, no more and no less. */
  readonly members: 'required' | 'complete' | 'given';
  /** Branch to take of a schema with alternatives; others take the one that fits what is written, else the first. */
  readonly choices?: ReadonlyMap<NodeId, number>;
}

/** A value and what holds for every part of it. */
export interface Sample {
  readonly value: unknown;
  readonly rules: Rules;
  /** Schemas with alternatives on the way, and how many they have. */
  readonly alternatives: ReadonlyMap<NodeId, number>;
  /** Paths of members that need not be there. */
  readonly optional: readonly string[];
}

/** Below this depth only what is required is taken, so that a recursive schema ends; twice as deep nothing is. */
const DEPTH_OPTIONAL = 6;
const DEPTH_MAX = 24;
/** Parts of one sample beyond which nothing optional is added: schemas that refer to each other grow with every level. */
const PARTS_MAX = 600;

/**
 * A value for a schema with matching rules beside it, valid by the schema. The same arguments give the same sample. Undefined when no such value was found.
 */
export function sampleOf(graph: SchemaGraph, id: NodeId, options: SampleOptions): Sample | undefined {
  const check = checkOf(graph, id);
  const walked = new Walk(graph, options).sample(id, options.written);
  if (walked !== undefined && check(walked.value).length === 0) return walked;
  if (options.members === 'given' || options.choices !== undefined) return undefined;
  // Rules between members, such as `if` or `dependentRequired`: what the example builder finds is valid as a whole.
  for (let seed = 1; seed <= 4; seed++) {
    const made = exampleOf(graph, id, { seed, check, attemptsMax: 8 });
    if (!made.ok) continue;
    return new Walk(graph, { ...options, members: 'given' }).sample(id, made.value);
  }
  return undefined;
}

const compiled = new WeakMap<SchemaGraph, Map<NodeId, Check>>();

export function checkOf(graph: SchemaGraph, id: NodeId): Check {
  const known = compiled.get(graph) ?? new Map<NodeId, Check>();
  compiled.set(graph, known);
  const check = known.get(id) ?? compileNode(graph, id);
  known.set(id, check);
  return check;
}

const NOTHING = Symbol('no value');

class Walk {
  private readonly rules = new Map<string, Rule>();
  private readonly alternatives = new Map<NodeId, number>();
  private readonly optional: string[] = [];
  private parts = 0;

  constructor(
    private readonly graph: SchemaGraph,
    private readonly options: SampleOptions,
  ) {}

  sample(id: NodeId, written: unknown): Sample | undefined {
    const value = this.value([id], '$', written, 0);
    if (value === NOTHING) return undefined;
    const { alternatives, optional } = this;
    return { value, rules: Object.fromEntries(this.rules), alternatives, optional };
  }

  private value(ids: readonly NodeId[], path: string, written: unknown, depth: number): unknown {
    if (depth > DEPTH_MAX || ++this.parts > 10 * PARTS_MAX) return NOTHING;
    const { nodes, nullable } = this.conjuncts(ids, written);
    if (nodes.some((node) => node.boolean === false)) return NOTHING;
    // A check is compiled with everything below it, so it is asked only where a written value stands to be taken.
    const isFitting = (): boolean => written !== undefined && this.fit(ids, written);
    const types = typesOf(nodes);
    const canBeNull = nullable || types.includes('null');
    if (written === null && (this.options.members === 'given' || (types.length === 1 && canBeNull)) && isFitting()) {
      this.rules.set(path, { combine: 'AND', matchers: [{ match: canBeNull ? 'null' : 'type' }] });
      return null;
    }
    const kind = kindOf(nodes, types, written);
    if (kind === 'object') return this.object(nodes, path, written, depth, canBeNull);
    if (kind === 'array') return this.list(nodes, path, written, depth, canBeNull);
    const value = written !== null && isFitting() ? written : this.scalar(ids, nodes, path);
    if (value === NOTHING) return NOTHING;
    const rule = ruleOf(nodes, value, canBeNull);
    if (rule !== undefined) this.rules.set(path, rule);
    return copied(value);
  }

  private fit(ids: readonly NodeId[], value: unknown): boolean {
    return ids.every((id) => checkOf(this.graph, id)(value).length === 0);
  }

  private mayGrow(depth: number): boolean {
    return depth < DEPTH_OPTIONAL && this.parts < PARTS_MAX;
  }

  /** What the chosen schemas say by themselves comes first: the whole of a union would give any of its alternatives. */
  private scalar(ids: readonly NodeId[], nodes: readonly SchemaNode[], path: string): unknown {
    const chosen = nodes
      .filter(({ anyOf, oneOf, ref, allOf }) => !(anyOf ?? oneOf ?? ref ?? allOf))
      .map(({ id }) => id);
    for (const id of chosen.length > 0 ? chosen : ids) {
      // A schema that allows null has it as an example now and then.
      for (let attempt = 0; attempt < 8; attempt++) {
        const made = exampleOf(this.graph, id, { seed: seedOf(path) + attempt, check: checkOf(this.graph, id) });
        if (made.ok && made.value !== null && this.fit(ids, made.value)) return made.value;
      }
    }
    return NOTHING;
  }

  private object(
    nodes: readonly SchemaNode[],
    path: string,
    written: unknown,
    depth: number,
    nullable: boolean,
  ): unknown {
    if (nullable) this.rules.set(path, { combine: 'OR', matchers: [{ match: 'type' }, { match: 'null' }] });
    const given = isObject(written) ? written : {};
    const required = new Set(nodes.flatMap((node) => node.required ?? []));
    const declared = new Set(nodes.flatMap((node) => [...(node.properties?.keys() ?? [])]));
    const entries: [string, unknown][] = [];
    for (const key of [...new Set([...required, ...declared, ...Object.keys(given)])]) {
      const has = Object.hasOwn(given, key);
      const isWanted =
        required.has(key) ||
        (this.options.members === 'given'
          ? has
          : this.options.members === 'complete' && this.mayGrow(depth) && declared.has(key));
      if (!isWanted) continue;
      const member = `${path}${step(key)}`;
      const value = this.value(schemasFor(nodes, key), member, has ? given[key] : undefined, depth + 1);
      if (value === NOTHING && required.has(key)) return NOTHING;
      if (value === NOTHING) continue;
      if (!required.has(key)) this.optional.push(member);
      entries.push([key, value]);
    }
    return Object.fromEntries(entries);
  }

  private list(
    nodes: readonly SchemaNode[],
    path: string,
    written: unknown,
    depth: number,
    nullable: boolean,
  ): unknown {
    const given = Array.isArray(written) ? written : [];
    const min = Math.max(0, ...nodes.map((node) => node.minItems ?? 0));
    const max = Math.min(...nodes.map((node) => node.maxItems ?? Infinity));
    const tuple = Math.max(0, ...nodes.map((node) => node.prefixItems?.length ?? 0));
    this.rules.set(path, listRule(min, nullable));
    // One item stands for all, unless each has a schema of its own or more are asked for.
    const wanted = Math.min(max, Math.max(min, tuple, this.mayGrow(depth) ? 1 : 0));
    const values: unknown[] = [];
    for (let index = 0; index < wanted; index++) {
      const ids = nodes.flatMap((node) => node.prefixItems?.[index] ?? node.items ?? []);
      const place = index < tuple ? `${path}[${index}]` : `${path}[*]`;
      const value = this.value(ids, place, given[index] ?? given[0], depth + 1);
      if (value === NOTHING) return index >= min ? values : NOTHING;
      values.push(value);
    }
    return values;
  }

  /** The schemas with everything they are combined from; of alternatives one is chosen. `null` as an alternative is told apart. */
  private conjuncts(
    ids: readonly NodeId[],
    written: unknown,
  ): { readonly nodes: readonly SchemaNode[]; readonly nullable: boolean } {
    const chosen = new Set<NodeId>(ids);
    let nullable = false;
    for (const id of chosen) {
      const node = this.graph.node(id);
      if (node.ref !== undefined) chosen.add(node.ref);
      for (const each of node.allOf ?? []) chosen.add(each);
      for (const branches of [node.anyOf, node.oneOf]) {
        if (branches === undefined) continue;
        const solid = branches.filter((branch) => !isNull(this.graph.node(branch)));
        nullable ||= solid.length < branches.length;
        if (solid.length > 1) this.alternatives.set(id, solid.length);
        const fitting = written === undefined ? 0 : solid.findIndex((branch) => this.fit([branch], written));
        const branch = solid[this.options.choices?.get(id) ?? Math.max(0, fitting)] ?? branches[0];
        if (branch !== undefined) chosen.add(branch);
      }
    }
    return { nodes: [...chosen].map((id) => this.graph.node(id)), nullable };
  }
}

function isNull(node: SchemaNode): boolean {
  return node.types?.length === 1 && node.types[0] === 'null';
}

function kindOf(
  nodes: readonly SchemaNode[],
  types: readonly string[],
  written: unknown,
): 'object' | 'array' | 'scalar' {
  const solid = types.filter((type) => type !== 'null');
  const [only] = solid;
  if (solid.length === 1) return only === 'object' || only === 'array' ? only : 'scalar';
  if (Array.isArray(written) && (solid.length === 0 || solid.includes('array'))) return 'array';
  if (isObject(written) && (solid.length === 0 || solid.includes('object'))) return 'object';
  return solid.length === 0 && nodes.some((node) => node.properties !== undefined) ? 'object' : 'scalar';
}

/** Every schema that speaks about the value under a key. */
function schemasFor(nodes: readonly SchemaNode[], key: string): readonly NodeId[] {
  return nodes.flatMap((node) => {
    const own = node.properties?.get(key);
    const matching = [...(node.patternProperties ?? [])].filter(([pattern]) => new RegExp(pattern, 'u').test(key));
    const found = [...(own === undefined ? [] : [own]), ...matching.map(([, id]) => id)];
    return found.length > 0 || node.additionalProperties === undefined ? found : [node.additionalProperties];
  });
}

/** One step of a path: `.name`, or in quotes where the name is none. */
export function step(key: string): string {
  return /^[A-Za-z_][\w]*$/.test(key) ? `.${key}` : `['${key.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']`;
}

/** Two places should not show the same made-up value. */
function seedOf(path: string): number {
  let hash = 7;
  for (const char of path) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 99_991;
  return hash;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Values of contracts are shared and may have no prototype. */
function copied(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
