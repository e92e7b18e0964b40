import { catalogueHttp, type OperationFacts, type ReplyFacts } from '../../generator/emit/http/catalogue.js';
import { type ProviderDocument, providerDocuments } from '../../generator/emit/http/documents.js';
import { tolerant } from '../../generator/emit/http/tolerant.js';
import type { HttpResponse, Workspace } from '../../generator/load/documents.js';
import type { Model } from '../../generator/model/types.js';
import type { NodeId, SchemaGraph } from '../../generator/schema/node.js';
import { normalise, type SchemaRoot } from '../../generator/schema/normalise.js';
import type { ContentDefinition, OperationDefinition, ValueType } from '../../runtime/http/operation.js';
import type { ValidationError, Validator } from '../../runtime/validation.js';
import { checkOf } from './checks.js';
import type { SecurityScheme } from './credentials.js';
import { type Role, rolesOf } from './roles.js';

/** One service as a stub plays it. */
export interface Provider {
  readonly service: string;
  /** Path of the contract's first server, without a trailing slash. */
  readonly basePath: string;
  readonly operations: readonly StubOperation[];
}

export interface StubOperation {
  /** Method name of the generated client. */
  readonly name: string;
  /** operationId of the contract. */
  readonly id: string;
  readonly definition: OperationDefinition;
  readonly graph: SchemaGraph;
  /** The same as a tolerant reader sees it: what a generated client refuses breaks this one. */
  readonly readerGraph: SchemaGraph;
  /** Schema of `{ path, query, headers, cookies }`. */
  readonly parametersId: NodeId | undefined;
  readonly bodyIds: readonly (NodeId | undefined)[];
  readonly replies: readonly StubReply[];
  readonly security: readonly SecurityScheme[];
  /** Name of the header that carries the idempotency key. */
  readonly idempotencyHeader: string | undefined;
  /** What it does with the things of its collection. */
  readonly role: Role | undefined;
  /** Schema of the path parameter that names one thing of the collection. */
  readonly itemId: NodeId | undefined;
  /** Parameters lie in groups in a request of the generated client. */
  readonly parameters: OperationFacts['parameters'];
}

export interface StubReply {
  /** `200`, `2XX` or `default`. */
  readonly status: string;
  readonly content: readonly StubContent[];
  readonly headers: readonly { readonly name: string; readonly id: NodeId | undefined }[];
  readonly headerGraph: SchemaGraph;
}

export interface StubContent {
  readonly definition: ContentDefinition;
  readonly id: NodeId | undefined;
  /** In the order of the contract; '' is the one without a name. */
  readonly examples: readonly { readonly name: string; readonly value: unknown }[];
}

/** Every provider of the contracts, external ones too. */
export function providersOf(model: Model, workspace: Pick<Workspace, 'openapi'>): readonly Provider[] {
  const documents = providerDocuments(model);
  const services = [...new Set(documents.map(({ service }) => service))];
  return services.map((service) => {
    const own = documents.filter((document) => document.service === service);
    return {
      service,
      basePath: basePathOf(own),
      operations: own.flatMap((document) => operationsOf(model, document, schemesOf(workspace, document))),
    };
  });
}

function operationsOf(
  model: Model,
  document: ProviderDocument,
  schemes: ReadonlyMap<string, SecurityScheme>,
): readonly StubOperation[] {
  const { graph, operations } = catalogueHttp(model, document);
  const readerGraph = tolerant(graph);
  const headers = headerSchemas(model, document);
  const roles = rolesOf(operations.map(({ operation }) => operation.definition));
  return operations.map((facts): StubOperation => {
    const { operation, name, parameters, parametersId, body } = facts;
    const { definition } = operation;
    const security = definition.security ?? [];
    return {
      name,
      id: operation.id,
      definition: definitionOf(facts, graph, security),
      graph,
      readerGraph,
      parametersId,
      bodyIds: body?.content.map(({ id }) => id) ?? [],
      replies: facts.replies.map((reply, index) => replyOf(facts, reply, index, headers)),
      security: security.map((scheme) => schemes.get(scheme) ?? { type: 'unknown' }),
      idempotencyHeader: operation.idempotencyHeader,
      role: roles.get(definition),
      itemId: itemIdOf(operations, facts, graph),
      parameters,
    };
  });
}

/** `POST /orders` says nothing about ids; `GET /orders/{orderId}` does. */
function itemIdOf(
  all: readonly OperationFacts[],
  { operation }: OperationFacts,
  graph: SchemaGraph,
): NodeId | undefined {
  const prefix = `${operation.definition.path}/`;
  const item = all.find(({ operation: { definition } }) =>
    /^\{[^{}]+\}$/.test(definition.path.startsWith(prefix) ? definition.path.slice(prefix.length) : ''),
  );
  const parameter = item?.operation.definition.path.slice(prefix.length + 1, -1);
  const schema = item?.parameters.find(({ parameter: each }) => each.in === 'path' && each.name === parameter)
    ?.parameter.schema;
  return schema === undefined ? undefined : graph.roots.get(keyOf(schema));
}

/** What the generated code says of an operation, with validators made in this process. */
function definitionOf(facts: OperationFacts, graph: SchemaGraph, security: readonly string[]): OperationDefinition {
  const { operation, parameters, parametersId, body, replies } = facts;
  const validator = (id: NodeId | undefined) => (id === undefined ? {} : { validate: validatorOf(graph, id) });
  return {
    name: facts.name,
    method: operation.definition.method.toUpperCase(),
    path: operation.definition.path,
    parameters: parameters.map(({ parameter, as, value, json }) => ({
      name: parameter.name,
      in: parameter.in,
      as,
      required: parameter.required,
      type: plain(value),
      ...(json ? { style: 'json' as const } : isStyle(parameter.style) ? { style: parameter.style } : {}),
      ...(parameter.explode === undefined ? {} : { explode: parameter.explode }),
    })),
    ...(parametersId === undefined ? {} : { validateParameters: validatorOf(graph, parametersId) }),
    ...(body === undefined
      ? {}
      : {
          body: {
            required: body.required,
            content: body.content.map((content) => ({ ...contentOf(content), ...validator(content.id) })),
          },
        }),
    replies: replies.map((reply) => ({ status: reply.status, content: reply.content.map(contentOf) })),
    security,
  };
}

const styles = ['simple', 'label', 'matrix', 'form', 'spaceDelimited', 'pipeDelimited', 'deepObject'] as const;

function isStyle(style: string | undefined): style is (typeof styles)[number] {
  return styles.some((known) => known === style);
}

function contentOf({ mediaType, kind, fields }: ReplyFacts['content'][number]): ContentDefinition {
  return { type: mediaType, kind, ...(fields === undefined ? {} : { fields: Object.fromEntries(fields) }) };
}

function plain(value: OperationFacts['parameters'][number]['value']): ValueType {
  return typeof value === 'object' && 'fields' in value ? { fields: Object.fromEntries(value.fields) } : value;
}

function validatorOf(graph: SchemaGraph, id: NodeId): Validator<unknown> {
  const validate = ((value: unknown) => {
    const errors = checkOf(graph, id)(value);
    validate.errors = errors.length === 0 ? null : (errors as readonly ValidationError[]);
    return errors.length === 0;
  }) as Validator<unknown>;
  return validate;
}

function replyOf(facts: OperationFacts, reply: ReplyFacts, index: number, headers: SchemaGraph): StubReply {
  const response = facts.operation.definition.responses[index];
  return {
    status: reply.status,
    content: reply.content.map((content, at): StubContent => {
      const body = response?.bodies[at];
      return {
        definition: contentOf(content),
        id: content.id,
        examples: (body?.examples ?? []).map((value, order) => ({ name: body?.exampleNames[order] ?? '', value })),
      };
    }),
    headers: (response?.headers ?? []).map(({ name, schema }) => ({
      name,
      id: schema === undefined ? undefined : headers.roots.get(keyOf(schema)),
    })),
    headerGraph: headers,
  };
}

/** Types of headers are nobody's elsewhere; here they are answered with. */
function headerSchemas(model: Model, { operations, version }: ProviderDocument): SchemaGraph {
  const dialect = version.startsWith('3.0') ? 'openapi-3.0' : 'openapi-3.1';
  const found: HttpResponse['headers'] = operations.flatMap(({ operation }) =>
    operation.definition.responses.flatMap(({ headers }) => headers),
  );
  const roots = found.flatMap(({ name, schema }): SchemaRoot[] =>
    schema === undefined ? [] : [{ key: keyOf(schema), name, ref: schema, dialect }],
  );
  return normalise(model.documents, [...new Map(roots.map((root) => [root.key, root])).values()]);
}

function keyOf(ref: { readonly file: string; readonly pointer: string }): string {
  return `${ref.file}#${ref.pointer}`;
}

function schemesOf(
  workspace: Pick<Workspace, 'openapi'>,
  { path }: ProviderDocument,
): ReadonlyMap<string, SecurityScheme> {
  const document = workspace.openapi.find(({ source }) => source.path === path);
  return new Map(
    Object.entries(document?.securitySchemes ?? {}).flatMap(([name, scheme]) =>
      typeof scheme === 'object' && scheme !== null && 'type' in scheme && typeof scheme.type === 'string'
        ? [[name, scheme as SecurityScheme] as const]
        : [],
    ),
  );
}

/** As the generated server reads it. */
function basePathOf(documents: readonly ProviderDocument[]): string {
  const [server] = documents.flatMap(({ servers }) => servers);
  if (server === undefined || !URL.canParse(server, 'http://localhost')) return '';
  return new URL(server, 'http://localhost').pathname.replace(/\/+$/, '');
}
