import type { ExpressionNode } from './expression.js';

/** How TypeScript reaches a variable of the expression; `maybe` when it may be null. */
export interface Variable {
  readonly text: string;
  readonly maybe: boolean;
}

/** Escaping is the caller's: names and strings of contracts are untrusted. */
export interface Writer {
  variable(name: string): Variable;
  /** `.name` or `['na-me']`; with `?.` when `maybe`. */
  member(name: string, maybe: boolean): string;
  string(text: string): string;
}

/** Functions of `seamwright/runtime` that emitted text may call. */
export const expressionFunctions = ['compare', 'equals', 'includes', 'sizeOf'] as const;

/** Something in the expression that has no TypeScript form here. */
export class UnsupportedExpressionError extends Error {
  readonly offset: number;

  constructor(what: string, offset: number) {
    super(`${what} is not supported here`);
    this.name = 'UnsupportedExpressionError';
    this.offset = offset;
  }
}

/**
 * A CEL expression as a TypeScript expression of type boolean. Where CEL fails because something is null or missing, the comparison is false, which is what `||` and `&&` of CEL
 * make of a failure on one side.
 */
export function predicate(node: ExpressionNode, writer: Writer): string {
  return truth(node, { writer, bound: new Set() });
}

interface Scope {
  readonly writer: Writer;
  /** Variables of the macros around. */
  readonly bound: ReadonlySet<string>;
}

/** Operand of a condition: true only when it is `true`. */
function truth(node: ExpressionNode, scope: Scope): string {
  switch (node.op) {
    case '||':
    case '&&':
      return node.args.map((side) => group(side, truth(side, scope), node.op)).join(` ${node.op} `);
    case '!_':
      return `!(${truth(node.args, scope)})`;
    case '?:':
      return `(${truth(node.args[0], scope)} ? ${truth(node.args[1], scope)} : ${truth(node.args[2], scope)})`;
    case 'value':
      return node.args === true ? 'true' : 'false';
    default:
      return isCondition(node) ? value(node, scope) : `${value(node, scope)} === true`;
  }
}

/** `a && b || c` keeps its meaning in TypeScript too; the other way round needs brackets. */
function group(side: ExpressionNode, text: string, around: '||' | '&&'): string {
  return side.op === '||' && around === '&&' ? `(${text})` : text;
}

const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);
const conditions = new Set(['has', 'exists', 'all', 'exists_one', 'startsWith', 'endsWith', 'contains', 'matches']);

function isCondition(node: ExpressionNode): boolean {
  if (comparisons.has(node.op)) return true;
  return (node.op === 'call' || node.op === 'rcall') && conditions.has(node.args[0]);
}

function value(node: ExpressionNode, scope: Scope): string {
  switch (node.op) {
    case 'value':
      return literal(node, scope);
    case 'id':
      return scope.bound.has(node.args) ? bound(node.args) : scope.writer.variable(node.args).text;
    case '.':
    case '.?':
      return reach(node.args[0], scope, (holder, maybe) => holder + scope.writer.member(node.args[1], maybe));
    case '[]':
    case '[?]':
      return reach(
        node.args[0],
        scope,
        (holder, maybe) => `${holder}${maybe ? '?.' : ''}[${value(node.args[1], scope)}]`,
      );
    case 'list':
      return `[${node.args.map((item) => value(item, scope)).join(', ')}]`;
    case '==':
      return same(node.args[0], node.args[1], scope);
    case '!=':
      return negated(same(node.args[0], node.args[1], scope));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return `compare(${value(node.args[0], scope)}, ${scope.writer.string(node.op)}, ${value(node.args[1], scope)})`;
    case 'in':
      return `includes(${value(node.args[1], scope)}, ${value(node.args[0], scope)})`;
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return `(${number(node.args[0], scope)} ${node.op} ${number(node.args[1], scope)})`;
    case '-_':
      return `-${number(node.args, scope)}`;
    case 'call':
      return called(node, node.args[0], node.args[1], scope);
    case 'rcall':
      return method(node, node.args[0], node.args[1], node.args[2], scope);
    case 'map':
      throw new UnsupportedExpressionError('a map', node.pos);
    default:
      return `(${truth(node, scope)})`;
  }
}

/** What stands before a `.` may be missing, unless it is a variable that never is. */
function reach(holder: ExpressionNode, scope: Scope, join: (text: string, maybe: boolean) => string): string {
  if (holder.op === 'id' && !scope.bound.has(holder.args)) {
    const { text, maybe } = scope.writer.variable(holder.args);
    return join(text, maybe);
  }
  return join(value(holder, scope), holder.op !== 'id');
}

function same(left: ExpressionNode, right: ExpressionNode, scope: Scope): string {
  const plain = [left, right].some((side) => side.op === 'value');
  // A literal needs no deep comparison; and null in CEL is what a missing value is here.
  if (plain && right.op === 'value' && right.args === null) return `(${value(left, scope)} ?? null) === null`;
  return plain
    ? `${value(left, scope)} === ${value(right, scope)}`
    : `equals(${value(left, scope)}, ${value(right, scope)})`;
}

/** `a !== b` reads better than `!(a === b)`. */
function negated(comparison: string): string {
  const [left, right, ...more] = comparison.split(' === ');
  return right !== undefined && more.length === 0 && !/['"`]/.test(left ?? '')
    ? `${left} !== ${right}`
    : `!(${comparison})`;
}

function number(node: ExpressionNode, scope: Scope): string {
  return node.op === 'value' ? literal(node, scope) : `Number(${value(node, scope)})`;
}

function literal(node: ExpressionNode & { readonly op: 'value' }, scope: Scope): string {
  const { args } = node;
  if (typeof args === 'string') return scope.writer.string(args);
  if (typeof args === 'bigint' || typeof args === 'number') return String(args);
  if (typeof args === 'boolean' || args === null) return String(args);
  if (typeof args === 'object' && 'value' in args) return String(args.value);
  throw new UnsupportedExpressionError('a bytes literal', node.pos);
}

function called(node: ExpressionNode, name: string, args: readonly ExpressionNode[], scope: Scope): string {
  const [first] = args;
  if (first !== undefined && args.length === 1) {
    if (name === 'size') return `sizeOf(${value(first, scope)})`;
    if (name === 'has') return `(${value(first, scope)} ?? null) !== null`;
    if (name === 'string') return `String(${value(first, scope)})`;
    if (name === 'int' || name === 'double') return number(first, scope);
  }
  throw new UnsupportedExpressionError(`function "${name}"`, node.pos);
}

const strings: Readonly<Record<string, string>> = {
  startsWith: 'startsWith',
  endsWith: 'endsWith',
  contains: 'includes',
};

function method(
  node: ExpressionNode,
  name: string,
  holder: ExpressionNode,
  args: readonly ExpressionNode[],
  scope: Scope,
): string {
  const [first, second] = args;
  const on = value(holder, scope);
  if (name === 'size' && args.length === 0) return `sizeOf(${on})`;
  if (first !== undefined && args.length === 1) {
    const text = strings[name];
    if (text !== undefined) return `String(${on} ?? '').${text}(${value(first, scope)})`;
    if (name === 'matches') return `new RegExp(${value(first, scope)}, 'u').test(String(${on} ?? ''))`;
  }
  if (first?.op === 'id' && second !== undefined && args.length === 2) {
    const inner = { ...scope, bound: new Set([...scope.bound, first.args]) };
    const item = bound(first.args);
    const list = `(${on} ?? [])`;
    switch (name) {
      case 'exists':
        return `${list}.some((${item}) => ${truth(second, inner)})`;
      case 'all':
        return `${list}.every((${item}) => ${truth(second, inner)})`;
      case 'exists_one':
        return `${list}.filter((${item}) => ${truth(second, inner)}).length === 1`;
      case 'filter':
        return `${list}.filter((${item}) => ${truth(second, inner)})`;
      case 'map':
        return `${list}.map((${item}) => ${value(second, inner)})`;
    }
  }
  throw new UnsupportedExpressionError(`"${name}"`, node.pos);
}

/** CEL identifiers are ASCII; the sign keeps them apart from words of TypeScript and from names around. */
function bound(name: string): string {
  return `$${name}`;
}
