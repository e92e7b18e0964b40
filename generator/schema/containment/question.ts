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

const DISPUTED = 'Ajv takes a value for good or for bad depending on its settings';

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
    const hints = this.hints(isTolerant);
    if ([...goals, ...hints].every(({ kind }) => kind === 'false')) return { verdict: 'compatible' };
    const opponents: Opponents = {
      reader: impatient(this.reader.judge),
      writer: impatient(this.writer.judge),
      restriction: isTolerant ? this.asRead('writer', AS_VALIDATED).closing() : this.formulas.true,
    };
    const search = new Search(this.formulas);
    const trial = new Trial(opponents);
    let doubt: string | undefined;
    let steps = 0;
    for (const goal of [...goals, ...hints]) {
      const outcome = search.enumerate(goal, (value) => trial.isOver(value), stepsMax);
      steps += outcome.steps;
      if (trial.verdict) break;
      // Nobody claims that a hint is right.
      if (outcome.kind === 'unknown' && goals.includes(goal)) doubt ??= outcome.why;
    }
    onSteps?.(steps);
    const isJudged = opponents.reader.canJudge() && opponents.writer.canJudge();
    if (!trial.verdict && isJudged) this.furtherDoubts([...goals, ...hints], trial, doubt !== undefined);
    if (trial.verdict) return trial.verdict;
    if (trial.isDisputed) doubt ??= DISPUTED;
    if (doubt === undefined) return { verdict: 'compatible' };
    return { verdict: 'unknown', why: isJudged ? doubt : NOT_JUDGED };
  }

  /** What a counterexample satisfies, by each way of reading the two schemas. */
  private goals(closed: boolean): readonly Formula[] {
    const ambiguous = this.ambiguous();
    let readings: readonly Reading[] = [AS_VALIDATED];
    if (ambiguous.has('items')) readings = readings.flatMap((each) => [each, { ...each, items: 'exact' }]);
    if (ambiguous.has('siblings')) readings = readings.flatMap((each) => [each, { ...each, siblings: 'ignored' }]);
    return this.goalsOf(readings, closed);
  }

  /** Where validators make mistakes, such a value may be one that they take for a counterexample. */
  private hints(closed: boolean): readonly Formula[] {
    const ambiguous = this.ambiguous();
    const readings: Reading[] = [];
    if (ambiguous.has('properties')) readings.push({ ...AS_VALIDATED, properties: 'generous' });
    if (ambiguous.has('contains')) readings.push({ ...AS_VALIDATED, contains: 'after-tuple' });
    return this.goalsOf(readings, closed);
  }

  private ambiguous(): ReadonlySet<keyof Reading> {
    const base = (['reader', 'writer'] as const).map((side) => this.asRead(side, AS_VALIDATED));
    return new Set(base.flatMap((each) => [...each.ambiguous]));
  }

  private goalsOf(readings: readonly Reading[], closed: boolean): readonly Formula[] {
    const { formulas } = this;
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
  private furtherDoubts(goals: readonly Formula[], trial: Trial, isOpen: boolean): void {
    const { formula } = this.asRead('writer', AS_VALIDATED);
    const named = valuesOf(formula);
    if (named.some((value) => trial.isOver(value))) return;
    const isDelicate = [...this.read.values()].some((each) => each.isDelicate);
    if ((named.length > 0 && !isOpen) || !(isOpen || isDelicate)) return;
    const sources = [formula, ...goals];
    const sampler = new Sampler(randomStream(1), vocabularyOf(sources));
    for (let count = 0; count < SAMPLES; count++)
      if (trial.isOver(sampler.of(sources[count % sources.length] ?? formula))) return;
  }
}

/** Values brought before both judges, until one of them proves something. */
class Trial {
  verdict: Verdict | undefined;
  isDisputed = false;

  constructor(private readonly opponents: Opponents) {}

  isOver(value: unknown): boolean {
    const judged = confirmed(this.opponents, value);
    if (judged === 'disputed') this.isDisputed = true;
    else this.verdict = judged;
    return this.verdict !== undefined;
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
