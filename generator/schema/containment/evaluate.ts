import { compileSchema } from '../ajv.js';
import { matchesWithin } from '../pattern/matches-within.js';
import { mayBacktrack } from '../pattern/may-backtrack.js';
import { parsePattern } from '../pattern/parse-pattern.js';
import { BIT, type Formula, type Side, subjectOf } from './formula.js';
import { isMultiple } from './fraction.js';
import { keyOf, lengthOf, typeOf } from './json.js';

/** Whether a value satisfies a formula; undefined when that hangs on something opaque, or on itself. */
export function evaluate(formula: Formula, value: unknown): boolean | undefined {
  return new Evaluation().of(formula, value);
}

/** So many steps are taken before every part is remembered: parts that are shared again and again would be looked at in every combination. */
const PLAIN_STEPS = 400;

class Evaluation {
  private steps = 0;
  /** By value, then by formula. What is still open is unknown: that is what a schema says which asks the same of the same value again. */
  private readonly known = new Map<unknown, Map<number, boolean | undefined>>();

  of(formula: Formula, value: unknown): boolean | undefined {
    const { kind } = formula;
    const isShared = kind === 'reference' || ((kind === 'and' || kind === 'or') && this.steps > PLAIN_STEPS);
    this.steps++;
    return isShared ? this.once(formula, value) : this.ofNew(formula, value);
  }

  private once(formula: Formula, value: unknown): boolean | undefined {
    const answers = this.known.get(value) ?? new Map<number, boolean | undefined>();
    this.known.set(value, answers);
    if (answers.has(formula.id)) return answers.get(formula.id);
    answers.set(formula.id, undefined);
    const answer = this.ofNew(formula, value);
    answers.set(formula.id, answer);
    return answer;
  }

  private ofNew(formula: Formula, value: unknown): boolean | undefined {
    const subject = subjectOf(formula);
    if (subject !== undefined && subject !== typeOf(value)) return true;
    switch (formula.kind) {
      case 'true':
        return true;
      case 'false':
        return false;
      case 'and':
        return all(formula.parts, (part) => this.of(part, value));
      case 'or':
        return any(formula.parts, (part) => this.of(part, value));
      case 'type':
        return (formula.mask & BIT[typeOf(value)]) !== 0;
      case 'values':
        return formula.values.has(keyOf(value)) === formula.holds;
      case 'bound':
        return within(formula.side, value as number, formula.limit, formula.exclusive);
      case 'multiple':
        return isMultiple(value as number, formula.of) === formula.holds;
      case 'length':
        return within(formula.side, sizeOf(value), formula.count, false);
      case 'pattern':
        return is(matches(formula.source, value as string), formula.holds);
      case 'format':
        return isOfFormat(formula.name, value as string) === formula.holds;
      case 'present':
        return Object.hasOwn(value as object, formula.name) === formula.holds;
      case 'property':
        return Object.hasOwn(value as object, formula.name)
          ? this.of(formula.schema, (value as Members)[formula.name])
          : true;
      case 'each':
        return all(Object.entries(value as object), ([name, member]) => {
          const named = this.of(formula.names, name);
          return named === false ? true : or(named === undefined ? undefined : false, this.of(formula.schema, member));
        });
      case 'some':
        return any(Object.entries(value as object), ([name, member]) =>
          and(this.of(formula.names, name), this.of(formula.schema, member)),
        );
      case 'item': {
        const list = value as readonly unknown[];
        return formula.index < list.length ? this.of(formula.schema, list[formula.index]) : true;
      }
      case 'count':
        return this.countHolds(formula, value as readonly unknown[]);
      case 'unique':
        return (
          (new Set((value as readonly unknown[]).map(keyOf)).size === (value as readonly unknown[]).length) ===
          formula.holds
        );
      case 'reference':
        return this.of(formula.unfold(), value);
      case 'opaque':
        return undefined;
    }
  }

  private countHolds(formula: Formula & { kind: 'count' }, list: readonly unknown[]): boolean | undefined {
    let yes = 0;
    let open = 0;
    for (const item of list.slice(formula.from)) {
      const holds = this.of(formula.schema, item);
      if (holds === undefined) open++;
      else if (holds) yes++;
    }
    const low = within(formula.side, yes, formula.count, false);
    return low === within(formula.side, yes + open, formula.count, false) ? low : undefined;
  }
}

type Members = Readonly<Record<string, unknown>>;

function within(side: Side, value: number, limit: number, exclusive: boolean): boolean {
  if (value === limit) return !exclusive;
  return side === 'min' ? value > limit : value < limit;
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return lengthOf(value);
  return Array.isArray(value) ? value.length : Object.keys(value as object).length;
}

const is = (answer: boolean | undefined, holds: boolean): boolean | undefined =>
  answer === undefined ? undefined : answer === holds;
const and = (a: boolean | undefined, b: boolean | undefined): boolean | undefined =>
  a === false || b === false ? false : a === undefined || b === undefined ? undefined : true;
const or = (a: boolean | undefined, b: boolean | undefined): boolean | undefined =>
  a === true || b === true ? true : a === undefined || b === undefined ? undefined : false;

function all<T>(items: readonly T[], test: (item: T) => boolean | undefined): boolean | undefined {
  let result: boolean | undefined = true;
  for (const item of items) {
    result = and(result, test(item));
    if (result === false) return false;
  }
  return result;
}

function any<T>(items: readonly T[], test: (item: T) => boolean | undefined): boolean | undefined {
  let result: boolean | undefined = false;
  for (const item of items) {
    result = or(result, test(item));
    if (result === true) return true;
  }
  return result;
}

const expressions = new Map<string, RegExp>();

/** As validators match: anywhere in the text, by code points. The source compiles. Undefined when the engine might take for ever. */
export function matches(source: string, text: string): boolean | undefined {
  if (mayBacktrack(source) && parsePattern(source)) return matchesWithin(source, text);
  let expression = expressions.get(source);
  if (!expression) {
    expression = new RegExp(source, 'u');
    expressions.set(source, expression);
  }
  return expression.test(text);
}

const formats = new Map<string, (text: string) => boolean>();

/** As validators check it. */
export function isOfFormat(name: string, text: string): boolean {
  let check = formats.get(name);
  if (!check) {
    const compiled = compileSchema({ format: name }, { allErrors: false });
    check = (each) => compiled(each).length === 0;
    formats.set(name, check);
  }
  return check(text);
}
