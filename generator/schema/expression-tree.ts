/** Functions of expressions, with how many arguments they take (a receiver counts as the first). */
export const FUNCTIONS = { size: 1, sum: 1, startsWith: 2, endsWith: 2, contains: 2, matches: 2 } as const;

export type FunctionName = keyof typeof FUNCTIONS;

export const MACROS = ['all', 'exists', 'exists_one', 'filter', 'map'] as const;

export type MacroName = (typeof MACROS)[number];

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type OrderOperator = '<' | '<=' | '>' | '>=';

/** Offset in the text, from 0. */
interface Placed {
  readonly at: number;
}

/** An expression of a contract: the subset of CEL that can be told in TypeScript without loss. Values are JSON values; numbers are one type. */
export type Expression = Placed &
  (
    | { readonly op: 'literal'; readonly value: string | number | boolean | null }
    | { readonly op: 'name'; readonly name: string }
    | { readonly op: 'field'; readonly of: Expression; readonly name: string }
    | { readonly op: 'has'; readonly of: Expression; readonly name: string }
    | { readonly op: 'index'; readonly of: Expression; readonly index: Expression }
    | { readonly op: 'list'; readonly items: readonly Expression[] }
    | { readonly op: 'map'; readonly entries: readonly (readonly [Expression, Expression])[] }
    | { readonly op: 'not' | 'negate'; readonly of: Expression }
    | { readonly op: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
    | { readonly op: 'choose'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
    | { readonly op: 'equal' | 'different' | 'in'; readonly left: Expression; readonly right: Expression }
    | { readonly op: 'order'; readonly operator: OrderOperator; readonly left: Expression; readonly right: Expression }
    | {
        readonly op: 'arithmetic';
        readonly operator: ArithmeticOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly op: 'call'; readonly function: FunctionName; readonly args: readonly Expression[] }
    | {
        readonly op: 'macro';
        readonly macro: MacroName;
        readonly list: Expression;
        readonly variable: string;
        readonly body: Expression;
        /** Only of `map`: items that do not match are left out first. */
        readonly where?: Expression;
      }
  );

/** Expressions directly inside another one. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.op) {
    case 'literal':
    case 'name':
      return [];
    case 'field':
    case 'has':
    case 'not':
    case 'negate':
      return [expression.of];
    case 'index':
      return [expression.of, expression.index];
    case 'list':
      return expression.items;
    case 'map':
      return expression.entries.flat();
    case 'choose':
      return [expression.test, expression.yes, expression.no];
    case 'call':
      return expression.args;
    case 'macro':
      return [expression.list, ...(expression.where ? [expression.where] : []), expression.body];
    default:
      return [expression.left, expression.right];
  }
}

/** Names that an expression takes from outside, sorted. */
export function namesIn(expression: Expression): readonly string[] {
  const found = new Set<string>();
  const visit = (each: Expression, bound: ReadonlySet<string>): void => {
    if (each.op === 'name' && !bound.has(each.name)) found.add(each.name);
    if (each.op === 'macro') {
      visit(each.list, bound);
      const inner = new Set([...bound, each.variable]);
      for (const part of [each.where, each.body]) if (part) visit(part, inner);
      return;
    }
    for (const part of partsOf(each)) visit(part, bound);
  };
  visit(expression, new Set());
  return [...found].sort();
}
