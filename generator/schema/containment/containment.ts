import { KnownSource } from './known-source.js';
import { Question } from './question.js';
import { dialectOf } from './refute/judge.js';
import type { ContainsOptions, SchemaSource, Verdict } from './verdict.js';

type Asked = ContainsOptions & { readonly stepsMax: number };

/** Decides containment. Remembers what it has read and decided; what it answers depends on the two schemas alone. */
export interface Containment {
  decide(reader: SchemaSource, writer: SchemaSource, options: ContainsOptions): Verdict;
}

const STEPS_MAX = 300_000;

export function createContainment(): Containment {
  const known = new WeakMap<object, Map<string, KnownSource>>();
  const sourceOf = (source: SchemaSource): KnownSource => {
    const holder = source.place?.documents ?? source.schema;
    if (typeof holder !== 'object' || holder === null) return new KnownSource(source);
    const ofHolder = known.get(holder) ?? new Map<string, KnownSource>();
    known.set(holder, ofHolder);
    const key = `${dialectOf(source)} ${source.place ? `${source.place.ref.file}#${source.place.ref.pointer}` : ''}`;
    const made = ofHolder.get(key) ?? new KnownSource(source);
    ofHolder.set(key, made);
    return made;
  };
  return {
    decide(readerSource, writerSource, { content = 'strict', stepsMax = STEPS_MAX, onSteps }) {
      const [reader, writer] = [sourceOf(readerSource), sourceOf(writerSource)];
      const verdicts = reader.verdictsAbout(writer);
      const key = `${content} ${stepsMax}`;
      const verdict = verdicts.get(key) ?? decided(reader, writer, { content, stepsMax, ...(onSteps && { onSteps }) });
      verdicts.set(key, verdict);
      return verdict;
    },
  };
}

function decided(reader: KnownSource, writer: KnownSource, options: Asked): Verdict {
  try {
    return new Question(reader, writer).answer(options);
  } catch (error) {
    // Schemas nested deeper than the stack; contracts are untrusted input.
    if (!(error instanceof RangeError)) throw error;
    return { verdict: 'unknown', why: 'the schemas are nested too deeply' };
  }
}
