import { randomStream } from '../random.js';
import type { Formula } from './formula.js';
import { Formulas } from './formulas.js';
import { Search } from './prove/search.js';
import type { Reading } from './reading.js';
import { dialectOf, type Judge, judgeOf } from './refute/judge.js';
import { confirmed, type Opponents } from './refute/opponents.js';
import { sample, vocabularyOf } from './refute/sample.js';
import { AS_VALIDATED, type ReadSchema, readSchema } from './sources.js';
import type { ContainsOptions, SchemaSource, Verdict } from './verdict.js';

/** Decides containment and remembers what it has read and decided. */
export interface Containment {
  decide(reader: SchemaSource, writer: SchemaSource, options: ContainsOptions): Verdict;
}

const STEPS_MAX = 300_000;
/** Beyond so many formulas the memory is given up and begun anew. */
const FORMULAS_MAX = 400_000;

export function createContainment(): Containment {
  let memory = new Memory();
  return {
    decide(reader, writer, options) {
      if (memory.formulas.size > FORMULAS_MAX) memory = new Memory();
      try {
        return memory.decide(reader, writer, options);
      } catch (error) {
        // Schemas nested deeper than the stack; contracts are untrusted input.
        if (!(error instanceof RangeError)) throw error;
        return { verdict: 'unknown', why: 'the schemas are nested too deeply' };
      }
    },
  };
}

class Memory {
  readonly formulas = new Formulas();
  private readonly search = new Search(this.formulas);
  private readonly sources = new WeakMap<object, Map<string, ReadSource>>();
  private readonly verdicts = new Map<string, Verdict>();

  decide(readerSource: SchemaSource, writerSource: SchemaSource, options: ContainsOptions): Verdict {
    const [reader, writer] = [this.source(readerSource), this.source(writerSource)];
    const { content = 'strict', stepsMax = STEPS_MAX } = options;
    const goals = this.goals(reader, writer, content === 'tolerant');
    if (goals.every(({ kind }) => kind === 'false')) return { verdict: 'compatible' };
    const key = `${reader.dialect} ${writer.dialect} ${stepsMax} ${goals.map(({ id }) => id).join(' ')}`;
    const known = this.verdicts.get(key);
    if (known && known.verdict !== 'incompatible') return known;
    const opponents: Opponents = {
      reader: reader.judge,
      writer: writer.judge,
      restriction: content === 'tolerant' ? writer.read(AS_VALIDATED).closing() : this.formulas.true,
    };
    // Schemas that mean the same may be written differently: where a value is refused is looked up in this one.
    const again = known && confirmed(opponents, known.counterexample);
    if (again) return again;
    const read = [reader, writer].map((each) => each.read(AS_VALIDATED));
    const written: Written = {
      formula: writer.read(AS_VALIDATED).formula,
      isDelicate: read.some((each) => each.isDelicate),
    };
    const verdict = this.settle(goals, written, opponents, stepsMax, options.onSteps);
    this.verdicts.set(key, verdict);
    return verdict;
  }

  /** What a counterexample satisfies, by each way of reading the two schemas. */
  private goals(reader: ReadSource, writer: ReadSource, closed: boolean): readonly Formula[] {
    const base = [reader.read(AS_VALIDATED), writer.read(AS_VALIDATED)];
    const ambiguous = new Set(base.flatMap((each) => [...each.ambiguous]));
    let readings: Reading[] = [AS_VALIDATED];
    if (ambiguous.has('items')) readings = readings.flatMap((each) => [each, { ...each, items: 'exact' }]);
    if (ambiguous.has('siblings')) readings = readings.flatMap((each) => [each, { ...each, siblings: 'ignored' }]);
    const goals = readings.map((reading) => {
      const sent = writer.read(reading);
      const { formulas } = this;
      const written = closed ? formulas.and([sent.formula, sent.closing()]) : sent.formula;
      const read = reader.read(reading).formula;
      return read.id === sent.formula.id ? formulas.false : formulas.and([written, formulas.not(read)]);
    });
    return [...new Map(goals.map((goal) => [goal.id, goal])).values()];
  }

  private settle(
    goals: readonly Formula[],
    written: Written,
    opponents: Opponents,
    stepsMax: number,
    onSteps: ContainsOptions['onSteps'],
  ): Verdict {
    let found: Verdict | undefined;
    let doubt: string | undefined;
    let steps = 0;
    for (const goal of goals) {
      const outcome = this.search.enumerate(
        goal,
        (value) => {
          found = confirmed(opponents, value);
          return found !== undefined;
        },
        stepsMax,
      );
      steps += outcome.steps;
      if (found) break;
      if (outcome.kind === 'unknown') doubt ??= outcome.why;
    }
    onSteps?.(steps);
    found ??= this.furtherDoubts(goals, written, opponents, doubt !== undefined);
    if (found) return found;
    if (doubt === undefined) return { verdict: 'compatible' };
    const isJudged = opponents.reader.canJudge() && opponents.writer.canJudge();
    return {
      verdict: 'unknown',
      why: isJudged ? doubt : 'Ajv cannot compile one of the schemas, so that no counterexample counts',
    };
  }

  /** Validators have the last word: about the few values that a writer names, and where they are known to differ from the specification. */
  private furtherDoubts(
    goals: readonly Formula[],
    written: Written,
    opponents: Opponents,
    isOpen: boolean,
  ): Verdict | undefined {
    const named = valuesOf(written.formula);
    const found = firstOf(named, (value) => confirmed(opponents, value));
    if (found || (named.length > 0 && !isOpen) || !(isOpen || written.isDelicate)) return found;
    const random = randomStream(1);
    const sources = [written.formula, ...goals];
    const vocabulary = vocabularyOf(sources);
    for (let count = 0; count < SAMPLES; count++) {
      const from = sources[count % sources.length] ?? written.formula;
      const verdict = confirmed(opponents, sample(from, random, vocabulary));
      if (verdict) return verdict;
    }
    return undefined;
  }

  private source(source: SchemaSource): ReadSource {
    const dialect = dialectOf(source);
    const holder = source.place?.documents ?? source.schema;
    const key = `${dialect} ${source.place ? `${source.place.ref.file}#${source.place.ref.pointer}` : ''}`;
    if (typeof holder !== 'object' || holder === null) return new ReadSource(this.formulas, source);
    const known = this.sources.get(holder) ?? new Map<string, ReadSource>();
    this.sources.set(holder, known);
    const read = known.get(key) ?? new ReadSource(this.formulas, source);
    known.set(key, read);
    return read;
  }
}

/** A source and what has been made of it. */
class ReadSource {
  readonly judge: Judge;
  readonly dialect: string;
  private readonly formulas: Formulas;
  private readonly source: SchemaSource;
  private readonly readings = new Map<string, ReadSchema>();

  constructor(formulas: Formulas, source: SchemaSource) {
    this.formulas = formulas;
    this.source = source;
    this.dialect = dialectOf(source);
    this.judge = judgeOf(source, dialectOf(source));
  }

  read(reading: Reading): ReadSchema {
    const key = `${reading.siblings} ${reading.items}`;
    const known = this.readings.get(key);
    if (known) return known;
    const read = readSchema(this.formulas, this.source, reading);
    this.readings.set(key, read);
    return read;
  }
}

/** What the writer sends. */
interface Written {
  readonly formula: Formula;
  /** Validators are known to misjudge some schemas of this kind, so that a proof does not bind them. */
  readonly isDelicate: boolean;
}

/** Samples beyond what the search has shown. */
const SAMPLES = 300;

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
