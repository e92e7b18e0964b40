import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js';
import {
  type ArithmeticOperator,
  type Expression,
  FUNCTIONS,
  type FunctionName,
  MACROS,
  type MacroName,
  type OrderOperator,
} from './expression-tree.js';

export { emitPredicate } from './expression-emit.js';
export { type Scope, typeCheck } from './expression-types.js';

export interface ParsedExpression {
  readonly ast: Expression;
}

/** What is wrong with an expression and where in its text (offset from 0). */
export interface ExpressionError {
  readonly error: string;
  readonly offset: number;
}

/** Reads CEL. Correct CEL outside our subset (see `Expression`) is an error that names the construct. */
export function parseExpression(text: string): ParsedExpression | ExpressionError {
  try {
    return { ast: convert(environment().parse(text).ast) };
  } catch (error) {
    if (error instanceof Unsupported) return { error: error.message, offset: error.offset };
    if (error instanceof ParseError) return { error: inOurWords(error.summary), offset: error.range?.start ?? 0 };
    throw error;
  }
}

/** The library does not know what a single "=" was meant to be; everybody else does. */
function inOurWords(summary: string): string {
  return summary === 'Unexpected character: =' ? '"=" does not compare, "==" does' : summary;
}

/**
 * Evaluates CEL on JSON values, in this process. Integers and fractions are one type here, as they are in JSON.
 * `undefined` when the evaluation fails (a missing field, a type mismatch), which counts as "does not hold".
 */
export function evaluateExpression(text: string, scope: Readonly<Record<string, unknown>>): unknown {
  try {
    const values = Object.fromEntries(Object.entries(scope).map(([name, value]) => [name, toCel(value)]));
    return fromCel(environment().evaluate(text, values));
  } catch {
    return undefined;
  }
}

let shared: Environment | undefined;

function environment(): Environment {
  if (shared) return shared;
  const env = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });
  env.registerFunction('sum(list): dyn', (list: readonly unknown[]) => {
    if (list.every((item) => typeof item === 'bigint')) return list.reduce((total: bigint, item) => total + item, 0n);
    return list.reduce((total: number, item) => total + Number(item), 0);
  });
  shared = env;
  return env;
}

function toCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, inner]) => [key, toCel(inner)]));
}

function fromCel(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(fromCel);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [String(key), fromCel(inner)]));
  return value;
}

class Unsupported extends Error {
  readonly offset: number;

  constructor(what: string, node: ASTNode) {
    super(`${what} is not part of the expressions that contracts may hold`);
    this.offset = node.start;
  }
}

function convert(node: ASTNode): Expression {
  const at = node.start;
  switch (node.op) {
    case 'value':
      return { op: 'literal', at, value: literal(node) };
    case 'id':
      return { op: 'name', at, name: node.args };
    case '.':
      return { op: 'field', at: node.pos, of: convert(node.args[0]), name: node.args[1] };
    case '[]':
      return { op: 'index', at, of: convert(node.args[0]), index: convert(node.args[1]) };
    case 'list':
      return { op: 'list', at, items: node.args.map(convert) };
    case 'map':
      return { op: 'map', at, entries: node.args.map(([key, value]) => [convert(key), convert(value)] as const) };
    case '!_':
      return { op: 'not', at, of: convert(node.args) };
    case '-_':
      return { op: 'negate', at, of: convert(node.args) };
    case '&&':
      return { op: 'and', at, left: convert(node.args[0]), right: convert(node.args[1]) };
    case '||':
      return { op: 'or', at, left: convert(node.args[0]), right: convert(node.args[1]) };
    case '?:': {
      const [test, yes, no] = node.args;
      return { op: 'choose', at, test: convert(test), yes: convert(yes), no: convert(no) };
    }
    case 'call':
      return convertCall(node, node.args[0], node.args[1]);
    case 'rcall':
      return convertMethod(node, node.args[0], node.args[1], node.args[2]);
    case '==':
    case '!=':
    case 'in': {
      const op = node.op === '==' ? 'equal' : node.op === '!=' ? 'different' : 'in';
      return { op, at, left: convert(node.args[0]), right: convert(node.args[1]) };
    }
    case '<':
    case '<=':
    case '>':
    case '>=':
      return {
        op: 'order',
        at,
        operator: node.op satisfies OrderOperator,
        left: convert(node.args[0]),
        right: convert(node.args[1]),
      };
    case '+':
    case '-':
    case '*':
    case '/':
    case '%': {
      const operator: ArithmeticOperator = node.op;
      return { op: 'arithmetic', at, operator, left: convert(node.args[0]), right: convert(node.args[1]) };
    }
    default:
      throw new Unsupported(`"${node.op}"`, node);
  }
}

function literal(node: ASTNode & { readonly op: 'value' }): string | number | boolean | null {
  const value = node.args;
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  throw new Unsupported(typeof value === 'bigint' ? 'an integer of this size' : 'a literal of this type', node);
}

function convertCall(node: ASTNode, name: string, args: readonly ASTNode[]): Expression {
  const [only] = args;
  if (name === 'has' && only) {
    const field = convert(only);
    if (field.op === 'field') return { ...field, op: 'has', at: node.start };
  }
  return call(node, name, args);
}

function convertMethod(node: ASTNode, name: string, receiver: ASTNode, args: readonly ASTNode[]): Expression {
  const macro = MACROS.find((each) => each === name);
  return macro ? convertMacro(node, macro, receiver, args) : call(node, name, [receiver, ...args]);
}

function call(node: ASTNode, name: string, args: readonly ASTNode[]): Expression {
  if (!Object.hasOwn(FUNCTIONS, name)) throw new Unsupported(`the function "${name}"`, node);
  const known = name as FunctionName;
  if (args.length !== FUNCTIONS[known]) throw new Unsupported(`"${name}" with ${args.length} arguments`, node);
  return { op: 'call', at: node.start, function: known, args: args.map(convert) };
}

function convertMacro(node: ASTNode, macro: MacroName, list: ASTNode, args: readonly ASTNode[]): Expression {
  const [variable, ...rest] = args;
  const body = rest.at(-1);
  const where = rest.length === 2 && macro === 'map' ? rest[0] : undefined;
  if (variable?.op !== 'id' || !body || rest.length > (macro === 'map' ? 2 : 1))
    throw new Unsupported(`"${macro}" in this form`, node);
  return {
    op: 'macro',
    at: node.start,
    macro,
    list: convert(list),
    variable: variable.args,
    body: convert(body),
    ...(where ? { where: convert(where) } : {}),
  };
}
