import { isDeepStrictEqual } from 'node:util';
import { createContainment } from '../../../generator/schema/containment/containment.js';
import { contains, type Verdict } from '../../../generator/schema/contains.js';
import { type RandomStream, randomStream } from '../../../generator/schema/random.js';
import { mutate } from './mutate.js';
import { type Oracle, oracleOf } from './oracle.js';
import { resolve } from './places.js';
import { DIALECTS, type FuzzDialect, randomSchema, type Schema, VALUES } from './random-schema.js';
import { nudge, randomValue } from './random-value.js';
import { rewrite } from './rewrite.js';

/** Schemas derived from one another, so that most pairs overlap; all ordered pairs of them are asked about. */
export interface Group {
  readonly seed: number;
  readonly dialect: FuzzDialect;
  /** The first is random, the others edits of it or of each other, the last the first in other words. */
  readonly schemas: readonly Schema[];
}

export interface Counts {
  pairs: number;
  compatible: number;
  incompatible: number;
  unknown: number;
  /** Chains of two proofs, and how many of them whose ends are proven as well. */
  chains: number;
  chainsProven: number;
  rewrites: number;
  /** Rewrites that the engine did not have to search for. */
  rewritesSilent: number;
  /** Reasons of `unknown`, as often as they were given. */
  readonly why: Map<string, number>;
}

/** Something that must not happen, with all that is needed to see it again. */
export interface Fault {
  readonly kind: 'unsound' | 'unconfirmed' | 'not transitive' | 'rewrite not seen' | 'not the same twice' | 'thrown';
  readonly seed: number;
  readonly dialect: FuzzDialect;
  readonly writer: Schema;
  readonly reader: Schema;
  readonly detail: unknown;
}

export function noCounts(): Counts {
  return {
    ...{ pairs: 0, compatible: 0, incompatible: 0, unknown: 0 },
    ...{ chains: 0, chainsProven: 0, rewrites: 0, rewritesSilent: 0 },
    why: new Map(),
  };
}

export function randomGroup(seed: number): Group {
  const random = randomStream(seed);
  const dialect = random.pick(DIALECTS) ?? 'draft-07';
  const first = randomSchema(random, dialect);
  const second = mutate(random, first, dialect);
  const third = mutate(random, random.chance(0.5) ? first : second, dialect);
  const fourth = random.chance(0.8) ? mutate(random, third, dialect) : randomSchema(random, dialect);
  return { seed, dialect, schemas: [first, second, third, fourth, rewrite(random, first, dialect)] };
}

/** Asks the engine about every pair of a group and looks for what contradicts it. */
export function judge(group: Group, counts: Counts): readonly Fault[] {
  const { seed, dialect, schemas } = group;
  const faults: Fault[] = [];
  const fault = (kind: Fault['kind'], writer: number, reader: number, detail: unknown) =>
    faults.push({ kind, seed, dialect, writer: schemas[writer] ?? true, reader: schemas[reader] ?? true, detail });
  const oracles = schemas.map((schema) => oracleOf(schema, dialect));
  const indexes = [...schemas.keys()];
  const last = schemas.length - 1;
  const random = randomStream(seed + 1);
  const verdicts = new Map<string, Verdict>();
  const at = (writer: number, reader: number) => verdicts.get(`${writer} ${reader}`);

  for (const writer of indexes)
    for (const reader of indexes) {
      if (writer === reader) continue;
      counts.pairs++;
      let steps = 0;
      const sources = { reader: { schema: schemas[reader], dialect }, writer: { schema: schemas[writer], dialect } };
      try {
        const verdict = contains(sources.reader, sources.writer, { onSteps: (taken) => (steps = taken) });
        verdicts.set(`${writer} ${reader}`, verdict);
        counts[verdict.verdict]++;
        if (verdict.verdict === 'unknown') counts.why.set(verdict.why, (counts.why.get(verdict.why) ?? 0) + 1);
        if (random.chance(0.05)) {
          // What was asked before makes no difference.
          const again = createContainment().decide(
            structuredClone(sources.reader),
            structuredClone(sources.writer),
            {},
          );
          if (!isDeepStrictEqual(again, verdict)) fault('not the same twice', writer, reader, { verdict, again });
        }
      } catch (error) {
        fault('thrown', writer, reader, String(error));
      }
      if (writer + reader !== last || (writer !== 0 && reader !== 0)) continue;
      counts.rewrites++;
      if (steps === 0) counts.rewritesSilent++;
      if (at(writer, reader)?.verdict !== 'compatible') fault('rewrite not seen', writer, reader, at(writer, reader));
    }

  const values = valuesFor(group, random, [...verdicts.values()]);
  const accepted = oracles.map((oracle) => values.map((value) => oracle.asMeant(value)));
  for (const writer of indexes)
    for (const reader of indexes) {
      const verdict = at(writer, reader);
      if (verdict?.verdict === 'incompatible') {
        const problem = disproved(verdict, oracles[writer], oracles[reader], schemas[reader]);
        if (problem !== undefined) fault('unconfirmed', writer, reader, problem);
      }
      if (verdict?.verdict !== 'compatible') continue;
      const index = values.findIndex(
        (_, each) => accepted[writer]?.[each] === true && accepted[reader]?.[each] === false,
      );
      if (index >= 0) fault('unsound', writer, reader, values[index]);
      for (const end of indexes) {
        if (end === writer || at(reader, end)?.verdict !== 'compatible') continue;
        counts.chains++;
        if (at(writer, end)?.verdict === 'compatible') counts.chainsProven++;
        if (at(writer, end)?.verdict === 'incompatible') fault('not transitive', writer, end, schemas[reader]);
      }
    }
  return faults;
}

/** What is wrong with a counterexample: it must be valid under the writer's schema and not under the reader's, at the place that is named. */
function disproved(
  { counterexample, where }: Verdict & { verdict: 'incompatible' },
  writer: Oracle | undefined,
  reader: Oracle | undefined,
  schema: Schema | undefined,
): unknown {
  const value: unknown = JSON.parse(JSON.stringify(counterexample));
  if (writer?.asWritten(value) !== true || reader?.asWritten(value) !== false) return value;
  // A pointer counts from the last reference on the way, so only those that cross none are followed.
  const pointer = where.schema.replace(/\/false schema$/, '');
  const isOwn = !JSON.stringify(schema).includes('"$ref"');
  return isOwn && resolve(schema ?? true, pointer) === undefined ? where : undefined;
}

const SAMPLES = 14;

/** Values near the edges of all schemas of a group: guessed from each, nudged, the engine's own counterexamples, and the usual few. */
function valuesFor({ schemas }: Group, random: RandomStream, verdicts: readonly Verdict[]): readonly unknown[] {
  const guessed = schemas.flatMap((schema) => Array.from({ length: SAMPLES }, () => randomValue(random, schema)));
  const found = verdicts.flatMap((verdict) => (verdict.verdict === 'incompatible' ? [verdict.counterexample] : []));
  const values = [...guessed, ...found, ...VALUES];
  const nudged = [...guessed, ...found].map((value) => nudge(random, value));
  const all = [...values, ...nudged].filter((value) => value !== undefined);
  return [...new Map(all.map((value) => [JSON.stringify(value), value])).values()];
}
