import type { Expression } from './expression-tree.js';

export interface EmitOptions {
  /** TypeScript for a name of the expression: an expression, or a variable and the path of steps from it. */
  variable(name: string): string | { readonly root: string; readonly path: readonly string[] };
}

/**
 * A boolean expression as TypeScript text that is true exactly when CEL says true; where CEL fails (a field of null, a missing field) it is false.
 *
 * Failure has to be kept apart from false inside (`!previous.isActive` fails when there is no previous state, it does not hold), therefore every
 * part can be asked two questions, "is it true" and "is it false", and a failed part answers no to both. Values that failed are `undefined`.
 * The text calls `at` and `cel` of `seamwright/runtime` and compiles whatever the types of the variables are.
 */
export function emitPredicate(expression: Expression, options: EmitOptions): string {
  return new Emission(options).isTrue(expression);
}

class Emission {
  private readonly options: EmitOptions;
  /** Variables of the macros around the current place. */
  private readonly bound: ReadonlySet<string>;

  constructor(options: EmitOptions, bound: ReadonlySet<string> = new Set()) {
    this.options = options;
    this.bound = bound;
  }

  isTrue(each: Expression): string {
    switch (each.op) {
      case 'literal':
        return String(each.value === true);
      case 'not':
        return this.isFalse(each.of);
      case 'and':
        return this.join(each, '&&', true);
      case 'or':
        return this.join(each, '||', true);
      case 'choose':
        return `(${this.isTrue(each.test)} ? ${this.isTrue(each.yes)} : ${this.join({ left: each.test, right: each.no }, '&&', [false, true])})`;
      case 'equal':
        return this.same(each);
      case 'different':
        return this.differs(each);
      case 'order':
        return `${this.compare(each)} ${each.operator} 0`;
      case 'has':
        return `${this.path(each.of, [each.name])} !== undefined`;
      case 'macro':
        if (each.macro === 'all') return this.overItems('every', each, (inner) => inner.isTrue(each.body));
        if (each.macro === 'exists') return this.overItems('some', each, (inner) => inner.isTrue(each.body));
        return `${this.value(each)} === true`;
      default:
        return `${this.value(each)} === true`;
    }
  }

  isFalse(each: Expression): string {
    switch (each.op) {
      case 'literal':
        return String(each.value === false);
      case 'not':
        return this.isTrue(each.of);
      case 'and':
        return this.join(each, '||', false);
      case 'or':
        return this.join(each, '&&', false);
      case 'choose':
        return `(${this.isTrue(each.test)} ? ${this.isFalse(each.yes)} : ${this.join({ left: each.test, right: each.no }, '&&', [false, false])})`;
      case 'equal':
        return this.differs(each);
      case 'different':
        return this.same(each);
      case 'order':
        return `${this.compare(each)} ${{ '<': '>=', '<=': '>', '>': '<=', '>=': '<' }[each.operator]} 0`;
      case 'has': {
        const missing = `${this.path(each.of, [each.name])} === undefined`;
        return each.of.op === 'name' ? missing : `(${this.value(each.of)} !== undefined && ${missing})`;
      }
      case 'macro':
        if (each.macro === 'all') return this.overItems('some', each, (inner) => inner.isFalse(each.body));
        if (each.macro === 'exists') return this.overItems('every', each, (inner) => inner.isFalse(each.body));
        return `${this.value(each)} === false`;
      default:
        return `${this.value(each)} === false`;
    }
  }

  value(each: Expression): string {
    switch (each.op) {
      case 'literal':
        return quote(each.value);
      case 'name':
      case 'field':
        return this.path(each, []);
      case 'index':
        return each.index.op === 'literal' && typeof each.index.value === 'string'
          ? this.path(each.of, [each.index.value])
          : `cel.item(${this.value(each.of)}, ${this.value(each.index)})`;
      case 'list':
        return `cel.list([${each.items.map((item) => this.value(item)).join(', ')}])`;
      case 'map':
        return `cel.map([${each.entries.map(([key, value]) => `[${this.value(key)}, ${this.value(value)}]`).join(', ')}])`;
      case 'negate':
        return `cel.negate(${this.value(each.of)})`;
      case 'choose':
        return `(${this.isTrue(each.test)} ? ${this.value(each.yes)} : ${this.isFalse(each.test)} ? ${this.value(each.no)} : undefined)`;
      case 'in':
        return `cel.isIn(${this.value(each.left)}, ${this.value(each.right)})`;
      case 'arithmetic':
        return `cel.${ARITHMETIC[each.operator]}(${this.value(each.left)}, ${this.value(each.right)})`;
      case 'call':
        return `cel.${each.function}(${each.args.map((arg) => this.value(arg)).join(', ')})`;
      case 'macro':
        return this.macroValue(each);
      default:
        return `(${this.isTrue(each)} ? true : ${this.isFalse(each)} ? false : undefined)`;
    }
  }

  /** Two questions joined; `asked` says which one is put to the sides. An alternative inside a conjunction needs brackets. */
  private join(
    { left, right }: { readonly left: Expression; readonly right: Expression },
    operator: '&&' | '||',
    asked: boolean | readonly [boolean, boolean],
  ): string {
    const [first, second] = typeof asked === 'boolean' ? [asked, asked] : asked;
    const side = (each: Expression, wanted: boolean) => {
      const text = wanted ? this.isTrue(each) : this.isFalse(each);
      return operator === '&&' && joiner(each, wanted) === '||' ? `(${text})` : text;
    };
    return `${side(left, first)} ${operator} ${side(right, second)}`;
  }

  private macroValue(each: Extract<Expression, { op: 'macro' }>): string {
    if (each.macro === 'exists_one') return this.overItems('one', each, (inner) => inner.value(each.body));
    if (each.macro === 'filter') return this.overItems('filter', each, (inner) => inner.value(each.body));
    if (each.macro === 'map') {
      const where = each.where;
      const list = where ? { ...each, list: { ...each, macro: 'filter', body: where } as Expression } : each;
      return this.overItems('transform', list, (inner) => inner.value(each.body));
    }
    return `(${this.isTrue(each)} ? true : ${this.isFalse(each)} ? false : undefined)`;
  }

  private overItems(
    name: string,
    each: Extract<Expression, { op: 'macro' }>,
    body: (inner: Emission) => string,
  ): string {
    const inner = new Emission(this.options, new Set([...this.bound, each.variable]));
    return `cel.${name}(${this.value(each.list)}, ($${each.variable}) => ${body(inner)})`;
  }

  /** A chain of fields in one call, however long. */
  private path(of: Expression, steps: readonly string[]): string {
    if (of.op === 'field') return this.path(of.of, [of.name, ...steps]);
    if (of.op === 'index' && of.index.op === 'literal' && typeof of.index.value === 'string')
      return this.path(of.of, [of.index.value, ...steps]);
    const root = of.op === 'name' ? this.root(of.name) : { root: this.value(of), path: [] };
    const path = [...root.path, ...steps];
    return path.length === 0 ? root.root : `at(${[root.root, ...path.map(quote)].join(', ')})`;
  }

  private root(name: string): { readonly root: string; readonly path: readonly string[] } {
    if (this.bound.has(name)) return { root: `$${name}`, path: [] };
    const given = this.options.variable(name);
    return typeof given === 'string' ? { root: given, path: [] } : given;
  }

  private same({ left, right }: { readonly left: Expression; readonly right: Expression }): string {
    if (right.op === 'literal' && left.op !== 'literal') return `${this.value(left)} === ${quote(right.value)}`;
    if (left.op === 'literal' && right.op !== 'literal') return `${this.value(right)} === ${quote(left.value)}`;
    return `cel.same(${this.value(left)}, ${this.value(right)})`;
  }

  private differs({ left, right }: { readonly left: Expression; readonly right: Expression }): string {
    return `cel.differs(${this.value(left)}, ${this.value(right)})`;
  }

  private compare({ left, right }: { readonly left: Expression; readonly right: Expression }): string {
    return `cel.compare(${this.value(left)}, ${this.value(right)})`;
  }
}

const ARITHMETIC = { '+': 'plus', '-': 'minus', '*': 'times', '/': 'divide', '%': 'remainder' } as const;

/** The operator at the top of the text for "is it true" (`wanted`) or "is it false". */
function joiner(each: Expression, wanted: boolean): '&&' | '||' | undefined {
  if (each.op === 'not') return joiner(each.of, !wanted);
  if (each.op === 'and') return wanted ? '&&' : '||';
  if (each.op === 'or') return wanted ? '||' : '&&';
  return undefined;
}

/** A literal that is safe inside any file, whatever the contract wrote into it. */
function quote(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const body = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${body.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029').replaceAll('</', '<\\/')}'`;
}
