import { closest } from './closest.js';
import type { Expression, FunctionName } from './expression-tree.js';
import { enumerationOf, fieldOfSchema, itemsOf, type Kind, kindsOf } from './kinds.js';
import type { NodeId, SchemaGraph, SchemaNode } from './node.js';

const NAMES_MAX = 12;

/** What the names of an expression stand for: a schema, or anything. */
export type Scope = Readonly<Record<string, ScopeEntry>>;

export type ScopeEntry =
  | { readonly graph: SchemaGraph; readonly id: NodeId; readonly nullable?: boolean }
  /** A list of such values, such as all rows of an entity. */
  | { readonly listOf: { readonly graph: SchemaGraph; readonly id: NodeId } }
  | 'any';

export interface TypeProblem {
  readonly message: string;
  /** Offset in the text, from 0. */
  readonly offset: number;
  /** Name that was probably meant. */
  readonly suggestion?: string;
}

export interface TypeCheckOptions {
  /** The expression has to be a condition. Default true. */
  readonly condition?: boolean;
}

/**
 * Finds what cannot be meant: names and fields that do not exist, comparisons that can never hold, conditions that are no condition.
 * A value whose schema leaves its type open takes part in everything. No problem is reported twice.
 */
export function typeCheck(
  expression: Expression,
  scope: Scope,
  options: TypeCheckOptions = {},
): readonly TypeProblem[] {
  const check = new Check(scope);
  const result = check.typeOf(expression, new Map());
  if (options.condition !== false) check.demand(result, 'boolean', expression, 'the whole expression');
  return check.problems;
}

/** Possible kinds of a value; undefined = anything. `schemas` describe it as far as they are known. */
interface Type {
  readonly kinds: ReadonlySet<Kind> | undefined;
  readonly schemas: readonly { readonly graph: SchemaGraph; readonly node: SchemaNode }[];
  /** Looked up on demand: lists may hold themselves. */
  readonly item?: () => Type;
  readonly literal?: string;
}

const ANY: Type = { kinds: undefined, schemas: [] };
const only = (...kinds: readonly Kind[]): Type => ({ kinds: new Set(kinds), schemas: [] });

type Bound = ReadonlyMap<string, Type>;

class Check {
  readonly problems: TypeProblem[] = [];
  private readonly scope: Scope;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  typeOf(each: Expression, bound: Bound): Type {
    switch (each.op) {
      case 'literal':
        return typeOfLiteral(each.value);
      case 'name':
        return this.nameType(each, bound);
      case 'field':
      case 'has':
        return this.fieldType(each, bound);
      case 'index': {
        const holder = this.typeOf(each.of, bound);
        this.typeOf(each.index, bound);
        if (each.index.op === 'literal' && typeof each.index.value === 'string')
          return this.fieldOf(holder, each.index.value, each);
        return itemOf(holder);
      }
      case 'list': {
        const items = each.items.map((item) => this.typeOf(item, bound));
        return { ...only('list'), item: () => items.reduce(either, items[0] ?? ANY) };
      }
      case 'map':
        for (const [key, value] of each.entries) {
          this.demand(this.typeOf(key, bound), 'string', key, 'a key');
          this.typeOf(value, bound);
        }
        return { ...ANY, kinds: new Set<Kind>(['map']) };
      case 'not':
        this.demand(this.typeOf(each.of, bound), 'boolean', each.of, 'what "!" negates');
        return only('boolean');
      case 'negate':
        this.demand(this.typeOf(each.of, bound), 'number', each.of, 'what "-" negates');
        return only('number');
      case 'and':
      case 'or':
        for (const side of [each.left, each.right])
          this.demand(this.typeOf(side, bound), 'boolean', side, `an operand of "${each.op === 'and' ? '&&' : '||'}"`);
        return only('boolean');
      case 'choose':
        this.demand(this.typeOf(each.test, bound), 'boolean', each.test, 'what stands before "?"');
        return either(this.typeOf(each.yes, bound), this.typeOf(each.no, bound));
      case 'equal':
      case 'different':
        this.compareEqual(each, this.typeOf(each.left, bound), this.typeOf(each.right, bound));
        return only('boolean');
      case 'in':
        this.checkMembership(each, this.typeOf(each.left, bound), this.typeOf(each.right, bound));
        return only('boolean');
      case 'order':
        this.compareOrder(each, this.typeOf(each.left, bound), this.typeOf(each.right, bound));
        return only('boolean');
      case 'arithmetic':
        return this.arithmetic(each, this.typeOf(each.left, bound), this.typeOf(each.right, bound));
      case 'call':
        return this.call(each.function, each.args, bound);
      case 'macro':
        return this.macro(each, bound);
    }
  }

  /** Reports a value that can never be of the kind asked for. */
  demand(type: Type, kind: Kind, at: Expression, what: string): void {
    if (type.kinds && !type.kinds.has(kind)) this.report(at, `${what} is ${kindsText(type)}, not ${article(kind)}`);
  }

  private report(at: Expression, message: string, suggestion?: string): void {
    this.problems.push({ message, offset: at.at, ...(suggestion === undefined ? {} : { suggestion }) });
  }

  private nameType(each: Extract<Expression, { op: 'name' }>, bound: Bound): Type {
    const inner = bound.get(each.name);
    if (inner) return inner;
    const entry = Object.hasOwn(this.scope, each.name) ? this.scope[each.name] : undefined;
    if (entry === undefined) {
      const suggestion = closest(each.name, Object.keys(this.scope));
      this.report(each, `"${each.name}" is not known here`, suggestion);
      return ANY;
    }
    if (entry === 'any') return ANY;
    if ('listOf' in entry) return { ...only('list'), item: () => typeOfSchema(entry.listOf.graph, entry.listOf.id) };
    const type = typeOfSchema(entry.graph, entry.id);
    return entry.nullable && type.kinds ? { ...type, kinds: new Set<Kind>([...type.kinds, 'null']) } : type;
  }

  private fieldType(each: Extract<Expression, { op: 'field' | 'has' }>, bound: Bound): Type {
    const type = this.fieldOf(this.typeOf(each.of, bound), each.name, each);
    return each.op === 'has' ? only('boolean') : type;
  }

  private fieldOf(holder: Type, name: string, at: Expression): Type {
    if (holder.kinds && !holder.kinds.has('map')) {
      this.report(at, `${kindsText(holder)} has no field "${name}"`);
      return ANY;
    }
    if (holder.schemas.length === 0) return ANY;
    const found = holder.schemas.map(({ graph, node }) => fieldOfSchema(graph, node, name, new Set()));
    const types = holder.schemas.flatMap(({ graph }, index) =>
      (found[index]?.schemas ?? []).map((id) => typeOfSchema(graph, id)),
    );
    if (types.length > 0) return types.reduce(either);
    if (found.some((each) => each.open)) return ANY;
    const names = found.flatMap((each) => each.names);
    const suggestion = closest(name, names);
    const known = suggestion === undefined && names.length > 0 ? `, only ${listed(new Set(names))}` : '';
    this.report(at, `there is no field "${name}"${known}`, suggestion);
    return ANY;
  }

  private compareEqual(each: Expression, left: Type, right: Type): void {
    if (!overlap(left, right))
      this.report(each, `${kindsText(left)} is compared with ${kindsText(right)}: never equal`);
    for (const [literal, other] of [
      [left.literal, right],
      [right.literal, left],
    ] as const) {
      if (literal !== undefined) this.checkEnumeration(each, literal, other);
    }
  }

  /** A text that the schema does not list can never be there. */
  private checkEnumeration(each: Expression, literal: string, other: Type): void {
    const lists = other.schemas.map(({ graph, node }) => enumerationOf(graph, node));
    if (lists.length === 0 || lists.some((list) => list === undefined)) return;
    const values = lists.flatMap((list) => list ?? []);
    if (values.includes(literal)) return;
    const texts = values.filter((value): value is string => typeof value === 'string');
    this.report(
      each,
      `"${literal}" is none of the values ${texts.map((text) => `"${text}"`).join(', ')}`,
      closest(literal, texts),
    );
  }

  private checkMembership(each: Expression, left: Type, right: Type): void {
    if (right.kinds && !(['list', 'map', 'string'] as const).some((kind) => right.kinds?.has(kind)))
      this.report(each, `"in" asks for a list, not ${kindsText(right)}`);
    else if (!overlap(left, itemOf(right)))
      this.report(each, `a list of ${kindsText(itemOf(right))} never holds ${kindsText(left)}`);
  }

  private compareOrder(each: Extract<Expression, { op: 'order' }>, left: Type, right: Type): void {
    const kinds = (['number', 'string', 'boolean'] as const).filter((kind) => may(left, kind) && may(right, kind));
    if (kinds.length === 0)
      this.report(each, `"${each.operator}" cannot order ${kindsText(left)} and ${kindsText(right)}`);
  }

  private arithmetic(each: Extract<Expression, { op: 'arithmetic' }>, left: Type, right: Type): Type {
    const kinds: readonly Kind[] = each.operator === '+' ? ['number', 'string', 'list'] : ['number'];
    const common = kinds.filter((kind) => may(left, kind) && may(right, kind));
    if (common.length === 0)
      this.report(each, `"${each.operator}" cannot join ${kindsText(left)} and ${kindsText(right)}`);
    return common.length === 1 && common[0] ? only(common[0]) : ANY;
  }

  private call(name: FunctionName, args: readonly Expression[], bound: Bound): Type {
    const types = args.map((arg) => this.typeOf(arg, bound));
    const [first, second] = types;
    const [one, two] = args;
    if (name === 'size') {
      if (first && one && !(['string', 'list', 'map'] as const).some((kind) => may(first, kind)))
        this.report(one, `${kindsText(first)} has no size`);
      return only('number');
    }
    if (name === 'sum') {
      if (first && one) this.demand(first, 'list', one, 'what is summed');
      if (first && one) this.demand(itemOf(first), 'number', one, 'an item of what is summed');
      return only('number');
    }
    if (first && one) this.demand(first, 'string', one, `what "${name}" is asked of`);
    if (second && two) this.demand(second, 'string', two, `the argument of "${name}"`);
    if (name === 'matches' && two && second?.literal !== undefined && !isPattern(second.literal))
      this.report(two, `"${second.literal}" is no regular expression`);
    return only('boolean');
  }

  private macro(each: Extract<Expression, { op: 'macro' }>, bound: Bound): Type {
    const list = this.typeOf(each.list, bound);
    if (!may(list, 'list') && !may(list, 'map'))
      this.report(each, `"${each.macro}" asks for a list, not ${kindsText(list)}`);
    const inner = new Map([...bound, [each.variable, itemOf(list)]]);
    if (each.where) this.demand(this.typeOf(each.where, inner), 'boolean', each.where, 'the condition of "map"');
    const body = this.typeOf(each.body, inner);
    if (each.macro === 'map') return { ...only('list'), item: () => body };
    this.demand(body, 'boolean', each.body, `the condition of "${each.macro}"`);
    return each.macro === 'filter' ? list : only('boolean');
  }
}

function typeOfLiteral(value: string | number | boolean | null): Type {
  if (value === null) return only('null');
  return typeof value === 'string' ? { ...only('string'), literal: value } : only(typeof value as 'number' | 'boolean');
}

function typeOfSchema(graph: SchemaGraph, id: NodeId): Type {
  const node = graph.node(id);
  const kinds = kindsOf(graph, node, new Set());
  const items = itemsOf(graph, node, new Set());
  return {
    kinds,
    schemas: [{ graph, node }],
    ...(items === undefined ? {} : { item: () => typeOfSchema(graph, items) }),
  };
}

function itemOf(type: Type): Type {
  return type.item?.() ?? ANY;
}

function either(left: Type, right: Type): Type {
  if (!left.kinds || !right.kinds) return ANY;
  return { kinds: new Set([...left.kinds, ...right.kinds]), schemas: [...left.schemas, ...right.schemas] };
}

function may(type: Type, kind: Kind): boolean {
  return type.kinds?.has(kind) ?? true;
}

function overlap(left: Type, right: Type): boolean {
  if (!left.kinds || !right.kinds) return true;
  // Comparing with null is how one asks whether something is there.
  if (left.kinds.has('null') || right.kinds.has('null')) return true;
  return [...left.kinds].some((kind) => right.kinds?.has(kind));
}

function kindsText(type: Type): string {
  if (!type.kinds) return 'anything';
  return [...type.kinds].map(article).join(' or ') || 'nothing';
}

/** Names to choose from; of a long list the first ones, which show what kind of thing it is. */
function listed(names: ReadonlySet<string>): string {
  const first = [...names].slice(0, NAMES_MAX).map((name) => `"${name}"`);
  return first.join(', ') + (names.size > NAMES_MAX ? ', …' : '');
}

function article(kind: Kind): string {
  if (kind === 'null') return 'null';
  return kind === 'boolean' ? 'a true/false value' : `a ${kind === 'string' ? 'text' : kind}`;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}
