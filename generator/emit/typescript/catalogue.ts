import type { Finding } from '../../diagnostics/finding.js';
import type { Message, Model } from '../../model/types.js';
import { dialectOfFormat } from '../../schema/dialect.js';
import type { NodeId, SchemaGraph } from '../../schema/node.js';
import { normalise, type SchemaRoot } from '../../schema/normalise.js';
import type { SchemaRef } from '../../schema/ref.js';
import { distinct, typeName } from '../names.js';
import { problemFinding } from '../schema-problems.js';
import type { MessageTypes, TypeIndex } from '../types.js';

/** The parts of a model that types are made from. */
export type TypedModel = Pick<Model, 'messages' | 'documents' | 'files' | 'locate'>;

/** A module to be: the type and the validator of one named schema, or a second name for one. */
export interface TypeModule {
  readonly typeName: string;
  readonly id: NodeId;
  /** Set when the module only gives a message's name to a schema that has its own module. */
  readonly aliasOf?: string;
  /** Contract file as shown to people. */
  readonly source: string;
}

/** All messages of a system with the schemas they lead to, and the TypeScript name of each. */
export interface Catalogue {
  readonly graph: SchemaGraph;
  /** Type names of all named schemas. */
  readonly names: ReadonlyMap<NodeId, string>;
  /** Sorted by type name. */
  readonly modules: readonly TypeModule[];
  readonly types: TypeIndex;
  /** Where the types of a component schema are found, by its place; undefined for inline schemas and for those that no message leads to. */
  schema(ref: SchemaRef): MessageTypes | undefined;
  readonly findings: readonly Finding[];
}

/** Names under which generated modules import other things; a message of such a name gets a suffix. */
const OCCUPIED = new Set(['Validator', 'MessageDefinition']);

/** Stands for payloads that are no JSON Schema, such as Avro: any value. */
const OPAQUE = 'seamwright:any';

/** Reads the payloads of all messages into one graph and names everything in it. */
export function catalogueMessages(model: TypedModel): Catalogue {
  const findings: Finding[] = [];
  const roots: SchemaRoot[] = [];
  for (const message of model.messages.values()) {
    const root = rootOf(message, findings);
    if (root) roots.push(root);
  }
  const graph = normalise(new Map([...model.documents, [OPAQUE, true]]), roots, { reading: 'contract' });
  for (const problem of graph.problems) findings.push(problemFinding(problem, model));

  const named = [...graph.nodes.values()].filter((node) => node.name !== undefined);
  const aliases = roots.filter(({ key, name }) => {
    const id = graph.roots.get(key);
    return id !== undefined && graph.node(id).name !== name && !named.some((node) => node.name === name);
  });
  const given = distinct<string>([...named.map(({ id }) => id), ...aliases.map(({ key }) => `message ${key}`)], (key) =>
    usableName(graph.nodes.get(key)?.name ?? key.replace(/^message /, '')),
  );
  const names = new Map(named.map(({ id }) => [id, given.get(id) ?? id]));
  const shown = (file: string) => model.files.get(file) ?? model.messages.values().next().value?.at.file ?? '';
  const modules: TypeModule[] = named.map(({ id, origin }) => ({
    typeName: names.get(id) ?? id,
    id,
    source: shown(origin.file),
  }));
  for (const { key, ref } of aliases) {
    const id = graph.roots.get(key) ?? '';
    const own = given.get(`message ${key}`) ?? key;
    modules.push({ typeName: own, id, aliasOf: names.get(id) ?? id, source: shown(ref.file) });
  }
  modules.sort((a, b) => (a.typeName < b.typeName ? -1 : 1));

  const byMessage = new Map<string, MessageTypes>();
  for (const { key } of roots) {
    const name = given.get(`message ${key}`) ?? names.get(graph.roots.get(key) ?? '');
    if (name !== undefined) byMessage.set(key, typesOf(name));
  }
  const schema = (ref: SchemaRef): MessageTypes | undefined => {
    const name = names.get(graph.find(ref)?.id ?? '');
    return name === undefined ? undefined : typesOf(name);
  };
  return { graph, names, modules, types: { message: (name) => byMessage.get(name) }, schema, findings };
}

/** Where the types of a module are found. */
export function typesOf(typeName: string): MessageTypes {
  return {
    typeName,
    module: `messages/${typeName}.gen`,
    validator: `validate${typeName}`,
    validatorModule: `messages/${typeName}.validate.gen`,
  };
}

function rootOf(message: Message, findings: Finding[]): SchemaRoot | undefined {
  const { payload, schemaFormat } = message.definition;
  if (payload === undefined) return undefined;
  const dialect = schemaFormat === undefined ? 'asyncapi' : dialectOfFormat(schemaFormat);
  if (dialect !== undefined) return { key: message.name, name: message.name, ref: payload, dialect };
  findings.push({
    rule: 'message-format',
    severity: 'warning',
    message: `Message "${message.name}" is described in "${schemaFormat}", which is no JSON Schema; its type is unknown and every value is valid.`,
    at: message.at,
    subject: `message:${message.name}`,
    fix: 'describe the payload as JSON Schema.',
  });
  return { key: message.name, name: message.name, ref: { file: OPAQUE, pointer: '' }, dialect: 'asyncapi' };
}

/** File names carry it, so it is kept short. */
function usableName(name: string): string {
  const safe = typeName(name).slice(0, 100);
  return OCCUPIED.has(safe) ? `${safe}Type` : safe;
}
