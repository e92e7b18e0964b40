import type { HttpBody, SchemaRef } from '../../load/documents.js';
import type { Operation } from '../../model/types.js';
import { edgesOf } from '../../schema/edges.js';
import type { Dialect, NodeId, SchemaGraph, SchemaNode, SchemaProblem } from '../../schema/node.js';
import { normalise, type SchemaRoot } from '../../schema/normalise.js';
import { distinct, typeName } from '../names.js';
import type { Declaration } from '../typescript/declaration.js';
import { declareModule } from '../typescript/declare.js';
import { createLowering } from '../typescript/lower.js';
import { type ContentKind, contentKind, hasSchemaType, mediaType } from './content.js';
import type { HttpModel, ProviderDocument } from './documents.js';
import { type NamedParameter, namedParameters } from './parameters.js';
import { type TypeText, typeText } from './type-text.js';
import { type Field, fieldsOf, type ValueType, valueType } from './value-type.js';

/** A provider's document with everything that code about it needs to know. */
export interface HttpCatalogue {
  readonly document: ProviderDocument;
  readonly graph: SchemaGraph;
  /** Type names of schemas. */
  readonly names: ReadonlyMap<NodeId, string>;
  /** Exported types, in the order of their names. */
  readonly declarations: readonly Declaration[];
  readonly operations: readonly OperationFacts[];
  readonly problems: readonly SchemaProblem[];
}

export interface OperationFacts {
  readonly operation: Operation;
  /** Method name, distinct within the provider. */
  readonly name: string;
  readonly parameters: readonly ParameterFacts[];
  /** Schema of `{ path, query, headers, cookies }`; absent without parameters. */
  readonly parametersId?: NodeId;
  readonly body?: { readonly required: boolean; readonly content: readonly ContentFacts[] };
  readonly replies: readonly ReplyFacts[];
}

export interface ParameterFacts extends NamedParameter {
  readonly type: TypeText;
  readonly value: ValueType;
  readonly json: boolean;
}

export interface ContentFacts {
  readonly mediaType: string;
  readonly kind: ContentKind;
  readonly type: TypeText;
  /** What a validator would check; absent where there is nothing to check. */
  readonly id?: NodeId;
  readonly fields?: ReadonlyMap<string, Field>;
}

export interface ReplyFacts {
  /** `200`, `2XX` or `default`. */
  readonly status: string;
  readonly content: readonly ContentFacts[];
  /** Headers that the contract promises. */
  readonly requiredHeaders: readonly string[];
}

/** Reads the schemas of one document into a graph of their own and names every type in it. */
export function catalogueHttp(model: HttpModel, document: ProviderDocument): HttpCatalogue {
  const dialect: Dialect = document.version.startsWith('3.0') ? 'openapi-3.0' : 'openapi-3.1';
  const slots = document.operations.flatMap(({ operation, name }) => slotsOf(operation, name));
  const components = model.schemas.filter((schema) => schema.document === document.path);
  const roots: SchemaRoot[] = [
    ...components.map(({ name, ref }) => ({ key: keyOf(ref), name, ref, dialect })),
    ...slots.map(({ name, ref }) => ({ key: keyOf(ref), name, ref, dialect })),
  ];
  const graph = normalise(model.documents, uniqueKeys(roots), { reading: 'contract' });
  const kept = new Set([
    ...components.map(({ ref }) => graph.roots.get(keyOf(ref))),
    ...[...graph.nodes.values()].flatMap((node) => edgesOf(node).map(({ to }) => to)),
  ]);
  const named = [...graph.nodes.values()].filter((node) => node.name !== undefined);
  const names = distinct(named, (node) => typeName(node.name ?? '').slice(0, 100));
  const nameById = new Map(named.map((node) => [node.id, names.get(node) ?? node.id]));
  const { declarations, inline } = declareAll(graph, named, nameById, (id) => !kept.has(id));
  const typeOf = (ref: SchemaRef | undefined): { readonly id?: NodeId; readonly type: TypeText } => {
    const id = ref === undefined ? undefined : graph.roots.get(keyOf(ref));
    if (id === undefined) return { type: () => 'unknown' };
    return { id, type: inline.get(id) ?? typeText({ kind: 'name', name: nameById.get(id) ?? 'never' }) };
  };
  const operations = document.operations.map(({ operation, name }) => operationFacts(operation, name, graph, typeOf));
  const extended = withParameterGroups(graph, operations);
  return { document, graph: extended, names: nameById, declarations, operations, problems: graph.problems };
}

interface Slot {
  readonly name: string;
  readonly ref: SchemaRef;
}

/** Every schema that an operation uses in place, with the name it gets when it needs one. */
function slotsOf(operation: Operation, name: string): readonly Slot[] {
  const { requestBody, responses } = operation.definition;
  const slots: Slot[] = [];
  const add = (label: string, ref: SchemaRef | undefined) => {
    if (ref === undefined) return;
    slots.push({ name: nameElsewhere(operation.document, ref) ?? `${typeName(name)}${typeName(label)}`, ref });
  };
  const addBodies = (label: string, bodies: readonly HttpBody[]) => {
    const typed = bodies.filter((body) => hasSchemaType(body.contentType));
    for (const body of typed)
      add(typed.length === 1 ? label : `${label} ${body.contentType.replace(/^.*\//, '')}`, body.schema);
  };
  for (const { parameter } of namedParameters(operation)) add(parameter.name, parameter.schema);
  addBodies('Body', requestBody?.bodies ?? []);
  for (const { status, bodies } of responses) addBodies(`Reply ${status}`, bodies);
  return slots;
}

/** A schema of another file is called as it is called there, or like the file when it is all of it. */
function nameElsewhere(document: string, { file, pointer }: SchemaRef): string | undefined {
  if (file === document) return undefined;
  const last = pointer === '' ? file.replace(/^.*[\\/]|\.[^.]*$/g, '') : pointer.slice(pointer.lastIndexOf('/') + 1);
  return /^[A-Za-z][\w-]*$/.test(last) && last !== 'schema' ? last : undefined;
}

function keyOf(ref: SchemaRef): string {
  return `${ref.file}#${ref.pointer}`;
}

function uniqueKeys(roots: readonly SchemaRoot[]): readonly SchemaRoot[] {
  return [...new Map([...roots].reverse().map((root) => [root.key, root])).values()].reverse();
}

/**
 * Declares every named schema. A schema that is used in one place and needs one line there is not worth a name: it comes back in `inline`. All
 * declarations share a module, so nested names keep clear of each other too.
 */
function declareAll(
  graph: SchemaGraph,
  named: readonly SchemaNode[],
  names: ReadonlyMap<NodeId, string>,
  mayInline: (id: NodeId) => boolean,
): { readonly declarations: readonly Declaration[]; readonly inline: ReadonlyMap<NodeId, TypeText> } {
  const lowering = createLowering(graph);
  const taken = new Map(names);
  const declarations: Declaration[] = [];
  const inline = new Map<NodeId, TypeText>();
  for (const { id } of named) {
    const declared = declareModule({ graph, lowering, names: taken }, id).declarations;
    const [main] = declared;
    if (declared.length === 1 && main?.kind === 'alias' && mayInline(id)) inline.set(id, typeText(main.type));
    else declarations.push(...declared);
    for (const { name } of declared.slice(1)) taken.set(`nested ${name}`, name);
  }
  declarations.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { declarations, inline };
}

function operationFacts(
  operation: Operation,
  name: string,
  graph: SchemaGraph,
  typeOf: (ref: SchemaRef | undefined) => { readonly id?: NodeId; readonly type: TypeText },
): OperationFacts {
  const { requestBody, responses } = operation.definition;
  const content = (body: HttpBody): ContentFacts => {
    const { id, type } = typeOf(body.schema);
    const kind = contentKind(body, graph, id);
    return {
      mediaType: mediaType(body.contentType) || 'application/octet-stream',
      kind,
      type: fixedTypes[kind] === undefined ? type : () => fixedTypes[kind] ?? 'unknown',
      ...(id !== undefined && (kind === 'json' || kind === 'form') && graph.node(id).boolean !== true ? { id } : {}),
      ...(id !== undefined && kind === 'form' ? { fields: fieldsOf(graph, id) } : {}),
    };
  };
  const parameters = namedParameters(operation).map((named): ParameterFacts => {
    const { id, type } = typeOf(named.parameter.schema);
    return {
      ...named,
      type: id === undefined ? () => 'string' : type,
      value: valueType(graph, id),
      json: /\/content\/[^/]+\/schema$/.test(named.parameter.schema?.pointer ?? ''),
    };
  });
  return {
    operation,
    name,
    parameters,
    ...(parameters.length === 0 ? {} : { parametersId: `parameters of ${name}` }),
    ...(requestBody === undefined || requestBody.bodies.length === 0
      ? {}
      : { body: { required: requestBody.required, content: requestBody.bodies.map(content) } }),
    replies: responses.map(({ status, bodies, headers }) => ({
      status: /^[1-5]xx$/i.test(status) ? status.toUpperCase() : status,
      // Some documents describe a body where HTTP has none (RFC 9110 section 15.3.5).
      content: bodiless.has(status) ? [] : bodies.map(content),
      requiredHeaders: headers.filter((header) => header.required).map((header) => header.name),
    })),
  };
}

const bodiless = new Set(['204', '205', '304']);

const fixedTypes: Readonly<Partial<Record<ContentKind, string>>> = {
  text: 'string',
  multipart: 'FormData',
  binary: 'Uint8Array',
};

/** Adds one schema per operation that describes all its parameters at once, by group and property. */
function withParameterGroups(graph: SchemaGraph, operations: readonly OperationFacts[]): SchemaGraph {
  const nodes = new Map(graph.nodes);
  for (const { operation, parameters, parametersId } of operations) {
    if (parametersId === undefined) continue;
    const origin: SchemaRef = { file: operation.document, pointer: '' };
    const object = (id: NodeId, properties: ReadonlyMap<string, NodeId>, required: readonly string[]) =>
      nodes.set(id, { id, origin, types: ['object'], properties, required });
    const groups = new Map<string, NodeId>();
    for (const [place, group] of Object.entries(groupNames)) {
      const members = parameters.filter(({ parameter }) => parameter.in === place);
      if (members.length === 0) continue;
      const id = `${parametersId} in ${place}`;
      groups.set(group, id);
      const schemas = members.flatMap(({ parameter, as }) => {
        const schema = parameter.schema === undefined ? undefined : graph.roots.get(keyOf(parameter.schema));
        return schema === undefined ? [] : [[as, schema] as const];
      });
      object(
        id,
        new Map(schemas),
        members.filter(({ parameter }) => parameter.required).map(({ as }) => as),
      );
    }
    object(parametersId, groups, [...groups.values()].length === 0 ? [] : [...groups.keys()]);
  }
  return {
    ...graph,
    nodes,
    node(id) {
      const node = nodes.get(id);
      if (node === undefined) throw new Error(`no schema node "${id}"`);
      return node;
    },
  };
}

export const groupNames = { path: 'path', query: 'query', header: 'headers', cookie: 'cookies' } as const;
