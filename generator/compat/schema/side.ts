import type { Message, Model } from '../../model/types.js';
import type { SchemaSource } from '../../schema/contains.js';
import { declaredDialect, dialectOfFormat } from '../../schema/dialect.js';
import { resolverOf } from '../../schema/look-up.js';
import type { Dialect, NodeId, SchemaGraph } from '../../schema/node.js';
import { normalise } from '../../schema/normalise.js';
import type { SchemaRef } from '../../schema/ref.js';
import type { SchemaChange } from '../change.js';
import { excerpt } from './excerpt.js';
import { selfContained } from './self-contained.js';

/** The schema of one revision, as written and in canonical form. */
export interface Side {
  readonly graph: SchemaGraph;
  readonly root: NodeId;
  /** What containment is asked about. */
  readonly source: SchemaSource;
  /** Why nothing can be proven of it: a language that is no JSON Schema, such as Avro, or a reference that leads nowhere. */
  readonly unreadable?: string;
}

const UNREADABLE: ReadonlySet<string> = new Set(['ref-unresolved', 'ref-cycle', 'not-a-schema', 'too-deep']);

/** Reads the schema of a change in one of the two revisions. */
export function sideOf(model: Model, change: SchemaChange, ref: SchemaRef): Side {
  const format = messageOf(model, change)?.definition.schemaFormat;
  const named = format === undefined ? declaredDialect(model.documents.get(ref.file)) : dialectOfFormat(format);
  const dialect: Dialect = named ?? '2020-12';
  const graph = normalise(model.documents, [{ key: 'root', name: 'Root', ref, dialect }], { reading: 'contract' });
  const root = graph.roots.get('root') ?? 'Root';
  const problem = graph.problems.find(({ code }) => UNREADABLE.has(code));
  const unreadable = format !== undefined && named === undefined ? `"${format}" is no JSON Schema` : problem?.message;
  const source = sourceOf(model, ref, dialect, graph, root);
  return { graph, root, source, ...(unreadable === undefined ? {} : { unreadable }) };
}

/**
 * The schema as written; where the author left out a `type` that the generated validators imply, as they read it. A message that only such a validator
 * would refuse is refused in production, too.
 */
function sourceOf(model: Model, ref: SchemaRef, dialect: Dialect, graph: SchemaGraph, root: NodeId): SchemaSource {
  if (graph.problems.some((problem) => problem.code === 'type-implied'))
    return { schema: selfContained(graph, root), dialect: '2020-12' };
  const found = resolverOf(model.documents).at(ref);
  const documents = excerpt(model.documents, ref);
  return { schema: found.ok ? found.value : true, dialect, place: { documents, ref } };
}

function messageOf(model: Model, change: SchemaChange): Message | undefined {
  if (change.use.part !== 'payload' && change.use.part !== 'headers') return undefined;
  const name = /^message:(\S+)/.exec(change.subject)?.[1];
  return name === undefined ? undefined : model.messages.get(name);
}
