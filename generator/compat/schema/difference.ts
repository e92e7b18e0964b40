import type { SchemaBody } from '../../schema/edges.js';
import type { NodeId, SchemaNode } from '../../schema/node.js';

/** What kind of thing differs between two schemas, before anybody has said whom it hurts. */
export type DifferenceKind =
  | 'property-added'
  | 'property-removed'
  | 'property-renamed'
  | 'required-added'
  | 'required-removed'
  | 'type'
  | 'nullable-added'
  | 'nullable-removed'
  | 'enum-value-added'
  | 'enum-value-removed'
  | 'enum-closed'
  | 'enum-opened'
  | 'range'
  | 'length'
  | 'pattern'
  | 'format'
  | 'items'
  | 'additional-properties'
  | 'alternative-added'
  | 'alternative-removed'
  | 'default'
  | 'schema';

/** One place where two schemas differ, and how to undo it on the side that reads. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** JSON pointer in the schema as it is walked, references not counted: `/properties/status/enum`. */
  readonly pointer: string;
  /** Steps to the values concerned; `*` stands for every item or every further property. */
  readonly instance: readonly string[];
  /** Keywords of a validator that speak of it. */
  readonly keywords: readonly string[];
  /** The nodes that differ: where it stood and where it stands. */
  readonly before: NodeId;
  readonly after: NodeId;
  /** Old and new value as people read them: `one of "active", "left"`; absent where there was, or is, nothing. */
  readonly was?: string;
  readonly is?: string;
  /** The property, value or alternative that it is about. */
  readonly what?: string;
  /** The schema's author has said that readers must expect more values than are listed. */
  readonly expected?: boolean;
  /**
   * The body of the node on the reader's side as if only this had not been changed: what `writer` says of it, put into `reader`. Bodies refer to nodes of
   * the merged graph.
   */
  undo(reader: SchemaBody, writer: SchemaBody): Undone;
}

export type Undone =
  | { readonly body: SchemaBody }
  /** The body moves below alternatives; what is undone later still means the body. */
  | { readonly beside: NodeId; readonly kind: 'anyOf' };

/** An `undo` that takes some keywords from the writer and leaves the others. */
export function take(...keywords: readonly (keyof SchemaBody)[]): Difference['undo'] {
  return (reader, writer) => {
    const body: Record<string, unknown> = { ...reader };
    for (const keyword of keywords) {
      if (writer[keyword] === undefined) delete body[keyword];
      else body[keyword] = writer[keyword];
    }
    return { body: body as SchemaBody };
  };
}

/** The whole part as the writer has it. */
export function whole(before: NodeId, after: NodeId): Difference['undo'] {
  return (_reader, writer) => ({ body: { allOf: [(writer as Partial<SchemaNode>).id === after ? after : before] } });
}
