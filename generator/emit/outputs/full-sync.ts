import type { SchemaRef } from '../../load/documents.js';
import { propertiesOf } from '../../model/payload.js';
import type { Entity, Model } from '../../model/types.js';
import { lookUp } from '../../schema/look-up.js';
import type { EmitInput, Emitter } from '../emitter.js';
import type { OperationFacts } from '../http/catalogue.js';
import { docComment, memberAccess, propertyKey, stringLiteral, typeName, variableName } from '../names.js';
import { type ServiceFacts, servicesToEmit } from '../service-facts.js';
import { copiesOf } from './consumers.js';
import { clientProperties } from './http-clients.js';

/** `<service>/full-sync.gen.ts`: one function per copy whose owner has a list operation that the service may call. */
export const fullSync: Emitter = {
  name: 'full-sync',
  summary: 'full syncs of copies through the list operations of their owners',
  *plan(input) {
    for (const facts of servicesToEmit(input.model)) {
      const syncs = syncsOf(input, facts);
      const [first] = syncs;
      if (first === undefined) continue;
      yield {
        base: 'output',
        path: `${facts.service.name}/full-sync.gen.ts`,
        ownership: 'owned',
        source: first.source,
        emitter: this.name,
        template: 'full-sync',
        view: {
          source: first.source,
          service: facts.service.name,
          pascal: facts.pascal,
          pages: pagesName(facts),
          entities: syncs.map((sync) => sync.entity).join(' | '),
          syncs,
        },
      };
    }
  },
};

/** Function of `full-sync.gen.ts` that says how lists are read; undefined when the service can read none. */
export function pagesFunction(input: EmitInput, facts: ServiceFacts): string | undefined {
  return syncsOf(input, facts).length === 0 ? undefined : pagesName(facts);
}

function pagesName(facts: ServiceFacts): string {
  return `${variableName(facts.pascal)}Pages`;
}

function syncsOf(input: EmitInput, facts: ServiceFacts) {
  const entities = [...new Set(copiesOf(facts).map((copy) => copy.entity))];
  return entities.flatMap((entity) => {
    const operation = listOperation(input, facts, entity);
    const page = operation && pageShape(input.model, operation);
    if (operation === undefined || page === undefined) return [];
    const { cursor, limit } = page;
    const request = [
      ...(cursor === undefined ? [] : [`...(after !== undefined && { ${propertyKey(cursor)}: after })`]),
      ...(limit === undefined ? [] : [propertyKey(limit) === 'limit' ? 'limit' : `${propertyKey(limit)}: limit`]),
    ];
    const client = clientProperties(input, facts.calls).get(entity.owner);
    if (client === undefined) return [];
    const call = `clients${memberAccess(client, false)}${memberAccess(operation.name, false)}`;
    return [
      {
        source: entity.fullSync?.at.file ?? entity.at.file,
        name: `fullSync${typeName(entity.name)}`,
        doc: docComment(
          `Brings every copy of ${entity.name} up to date from ${entity.owner}'s ${operation.operation.id}, page by page and through the same guard as events; publishes nothing.`,
          `Source: ${entity.fullSync?.at.file ?? ''}:${entity.fullSync?.at.line ?? 1}`,
        ),
        entity: stringLiteral(entity.name),
        property: propertyKey(entity.name),
        access: memberAccess(entity.name, false),
        parameters:
          request.length === 0
            ? ''
            : `{ ${[...(cursor === undefined ? [] : ['after']), ...(limit === undefined ? [] : ['limit'])].join(', ')} }`,
        nullable: facts.calls.some(
          (edge) =>
            edge.to === entity.owner &&
            edge.nullOn.length > 0 &&
            edge.operations.some(({ id }) => id === operation.operation.id),
        ),
        call: `${call}(${request.length === 0 ? '' : `{ ${request.join(', ')} }`})`,
        items: page.items === undefined ? 'page' : `page${memberAccess(page.items, false)}`,
        next: page.next === undefined ? '' : `page${memberAccess(page.next, false)}`,
      },
    ];
  });
}

/** The owner's list operation, when the service has a client for it. */
function listOperation({ model, http }: EmitInput, facts: ServiceFacts, entity: Entity): OperationFacts | undefined {
  const id = entity.fullSync?.operationId;
  const allowed = facts.calls.some(
    (edge) => edge.to === entity.owner && edge.operations.some((operation) => operation.id === id),
  );
  if (!allowed || !model.operations.has(`${entity.owner}.${id}`)) return undefined;
  return http.documents
    .filter((document) => document.document.service === entity.owner)
    .flatMap((document) => document.operations)
    .find((operation) => operation.operation.id === id);
}

interface PageShape {
  /** Query parameters of the client's method. */
  readonly cursor?: string;
  readonly limit?: string;
  /** Property that holds the items; undefined when the body is the list itself. */
  readonly items?: string;
  readonly next?: string;
}

/** How the operation pages, told from the usual names; undefined when its answer holds no list. */
function pageShape(model: Model, { operation, parameters }: OperationFacts): PageShape | undefined {
  const body = operation.definition.responses
    .find((response) => response.status.startsWith('2'))
    ?.bodies.find((each) => each.schema !== undefined);
  if (body?.schema === undefined) return undefined;
  const query = parameters.filter(({ parameter }) => parameter.in === 'query');
  const named = (pattern: RegExp): string | undefined =>
    query.find(({ parameter }) => pattern.test(parameter.name))?.as;
  const cursor = named(/cursor|after|token|continu|start/i);
  const limit = named(/limit|size|count|per_?page|max/i);
  const common = { ...(cursor !== undefined && { cursor }), ...(limit !== undefined && { limit }) };
  if (isList(model, body.schema)) return common;
  const properties = [...propertiesOf(model, body.schema).values()];
  const items = properties.find((property) => property.required && isList(model, property.ref));
  const next = properties.find((property) => /next|cursor|token/i.test(property.name));
  if (items === undefined) return undefined;
  return { ...common, items: items.name, ...(next !== undefined && { next: next.name }) };
}

function isList(model: Model, ref: SchemaRef): boolean {
  const schema = lookUp(model.documents, ref)?.value;
  return typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'array';
}
