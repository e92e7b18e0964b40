import { catalogueMessages } from '../../generator/emit/typescript/catalogue.js';
import type { Model } from '../../generator/model/types.js';
import { exampleOf as exampleOfSchema } from '../../generator/schema/example.js';
import type { SchemaGraph } from '../../generator/schema/node.js';

const graphs = new WeakMap<Model, SchemaGraph>();

/** A payload that keeps the contract of a message; same seed, same payload. */
export function exampleOf(model: Model, message: string, seed: number): unknown {
  const graph = graphs.get(model) ?? catalogueMessages(model).graph;
  graphs.set(model, graph);
  const example = exampleOfSchema(graph, graph.roots.get(message) ?? '', { seed });
  if (!example.ok) throw new Error(`${message}: ${example.reason}`);
  return example.value;
}
