import { randomStream } from '../random.js';
import type { Formula } from './formula.js';
import { Formulas } from './formulas.js';
import type { KnownSource, ReadSchema } from './known-source.js';
import { Search } from './prove/search.js';
import { AS_VALIDATED, type Reading } from './reading.js';
import { impatient } from './refute/impatient.js';
import { confirmed, type Opponents } from './refute/opponents.js';
import { Sampler, vocabularyOf } from './refute/sample.js';
import type { ContainsOptions, Verdict } from './verdict.js';

/** Samples beyond what the search has shown. */
const SAMPLES = 300;

const NOT_JUDGED = 'Ajv cannot compile or run one of the schemas, so that no counterexample counts';

/** One question about two schemas, with formulas of its own: what was asked before would lead the search another way. */
export class Question {
  private readonly formulas = new Formulas();
  private readonly reader: KnownSource;
  private readonly writer: KnownSource;
  private readonly read = new Map<string, ReadSchema>();

  constructor(reader: KnownSource, writer: KnownSource) {
    this.reader = reader;
    this.writer = writer;
  }

  answer({ content, stepsMax, onSteps }: ContainsOptions & { readonly stepsMax: number }): Verdict {
    const isTolerant = content === 'tolerant';
    const goals = this.goals(isTolerant);
    if (goals.every(({ kind }) => kind === 'false')) return { verdict: 'compatible' };
    const opponents: Opponents = {
      reader: impatient(this.reader.judge),
      writer: impatient(this.writer.judge),
      restriction: isTolerant ? this.asRead('writer', AS_VALIDATED).closing() : this.formulas.true,
    };
    const search = new Search(this.formulas);
    let found: Verdict | undefined;
    let doubt: string | undefined;
    let steps = 0;
    const isFound = (value: unknown): boolean => {
      found = confirmed(opponents, value);
      return found !== undefined;
    };
    for (const goal of goals) {
      const outcome = search.enumerate(goal, isFound, stepsMax);
      steps += outcome.steps;
      if (found) break;
      if (outcome.kind === 'unknown') doubt ??= outcome.why;
    }
    onSteps?.(steps);
    const isJudged = opponents.reader.canJudge() && opponents.writer.canJudge();
    if (isJudged) found ??= this.furtherDoubts(goals, opponents, doubt !== undefined);
    if (found) return found;
    if (doubt === undefined) return { verdict: 'compatible' };
    return { verdict: 'unknown', why: isJudged ? doubt : NOT_JUDGED };
  }

  /** What a counterexample satisfies, by each way of reading the two schemas. */
  private goals(closed: boolean): readonly Formula[] {
    const { formulas } = this;
    const base = (['reader', 'writer'] as const).map((side) => this.asRead(side, AS_VALIDATED));
    const ambiguous = new Set(base.flatMap((each) => [...each.ambiguous]));
    let readings: readonly Reading[] = [AS_VALIDATED];
    if (ambiguous.has('items')) readings = readings.flatMap((each) => [each, { ...each, items: 'exact' }]);
    if (ambiguous.has('siblings')) readings = readings.flatMap((each) => [each, { ...each, siblings: 'ignored' }]);
    const goals = readings.map((reading) => {
      const sent = this.asRead('writer', reading);
      const written = closed ? formulas.and([sent.formula, sent.closing()]) : sent.formula;
      const read = this.asRead('reader', reading).formula;
      return read.id === sent.formula.id ? formulas.false : formulas.and([written, formulas.not(read)]);
    });
    return [...new Map(goals.map((goal) => [goal.id, goal])).values()];
  }

  private asRead(side: 'reader' | 'writer', reading: Reading): ReadSchema {
    const key = [side, ...Object.values(reading)].join(' ');
    const known = this.read.get(key) ?? this[side].read(this.formulas, reading);
    this.read.set(key, known);
    return known;
  }

  /** Validators have the last word: about the few values that a writer names, and where they are known to differ from the specification. */
  private furtherDoubts(goals: readonly Formula[], opponents: Opponents, isOpen: boolean): Verdict | undefined {
    const { formula } = this.asRead('writer', AS_VALIDATED);
    const named = valuesOf(formula);
    const found = firstOf(named, (value) => confirmed(opponents, value));
    const isDelicate = [...this.read.values()].some((each) => each.isDelicate);
    if (found || (named.length > 0 && !isOpen) || !(isOpen || isDelicate)) return found;
    const sources = [formula, ...goals];
    const sampler = new Sampler(randomStream(1), vocabularyOf(sources));
    for (let count = 0; count < SAMPLES; count++) {
      const from = sources[count % sources.length] ?? formula;
      const verdict = confirmed(opponents, sampler.of(from));
      if (verdict) return verdict;
    }
    return undefined;
  }
}

const VALUES_MAX = 100;

/** The values of a schema that names them. */
function valuesOf(formula: Formula): readonly unknown[] {
  if (formula.kind === 'or' && formula.parts.length <= VALUES_MAX) {
    const each = formula.parts.map(valuesOf);
    return each.every((values) => values.length > 0) ? each.flat() : [];
  }
  for (const part of formula.kind === 'and' ? formula.parts : [formula])
    if (part.kind === 'values' && part.holds && part.values.size <= VALUES_MAX) return [...part.values.values()];
  return [];
}

function firstOf<T, R>(items: Iterable<T>, find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
