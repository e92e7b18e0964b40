import type { Model } from '../../model/types.js';
import type { SchemaSource } from '../../schema/contains.js';
import { contains } from '../../schema/contains.js';
import { resolverOf } from '../../schema/look-up.js';
import type { SchemaRef } from '../../schema/ref.js';
import type { SchemaChange } from '../change.js';
import type { Revisions } from '../rule.js';
import { type Ask, type Break, breaksOf } from './attribute.js';
import { differencesOf } from './compare.js';
import type { Difference } from './difference.js';
import { type MergedGraph, mergeGraphs } from './merged-graph.js';
import { type Side, sideOf } from './side.js';

/** A difference and what it does in each direction; without one, the schema as a whole. */
export interface Effect {
  readonly difference?: Difference;
  /** The new writer's value that the old reader refuses. */
  readonly forward?: Break;
  /** The old writer's value that the new reader refuses. */
  readonly backward?: Break;
}

/** What a change of a schema means, whoever writes and reads it. */
export interface Analysis {
  readonly before: Side;
  readonly after: Side;
  readonly graph: MergedGraph;
  readonly effects: readonly Effect[];
  /** Why it is not known whether these are all; by direction. */
  readonly forwardUnproven?: string;
  readonly backwardUnproven?: string;
}

/** Asked with what a writer declares and a reader tolerates: see `Content`. */
const askTolerant: Ask = (reader, writer) => contains(reader, writer, { content: 'tolerant' });

const memo = new WeakMap<Revisions, Map<string, Analysis>>();

/**
 * Compares the two schemas of a change in both directions. The same pair of schemas is analysed once for two revisions, however many operations and
 * rules ask for it.
 */
export function analyse(change: SchemaChange, revisions: Revisions, ask: Ask = askTolerant): Analysis {
  const known = memo.get(revisions) ?? new Map<string, Analysis>();
  memo.set(revisions, known);
  const key = `${placeText(revisions.before, change.before)}\n${placeText(revisions.after, change.after)}\n${change.use.part}`;
  const made = known.get(key) ?? analysisOf(change, revisions, ask);
  known.set(key, made);
  return made;
}

/** Many operations refer to one component, each from a place of its own. */
function placeText(model: Model, ref: SchemaRef): string {
  const resolver = resolverOf(model.documents);
  let found = resolver.at(ref);
  let place = ref;
  for (let hops = 0; found.ok && hops < 50; hops++) {
    place = found.ref;
    const value = found.value as { readonly $ref?: unknown } | null;
    if (typeof value !== 'object' || value === null || typeof value.$ref !== 'string' || Object.keys(value).length > 1)
      break;
    found = resolver.resolve(place, value.$ref);
  }
  return `${place.file}#${place.pointer}`;
}

function analysisOf(change: SchemaChange, revisions: Revisions, ask: Ask): Analysis {
  const before = sideOf(revisions.before, change, change.before);
  const after = sideOf(revisions.after, change, change.after);
  const graph = mergeGraphs(before, after);
  const why = after.unreadable ?? before.unreadable;
  if (why !== undefined) return { before, after, graph, effects: [], forwardUnproven: why, backwardUnproven: why };
  const differences = differencesOf(graph);
  const directed = (reader: 'before' | 'after', readerSource: SchemaSource, writerSource: SchemaSource) =>
    breaksOf(graph, differences, { reader, readerSource, writerSource }, ask);
  const forward = directed('before', before.source, after.source);
  const backward = directed('after', after.source, before.source);
  const of = (breaks: readonly Break[], difference: Difference | undefined): Break | undefined =>
    breaks.find((each) => each.difference === difference);
  const wholes = [forward, backward].some(({ breaks }) => breaks.some((each) => each.difference === undefined));
  const effects = [...differences, ...(wholes ? [undefined] : [])].map((difference): Effect => {
    const [ahead, back] = [of(forward.breaks, difference), of(backward.breaks, difference)];
    return { ...(difference && { difference }), ...(ahead && { forward: ahead }), ...(back && { backward: back }) };
  });
  return {
    before,
    after,
    graph,
    effects,
    ...(forward.unproven === undefined ? {} : { forwardUnproven: forward.unproven }),
    ...(backward.unproven === undefined ? {} : { backwardUnproven: backward.unproven }),
  };
}
