import { type Check, compileSchema, type SchemaError } from '../../schema/ajv.js';
import type { Refusal, SchemaSource, Verdict } from '../../schema/contains.js';
import type { Difference } from './difference.js';
import type { MergedGraph } from './merged-graph.js';
import { undone } from './undone.js';

/** Asks whether a reader accepts everything that a writer sends. */
export type Ask = (reader: SchemaSource, writer: SchemaSource) => Verdict;

/** A value that the writer may send and the reader refuses, and the difference that alone explains it; without one, the schema as a whole. */
export interface Break {
  readonly difference?: Difference;
  readonly value: unknown;
  readonly refusal: Refusal;
}

export interface Breaks {
  readonly breaks: readonly Break[];
  /** Set when it could not be proven that these are all. */
  readonly unproven?: string;
}

export interface Direction {
  readonly reader: 'before' | 'after';
  readonly readerSource: SchemaSource;
  readonly writerSource: SchemaSource;
}

/**
 * Finds every difference that makes the reader refuse what the writer sends, one counterexample each. The difference that explains a counterexample is
 * undone and the question asked again, until the answer is that nothing is refused any more: what was not undone by then is harmless, proven. Two
 * questions per break, and one.
 */
export function breaksOf(
  graph: MergedGraph,
  differences: readonly Difference[],
  direction: Direction,
  ask: Ask,
): Breaks {
  const { reader, readerSource, writerSource } = direction;
  const breaks: Break[] = [];
  const reverted = differences.filter((difference) => difference.expected === true);
  let verdict = ask(readerSource, writerSource);
  if (verdict.verdict === 'incompatible' && reverted.length > 0)
    verdict = ask({ schema: undone(graph, reader, reverted) }, writerSource);
  const original =
    verdict.verdict === 'incompatible' ? compileSchema(undone(graph, reader, []), { dialect: '2020-12' }) : undefined;
  while (verdict.verdict === 'incompatible' && original) {
    const { counterexample, where } = verdict;
    // Undoing one change may make another bite that did not: such a value says nothing about the schemas as they are.
    if (original(counterexample).length === 0) break;
    const difference = culprit(graph, reader, differences, reverted, verdict.counterexample);
    breaks.push({ ...(difference && { difference }), value: counterexample, refusal: where });
    if (!difference) break;
    reverted.push(difference);
    verdict = ask({ schema: undone(graph, reader, reverted) }, writerSource);
  }
  const alone = breaks.map((each) => (breaks.length > 1 ? isolated(graph, breaks, direction, each, ask) : each));
  return { breaks: alone, ...(verdict.verdict === 'unknown' && { unproven: verdict.why }) };
}

/** The same break with a value that is refused for this one difference only; the value that was found first may break several. */
function isolated(
  graph: MergedGraph,
  breaks: readonly Break[],
  { reader, readerSource }: Direction,
  found: Break,
  ask: Ask,
): Break {
  if (found.difference === undefined) return found;
  const writer = reader === 'before' ? 'after' : 'before';
  const others = breaks.flatMap(({ difference }) =>
    difference && difference !== found.difference ? [difference] : [],
  );
  const verdict = ask(readerSource, { schema: undone(graph, writer, others) });
  if (verdict.verdict !== 'incompatible') return found;
  const mayBeSent =
    compileSchema(undone(graph, writer, []), { dialect: '2020-12' })(verdict.counterexample).length === 0;
  return mayBeSent ? { ...found, value: verdict.counterexample, refusal: verdict.where } : found;
}

/** The difference without which the value would be accepted, or at least no longer be refused where it is. */
function culprit(
  graph: MergedGraph,
  reader: Direction['reader'],
  differences: readonly Difference[],
  reverted: readonly Difference[],
  value: unknown,
): Difference | undefined {
  const checkWith = (more: readonly Difference[]): Check =>
    compileSchema(undone(graph, reader, [...reverted, ...more]), { dialect: '2020-12' });
  const errors = checkWith([])(value);
  const left = differences.filter((difference) => !reverted.includes(difference));
  const ranked = [...left].sort((a, b) => likelihood(b, errors) - likelihood(a, errors));
  let better: Difference | undefined;
  for (const difference of ranked) {
    const remaining = checkWith([difference])(value);
    if (remaining.length === 0) return difference;
    better ??= explains(difference, errors, remaining) ? difference : undefined;
    // What is unlikely is only tried as long as nothing is found.
    if (better && likelihood(difference, errors) === 0) return better;
  }
  return better;
}

/** How well the errors of a validator match a difference: same place, same keyword. */
function likelihood(difference: Difference, errors: readonly SchemaError[]): number {
  return Math.max(
    0,
    ...errors.map((error) => {
      const at = placeOf(error);
      if (!covers(difference.instance, at)) return 0;
      return (difference.keywords.includes(error.keyword) ? 2 : 1) + (at.length === difference.instance.length ? 2 : 0);
    }),
  );
}

/** Something that was refused at the place of the difference is refused no more. */
function explains(difference: Difference, errors: readonly SchemaError[], remaining: readonly SchemaError[]): boolean {
  const keys = new Set(remaining.map(keyOf));
  return errors.some((error) => covers(difference.instance, placeOf(error)) && !keys.has(keyOf(error)));
}

function keyOf(error: SchemaError): string {
  return `${error.instancePath} ${error.keyword} ${JSON.stringify(error.params)}`;
}

/** Steps to what an error is about: a property that is missing, or one too many, counts as its own place. */
function placeOf({ instancePath, params }: SchemaError): readonly string[] {
  const steps = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const named = params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty;
  return typeof named === 'string' ? [...steps, named] : steps;
}

/** Whether a place lies at or below the steps of a difference. */
function covers(instance: readonly string[], place: readonly string[]): boolean {
  return instance.length <= place.length && instance.every((step, index) => step === '*' || step === place[index]);
}
