import type { NodeId, SchemaGraph } from '../../schema/node.js';
import { type Sample, sampleOf } from './sample.js';

/** One of the ways in which a value may come. */
export interface Variant {
  readonly kind: 'required' | 'complete' | 'branch';
  /** For a description: empty, or words that begin with a comma. */
  readonly words: string;
  readonly sample: Sample;
}

/** Alternatives of one schema may multiply; beyond this the schema is proven by validation alone. */
const BRANCHES_MAX = 24;

/**
 * The samples that a schema is worth: with what must be there alone, with everything, and one per further branch of each alternative. Those that would be equal
 * are left out. Empty when no valid value was found.
 */
export function variantsOf(graph: SchemaGraph, id: NodeId, written: unknown): readonly Variant[] {
  const required = sampleOf(graph, id, { members: 'required', written });
  const complete = sampleOf(graph, id, { members: 'complete', written });
  const [first] = [required, complete].filter((sample) => sample !== undefined);
  if (first === undefined) return [];
  const found: Variant[] = [{ kind: 'required', words: '', sample: first }];
  const add = (kind: Variant['kind'], words: string, sample: Sample | undefined): void => {
    if (sample === undefined || found.some((known) => isSame(known.sample, sample))) return;
    found.push({ kind, words, sample });
  };
  add('complete', ', with everything optional', complete);
  const waiting = [...first.alternatives, ...(complete?.alternatives ?? [])];
  const seen = new Set<NodeId>();
  for (const [node, count] of waiting) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (let branch = 0; branch < count && found.length < BRANCHES_MAX; branch++) {
      const sample = sampleOf(graph, id, { members: 'complete', written, choices: new Map([[node, branch]]) });
      for (const inner of sample?.alternatives ?? []) if (!seen.has(inner[0])) waiting.push(inner);
      add('branch', `, as ${branchName(graph, node, branch)}`, sample);
    }
  }
  return distinctly(found);
}

/** Whether two samples ask for the same. */
export function isSame(a: Sample, b: Sample): boolean {
  return JSON.stringify([a.value, a.rules]) === JSON.stringify([b.value, b.rules]);
}

function branchName(graph: SchemaGraph, id: NodeId, branch: number): string {
  const node = graph.node(id);
  const solid = [...(node.anyOf ?? []), ...(node.oneOf ?? [])].filter((each) => graph.node(each).types?.[0] !== 'null');
  const target = solid[branch];
  const chosen = target === undefined ? undefined : graph.node(target);
  const name = chosen?.name ?? (chosen?.ref === undefined ? undefined : graph.node(chosen.ref).name) ?? chosen?.title;
  return name ?? `alternative ${branch + 1}${node.name === undefined ? '' : ` of ${node.name}`}`;
}

/** Descriptions tell interactions apart, so two branches of one name need more words. */
function distinctly(variants: readonly Variant[]): readonly Variant[] {
  const times = new Map<string, number>();
  return variants.map((variant) => {
    const count = (times.get(variant.words) ?? 0) + 1;
    times.set(variant.words, count);
    return count === 1 ? variant : { ...variant, words: `${variant.words} (${count})` };
  });
}
