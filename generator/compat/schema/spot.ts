import type { NodeId, SchemaNode } from '../../schema/node.js';
import type { Difference } from './difference.js';
import type { MergedGraph } from './merged-graph.js';

/** Two parts of the schemas that stand at the same place, and the way there. */
export interface Spot {
  readonly graph: MergedGraph;
  readonly pointer: string;
  readonly instance: readonly string[];
  readonly before: SchemaNode;
  readonly after: SchemaNode;
  /** Walks on into two parts below. */
  below(step: string, instance: readonly string[], before: NodeId, after: NodeId): void;
  found(
    difference: Omit<Difference, 'pointer' | 'instance' | 'before' | 'after'> & {
      readonly step?: string;
      readonly into?: readonly string[];
    },
  ): void;
}
